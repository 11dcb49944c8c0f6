"""What can be said of the image by reading: ours is as it must be, and others would not be."""

import re
import subprocess
from pathlib import Path

import pytest

from tools.artefacts import ROOT
from tools.container.image import DOCKERFILE
from tools.container.paper import faults, last_stage, services_kept, services_used, steps

OURS = DOCKERFILE.read_text()
REMOVED = re.compile(r"rm -r(?:f)? (speech_recognition/[^&\\\\]*)")


def test_our_dockerfile_has_no_faults() -> None:
    assert list(faults(OURS)) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "fault"),
    [
        ("USER 10001:10001", "USER root", "it runs as root"),
        ("USER 10001:10001", "USER 0:0", "it runs as root"),
        ("HEALTHCHECK --interval=15s", "LABEL x=", "it has no HEALTHCHECK"),
        ("--require-hashes", "", "pip takes what it is given: --require-hashes"),
        ("--no-install-recommends ca-certificates", "gcc", "build tools in the image"),
        ("--no-compile", "", "pip compiles with the time of a file"),
        ("--invalidation-mode unchecked-hash", "", "compiled files hold the time"),
        ("SOURCE_DATE_EPOCH=0 useradd", "useradd", "useradd notes today"),
        (" /var/log/*", "", "/var/log/* stays"),
        (" /var/cache/ldconfig/*", "", "/var/cache/ldconfig/* stays"),
        ("LABEL org.opencontainers", "LABEL x.org", "it does not tell its base"),
        ("COPY voice_worker /opt", "COPY voice /opt", "COPY voice does not exist"),
        ("COPY voice_worker /opt", "ADD voice_worker /opt", "ADD fetches and unpacks"),
    ],
)
def test_a_fault_is_noticed(ours: str, theirs: str, fault: str) -> None:
    assert ours in OURS
    assert any(found.startswith(fault) for found in faults(OURS.replace(ours, theirs)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["deb here trixie main"]),
        ({"ARCHIVE": "http://old"}, ["deb [check-valid-until=no] http://old trixie main"]),
        (
            {"ARCHIVE": "http://old", "SECURITY": "http://safe"},
            [
                "deb [check-valid-until=no] http://old trixie main",
                "deb [check-valid-until=no] http://safe trixie-security main",
            ],
        ),
    ],
)
def test_packages_come_from_the_archive_of_some_day(
    given: dict[str, str], kept: list[str], tmp_path: Path
) -> None:
    [script] = [step.rest for step in steps(OURS) if "$ARCHIVE" in step.rest]
    for name in ("apt/sources.list.d/x.sources", "apt/sources.list", "os-release"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "apt/sources.list.d/x.sources").touch()
    (tmp_path / "apt/sources.list").write_text("deb here trixie main\n")
    (tmp_path / "os-release").write_text("VERSION_CODENAME=trixie\n")
    here = script.replace("/etc/", f"{tmp_path}/")
    subprocess.run(
        ["/bin/sh", "-euc", here], env={"ARCHIVE": "", "SECURITY": ""} | given, check=True
    )
    assert (tmp_path / "apt/sources.list").read_text().splitlines() == kept
    assert (tmp_path / "apt/sources.list.d/x.sources").exists() == (not given)


def test_lines_that_go_on_are_one_step() -> None:
    found = steps("FROM a AS b\n# note\nRUN one \\\n  # aside\n  && two\n\nFROM c\nuser me\n")
    assert [step.word for step in found] == ["FROM", "RUN", "FROM", "USER"]
    assert found[1].rest.split() == ["one", "&&", "two"]
    assert [step.rest for step in last_stage(found)] == ["c", "me"]


def test_the_image_keeps_every_service_of_aws_that_we_use() -> None:
    used = services_used()
    assert {"s3", "sqs", "dynamodb", "ssm"} <= used
    assert used <= services_kept(OURS)


def test_a_service_that_is_used_but_not_kept_is_noticed(tmp_path: Path) -> None:
    package = tmp_path / "layers/core/protege"
    package.mkdir(parents=True)
    (package / "mail.py").write_text('sender = client(\n    "ses", 3\n)\n')
    assert services_used(tmp_path) - services_kept(OURS) == {"ses"}


def test_what_the_image_removes_is_there_to_be_removed() -> None:
    """Else a new version keeps it elsewhere, and the build fails; better told here."""
    import speech_recognition

    folder = Path(speech_recognition.__file__).parent.parent
    [removed] = REMOVED.findall(OURS)
    assert [name for name in removed.split() if not (folder / name).exists()] == []


def test_the_image_holds_nothing_that_it_never_loads() -> None:
    there = (ROOT / "voice_worker/requirements.txt").read_text()
    assert not re.search("^(imageio-ffmpeg|pillow|gepa|setuptools)==", there, re.MULTILINE)
