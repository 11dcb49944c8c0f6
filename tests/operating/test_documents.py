"""What the documents name exists: targets, links, parameters, commands, alarms."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse

from protege.commands.inventory import ACTIONS
from protege.ui.manifest import manifest
from tools import costs, docs
from tools.artefacts import ROOT

DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "voice_worker/README.md",
    ROOT / "events/README.md",
]
OPERATING = ROOT / "docs/operating.md"
DOCKERFILE = ROOT / "voice_worker/Dockerfile"
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
MAKES = {"DATA_DIR", *re.findall(r"\$\((?:if \$\()?([A-Z]{2,})\)", (ROOT / "Makefile").read_text())}
NEITHER = {"POST", "GET", "DEBUG", "TABLE", "ID"}
TEMPLATE = yaml_parse((ROOT / "template.yaml").read_text())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code(text: str) -> Iterator[str]:
    """What is set as code: single lines in backticks, and blocks."""
    yield from re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def anchors(path: Path) -> set[str]:
    """As GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", head.lower())) for head in heads)
    return {head.strip().replace(" ", "-") for head in plain}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_make_target_that_a_document_names_exists(path: Path) -> None:
    said = {
        t for text in code(path.read_text()) for t in re.findall(r"\bmake ([a-z][a-z-]*)", text)
    }
    assert said - TARGETS == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text())
    for link in links:
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_target_is_explained_by_make() -> None:
    helped = set(re.findall(r"^([a-z-]+):.*## \S", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert TARGETS - helped == {"setup-run", "setup-test"}


def test_every_parameter_and_output_that_is_named_exists() -> None:
    known = {*TEMPLATE["Parameters"], *TEMPLATE["Outputs"], *TEMPLATE["Resources"]}
    words = {w for text in code(OPERATING.read_text()) for w in re.findall(r"\b[A-Z]\w+", text)}
    camel = {word for word in words if re.fullmatch(r"[A-Z]+[a-z]\w*[A-Z]\w*", word)}
    assert camel - known == set()
    assert "MetricsBy" in camel


def test_every_setting_that_is_named_exists() -> None:
    built_with = set(re.findall(r"^ARG (\w+)", DOCKERFILE.read_text(), re.MULTILINE))
    known = {name for name, _, _ in docs.settings()} | MAKES | NEITHER | built_with
    words = {w for text in code(OPERATING.read_text()) for w in re.findall(r"\b[A-Z_]{2,}\b", text)}
    assert words - known == set()
    assert {"STACK", "ANSWER_DAYS"} <= words


def test_every_command_that_is_named_exists() -> None:
    known = {command["name"] for command in manifest(ACTIONS)}
    said = set(re.findall(r"`/([a-z_]+)(?: [a-z]+)?`", OPERATING.read_text()))
    assert said - known == set()
    assert {"status", "privacy"} <= said


def test_every_alarm_is_told_of_with_what_to_do() -> None:
    made = {
        name.removesuffix("Alarm")
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    section = OPERATING.read_text().split("## Alarms")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Za-z, ]+) \|[^|]+\| [^|]+ \|$", section, re.MULTILINE)
    told = {name for row in rows[1:] for name in row.split(", ")}
    assert told == made


def test_the_costs_are_those_of_the_template() -> None:
    text = OPERATING.read_text()
    tables, said = "\n".join(costs.tables(TEMPLATE)), docs.README.read_text()
    assert docs.between(text, "costs", tables) == text, "run `make costs ARGS=--write`"
    assert docs.between(said, "cost", costs.summary(TEMPLATE)) == said


def test_costs_grow_with_use_and_idle_is_almost_nothing() -> None:
    idle, some, many = (costs.usage(count, TEMPLATE) for count in (0, 1000, 100_000))
    assert costs.dollars(idle, free=True) < 0.5 < costs.dollars(many, free=True)
    assert costs.dollars(idle) < costs.dollars(some) < costs.dollars(many)
    ways = [costs.metrics(100_000, by, 100) for by in ("stack", "command", "guild")]
    assert ways == sorted(ways)
    assert costs.usage(0, TEMPLATE)["sqs"] == 657_000
    assert costs.traces(10**7) == pytest.approx(2_628_000 + 0.05 * (10**7 - 2_628_000))
