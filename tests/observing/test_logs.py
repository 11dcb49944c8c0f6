"""`make logs`: what happened, and what became of one interaction."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from protege.discord.snowflake import EPOCH_MS
from protege.storage.aws import client
from tools.cloud import Cloud
from tools.emulator import REGION
from tools.logs import Logs, follow, groups, main, seconds
from tools.logs_lines import Wanted, read, shown, wanted

pytestmark = pytest.mark.real
LOGS, REQUEST_LOGS = "protege-Logs-1A2B", "/aws/vendedlogs/protege/requests"
XMLNS = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
MEMBER = """<member><ResourceType>{}</ResourceType><PhysicalResourceId>{}</PhysicalResourceId>
<LogicalResourceId>x</LogicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>"""
LISTED = f"""<ListStackResourcesResponse xmlns="{XMLNS}"><ListStackResourcesResult>
<StackResourceSummaries>{MEMBER.format("AWS::Logs::LogGroup", LOGS)}
{MEMBER.format("AWS::SQS::Queue", "queue")}{MEMBER.format("AWS::Logs::LogGroup", REQUEST_LOGS)}
</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>"""
NO_STACK = f"""<ErrorResponse xmlns="{XMLNS}"><Error><Code>ValidationError</Code>
<Message>Stack with id nowhere does not exist</Message></Error></ErrorResponse>"""
NOW = time.time() // 60 * 60
"""Full minutes: lines of one second are never of two days."""
ID = str(((int(NOW * 1000) - EPOCH_MS - 5000) << 22) + 1)
OTHER = str(int(ID) + 1)
SECRET = "\x1b[31mthe vault opens at dusk"


def line(event: str, **fields: Any) -> dict[str, Any]:
    return {"level": "INFO", "event": event, **fields}


ABOUT = {"interaction": ID, "guild": "77", "command": "ask"}
FUNCTIONS = [
    line("acknowledged", part="ingress", request="r1", ms=12.5, cold=True, **ABOUT),
    line("acknowledged", part="ingress", request="r2", interaction=OTHER, guild="88"),
    line("counted", part="ingress", request="r1", guild="77", Stack="protege", AckMs=1, _aws={}),
    line("begun", part="worker", request="w1", **ABOUT),
    {"type": "platform.report", "record": {"requestId": "w1", "status": "timeout"}},
    line("begun", part="worker", request="w2", **ABOUT),
    line("work", part="worker", request="w2", error="KeyError", where=["a", "b"], **ABOUT)
    | {"level": "ERROR"},
    line("dead letter", part="worker", request="w2", reason="failed", **ABOUT),
    line("answered", part="worker", request="w3", interaction=OTHER, guild="88"),
]
REQUESTS = [
    {"event": "request", "request": "g1", "function": "r1", "status": "200", "ms": "14"},
    {"event": "request", "request": "g2", "function": "r2", "status": "200", "ms": "9"},
]


class Stacks(BaseHTTPRequestHandler):
    """CloudFormation, as far as it is asked; moto's takes seconds to load."""

    def do_POST(self) -> None:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html"""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        known = "StackName=protege" in asked and "Action=ListStackResources" in asked
        body = (LISTED if known else NO_STACK).encode()
        self.send_response(200 if known else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def stacks() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stacks)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    it = Cloud(f"http://{host}:{port}", {})
    for name, lines in ((LOGS, FUNCTIONS), (REQUEST_LOGS, REQUESTS)):
        it.client("logs").create_log_group(logGroupName=name)
        it.client("logs").create_log_stream(logGroupName=name, logStreamName="s")
        write(it, name, lines)
    yield it
    for name in (LOGS, REQUEST_LOGS):
        it.client("logs").delete_log_group(logGroupName=name)
    server.stop()


def write(aws: Cloud, group: str, lines: list[dict[str, Any]], at: float = NOW - 4) -> None:
    events = [
        {"timestamp": int(at * 1000) + 100 * number, "message": json.dumps(line)}
        for number, line in enumerate(lines)
    ]
    aws.client("logs").put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


@pytest.fixture(autouse=True)
def _there(aws: Cloud, stacks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": aws.url}
    given |= {"AWS_ENDPOINT_URL_CLOUDFORMATION": stacks, "AWS_DEFAULT_REGION": REGION}
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["--no-follow", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_story_of_an_interaction_has_its_ack_each_try_and_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = told(capsys, "--interaction", ID)
    order = ["acknowledged", "request", "begun", "platform.report", "begun", "work", "dead letter"]
    assert [event for row, event in zip(found, order, strict=True) if event not in row] == []
    assert "ask" in found[0] and "12.5 ms  cold" in found[0] and ID in found[0]
    assert "status=timeout" in found[3] and "ERROR" in found[3]
    assert "error=KeyError" in found[5] and "where=b" in found[5]
    assert "reason=failed" in found[6]
    assert not [row for row in found if OTHER in row or "r2" in row]


def test_lines_of_all_groups_come_in_order_and_numbers_stay_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = told(capsys, "--since", "1d")
    assert len(found) == len(FUNCTIONS) + len(REQUESTS) - 1
    times = [row[:12] for row in found]
    assert times == sorted(times)
    assert len(told(capsys, "--since", "1d", "--numbers")) == len(found) + 1


def test_one_guild_and_errors_alone_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row for row in told(capsys, "--since", "1d", "--guild", "88") if OTHER not in row] == []
    assert len(told(capsys, "--since", "1d", "--guild", "88")) == 2
    assert len(told(capsys, "--since", "1d", "--errors")) == 2


def test_a_stack_that_is_not_there_is_said_in_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--no-follow", "--stack", "nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_what_comes_later_is_shown_once(aws: Cloud) -> None:
    """Between two looks something comes; the second tells only that."""

    class Looks(threading.Event):
        """Over after the second look; before it, a line comes."""

        waits = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.waits += 1
            if self.waits == 1:
                write(aws, LOGS, [line("late", request="r9")], time.time())
            return self.waits > 1

    logs = Logs(aws.client("logs"), groups(client("cloudformation"), "protege"))
    assert logs.groups == (LOGS, REQUEST_LOGS)
    events = [found.fields.get("event") for found in follow(logs, NOW - 60, Looks())]
    assert len(events) == len(FUNCTIONS) + len(REQUESTS) + 1
    assert events[-1] == "late"


def test_it_tells_when_there_is_more_than_it_shows(
    aws: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(Logs(aws.client("logs"), (LOGS,), 2).find(NOW - 60)) == 2
    assert f"{LOGS}: 2 lines; the later ones are left out" in capsys.readouterr().err


def test_lines_of_make_serve_are_read_from_a_pipe() -> None:
    text = "\n".join(json.dumps(line) for line in FUNCTIONS) + "\nno JSON\n"
    command = [sys.executable, "-m", "tools.logs", "-", "--interaction", ID]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    assert [ID in row for row in done.stdout.splitlines()] == [True] * 5
    everything = subprocess.run(command[:-2], input=text, capture_output=True, text=True)
    assert everything.stdout.splitlines()[-1].endswith("no JSON")


def test_a_line_cannot_steer_the_terminal() -> None:
    fields = {"event": SECRET, "command": SECRET, "content_asked": SECRET, "guild": SECRET}
    for text in (json.dumps(fields), SECRET):
        row = shown(read(text), colours=False)
        assert "\x1b" not in row and "the vault opens" in row
    coloured = shown(read(json.dumps({"level": "ERROR", "event": "work"})), colours=True)
    assert coloured.count("\x1b") == 4


@pytest.mark.parametrize(
    ("text", "found"), [("90s", 90.0), ("15m", 900.0), ("2h", 7200.0), ("7d", 604800.0)]
)
def test_times_are_given_with_a_unit(text: str, found: float) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "1", "h", "1y", "-1h", "1 h"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        seconds(text)


def test_a_job_is_found_by_its_id() -> None:
    job = read('{"event":"job over","job":"a1b2"}')
    assert wanted(job, Wanted(interaction="a1b2")) and not wanted(job, Wanted(interaction="x"))
