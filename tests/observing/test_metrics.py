"""Numbers: as CloudWatch wants them, and as Prometheus does."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError
from prometheus_client.parser import text_string_to_metric_families

from protege import metrics
from protege.ingress import respond
from protege.journal import about, open_journal
from protege.metrics import UNITS
from protege.metrics.emf import Emf
from protege.metrics.totals import Totals, merged, text
from tests.observing.conftest import Lines
from tests.observing.emf import check
from tests.person import KEY, Person, configured
from tests.recorder import Recorder

STACK, COMMAND, GUILD = ["Stack"], ["Stack", "Command"], ["Stack", "Guild"]


@pytest.fixture
def emf(lines: Lines) -> Emf:
    found = Emf(lines, "protege", "command", lambda: 1_800_000_000.5)
    metrics.send_to(found)
    return found


def counted(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines.all() if "_aws" in line]


@pytest.mark.usefixtures("emf")
def test_what_is_counted_becomes_one_line_for_each_command_and_guild(lines: Lines) -> None:
    metrics.count("Interactions", command="ask", guild="77")
    metrics.count("AnswerMs", 120.5, command="ask", guild="77")
    metrics.count("AnswerMs", 80, command="ask", guild="77")
    metrics.count("Interactions", 2, command="ask", guild="77")
    metrics.count("Errors", command="hi", guild="77")
    assert counted(lines) == []
    metrics.flush()
    metrics.flush()
    ask, hi = counted(lines)
    assert check(ask) == {"Interactions": [STACK, COMMAND], "AnswerMs": [STACK, COMMAND]}
    assert (ask["Interactions"], ask["AnswerMs"]) == (3, [120.5, 80])
    assert (ask["Stack"], ask["Command"], ask["guild"]) == ("protege", "ask", "77")
    assert ask["_aws"]["Timestamp"] == 1_800_000_000_500
    assert check(hi) == {"Errors": [STACK, COMMAND]}


@pytest.mark.usefixtures("emf")
def test_what_no_alarm_needs_by_command_is_not_paid_for_by_command(lines: Lines) -> None:
    with about(command="ask", guild="77"):
        metrics.count("TokensIn", 12)
        metrics.count("Errors")
    metrics.flush()
    [line] = counted(lines)
    assert check(line) == {"TokensIn": [STACK], "Errors": [STACK, COMMAND]}
    assert (line["command"], line["guild"]) == ("ask", "77"), "Logs Insights can tell all the same"


@pytest.mark.parametrize(
    ("by", "dimensions"),
    [("stack", [STACK]), ("command", [STACK, COMMAND]), ("guild", [STACK, GUILD, COMMAND])],
)
def test_a_setting_says_how_far_numbers_are_kept_apart(
    lines: Lines, by: str, dimensions: list[list[str]]
) -> None:
    metrics.send_to(Emf(lines, "mine", by))
    metrics.count("Errors", command="ask", guild="77")
    metrics.flush()
    [line] = counted(lines)
    assert check(line) == {"Errors": dimensions}


@pytest.mark.usefixtures("emf")
def test_a_line_that_tells_can_count_as_well(lines: Lines) -> None:
    fields = {"interaction": "1", "command": "hi", "guild": "77", "ms": 1.5}
    metrics.note_all("acknowledged", {"AckMs": 1.5, "Interactions": 1}, fields)
    [line] = lines.all()
    assert check(line) == {"AckMs": [STACK, COMMAND], "Interactions": [STACK, COMMAND]}
    assert line["event"] == "acknowledged" and line["interaction"] == "1"


def test_where_such_lines_are_not_kept_it_counts_all_the_same(lines: Lines) -> None:
    open_journal(lines, "ERROR")
    metrics.send_to(Emf(lines, "protege", "command"))
    metrics.note_all("acknowledged", {"AckMs": 1.5}, {"interaction": "1", "command": "hi"})
    [line] = lines.all()
    assert check(line) and line["event"] == "counted" and "interaction" not in line


@pytest.mark.usefixtures("emf")
def test_more_values_than_a_line_may_have_go_into_several(lines: Lines) -> None:
    for ms in range(250):
        metrics.count("AckMs", ms, command="hi")
    metrics.flush()
    found = counted(lines)
    assert all(check(line) for line in found)
    assert sorted(ms for line in found for ms in line["AckMs"]) == list(range(250))


def test_numbers_of_many_threads_are_all_there(lines: Lines) -> None:
    metrics.send_to(Emf(lines, "protege", "command"))

    def add() -> None:
        for _ in range(300):
            metrics.count("AckMs", 1)
            metrics.count("Errors")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    metrics.flush()
    found = counted(lines)
    assert sum(line.get("Errors", 0) for line in found) == 1200
    assert sum(len(line["AckMs"]) for line in found if isinstance(line["AckMs"], list)) == 1200


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    values=st.dictionaries(st.sampled_from(sorted(UNITS)), st.floats(0, 1e9), min_size=1),
    command=names,
    guild=names,
    by=st.sampled_from(["stack", "command", "guild"]),
)
def test_every_line_keeps_to_the_specification(
    values: dict[str, float], command: str, guild: str, by: str
) -> None:
    stream = Lines()
    emf = Emf(stream, "protege", by)
    emf.add(values, command, guild)
    emf.flush()
    emf.note("acknowledged", values, {"command": command, "guild": guild})
    one, two = stream.all()
    assert check(one).keys() == check(two).keys() == values.keys()
    assert {name: one[name] for name in values} == values


def test_the_schema_bites() -> None:
    with pytest.raises(ValidationError):
        check({"_aws": {"Timestamp": 1.5, "CloudWatchMetrics": []}})
    with pytest.raises(KeyError):
        directive = {"Namespace": "x", "Dimensions": [["Stack"]], "Metrics": [{"Name": "A"}]}
        check({"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, "A": 1})


def test_an_unknown_metric_is_an_error() -> None:
    with pytest.raises(KeyError, match="Interactoins"):
        metrics.count("Interactoins")


# ---- what the bot counts -------------------------------------------------------------------------


def sums(lines: Lines) -> dict[str, float]:
    metrics.flush()
    found: dict[str, float] = {}
    for line in counted(lines):
        for name in check(line):
            found[name] = found.get(name, 0) + (1 if name.endswith("Ms") else line[name])
    return found


@pytest.mark.usefixtures("emf")
def test_a_question_is_counted_from_ack_to_answer(ada: Person, lines: Lines) -> None:
    ada.slash("feedback", feedback_text="nice")
    assert sums(lines) == {"AckMs": 1, "Interactions": 1, "AnswerMs": 1}
    assert {line["Command"] for line in counted(lines)} == {"feedback"}


@pytest.mark.usefixtures("emf")
def test_suggestions_count_as_answers_in_time_not_as_uses(ada: Person, lines: Lines) -> None:
    ada.suggestions("dataset show", "name", "a")
    assert sums(lines) == {"AckMs": 1}


@pytest.mark.usefixtures("emf")
def test_names_that_are_none_of_ours_are_one_metric(ada: Person, lines: Lines) -> None:
    for name in ("gone", "removed"):
        ada.hand_in(ada.command(name))
    assert {line["Command"] for line in counted(lines)} == {"unknown"}


@pytest.mark.usefixtures("emf")
def test_errors_are_counted_by_command(ada: Person, lines: Lines) -> None:
    ada.app.__dict__["answers"] = object()
    ada.slash("feedback", feedback_text="nice")
    assert sums(lines)["Errors"] == 1
    assert [line["Command"] for line in counted(lines) if "Errors" in line] == ["feedback"]


@pytest.mark.usefixtures("emf")
def test_what_a_guild_spent_is_counted_once(
    lines: Lines, discord: Recorder, tmp_path: Path
) -> None:
    from protege.providers import Usage

    prices = '{"m": {"in": 1000000, "out": 0}}'
    app = configured(discord, str(tmp_path), MODEL_PRICES=prices)
    app.spending.note("77", "chat", "m", Usage(2, 3))
    for _ in range(2):
        app.spending.note("77", "training", "unpriced", Usage(5, 0), once="job-1")
    assert sums(lines) == {"TokensIn": 7, "TokensOut": 3, "Dollars": 2}
    assert {line["guild"] for line in counted(lines)} == {"77"}


# ---- one machine ---------------------------------------------------------------------------------


def samples(shown: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(shown)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_prometheus_reads_the_sums() -> None:
    totals = Totals("command")
    for ms in (4, 90, 2000):
        totals.add({"AckMs": ms, "Interactions": 1}, "ask", "77")
    totals.add({"TokensIn": 12, "Dollars": 0.25}, "ask", "77")
    found = samples(text(totals.sums()))
    ask = (("command", "ask"),)
    assert found["protege_interactions_total", ask] == 3
    assert found["protege_ack_seconds_count", ask] == 3
    assert found["protege_ack_seconds_sum", ask] == pytest.approx(2.094)
    assert found["protege_ack_seconds_bucket", (*ask, ("le", "0.1"))] == 2
    assert found["protege_ack_seconds_bucket", (*ask, ("le", "+Inf"))] == 3
    assert found["protege_tokens_in_total", ()] == 12 and found["protege_dollars_total", ()] == 0.25


def test_sums_of_several_processes_add_up() -> None:
    one, two = Totals("guild"), Totals("guild")
    one.add({"Interactions": 1}, "hi", "77")
    two.add({"Interactions": 2, "AnswerMs": 30}, "hi", "77")
    both = merged(one.sums(), json.loads(json.dumps(two.sums())))
    labels = (("command", "hi"), ("guild", "77"))
    assert samples(text(both))["protege_interactions_total", labels] == 3
    assert samples(text(both))["protege_answer_seconds_count", labels] == 1


def test_odd_names_do_not_break_the_text() -> None:
    totals = Totals("guild")
    totals.add({"Errors": 1}, 'a"\\\nb', "7|8")
    [(_, labels)] = samples(text(totals.sums()))
    assert dict(labels) == {"command": 'a"\\\nb', "guild": "7|8"}


@pytest.mark.usefixtures("emf")
@pytest.mark.parametrize(("ago", "ms"), [(2.5, 2500), (-5, 0), (4000, 0)])
def test_what_api_gateway_waited_for_us_counts_unless_its_clock_is_wrong(
    ada: Person, lines: Lines, ago: float, ms: float
) -> None:
    now = 1_800_000_000.0
    ada.app.now = lambda: now
    body = json.dumps(ada.command("hi")).encode()
    stamp = str(int(now))
    signature = KEY.sign(stamp.encode() + body).signature.hex()
    assert respond(ada.app, body, signature, stamp, since=now - ago).status == 200
    [line] = lines.all("acknowledged")
    assert line["AckMs"] == line["ms"] == ms
