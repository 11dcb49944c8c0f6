"""What `sam local invoke` prints, understood; what it is given; and the table of events."""

import json
import shutil
import socket
from pathlib import Path

import pytest

from tools.local_invoke.__main__ import chosen
from tools.local_invoke.forwarding import forwarded
from tools.local_invoke.invoking import kept, one_liner, template_with, wrong
from tools.local_invoke.table import FUNCTIONS, README, table
from tools.replay import EVENTS, events

PING = EVENTS / "Ingress/ping.json"
PONG = '{"statusCode": 200, "headers": {}, "body": "{\\"type\\":1}"}'
TEMPLATE = """
Globals: {Function: {Environment: {Variables: {TABLE: !Ref Table, DISCORD_API: here}}}}
Resources: {Table: {Type: AWS::DynamoDB::Table}}
"""


def test_the_answer_is_the_last_line_that_sam_prints() -> None:
    assert wrong(PING, f"START RequestId: 1\n{{}}\n\n{PONG}\n", "") == []


@pytest.mark.parametrize(
    ("out", "found"),
    [
        ("", "no answer: Error: no engine"),
        ("END RequestId: 1\n", "no answer: Error: no engine"),
        ('{"errorType": "KeyError", "errorMessage": "\'x\'"}', "KeyError: 'x'"),
        ('{"statusCode": 401, "body": "{}"}', "$.statusCode: 401, not 200"),
    ],
)
def test_an_answer_that_is_none_or_another_is_told(out: str, found: str) -> None:
    assert wrong(PING, out, "Error: no engine\n")[0] == found


def test_names_choose_functions_and_events() -> None:
    assert chosen([]) == events("Ingress")
    assert chosen(["Worker/ask", "Ingress/ping"]) == [PING, EVENTS / "Worker/ask.json"]
    assert len(chosen(["all"])) == sum(len(events(function)) for function in FUNCTIONS)


def test_variables_that_sam_would_not_pass_on_are_declared(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    found = json.loads(template_with(tmp_path).read_text())
    variables = found["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["DISCORD_API"] == "here"
    assert variables["AWS_ENDPOINT_URL"] == ""
    assert variables["TABLE"] == {"Ref": "Table"}


def test_a_build_that_is_in_use_outlives_its_end(tmp_path: Path) -> None:
    built = tmp_path / "built"
    (built / "Ingress").mkdir(parents=True)
    (built / "Ingress/app.py").write_text("pass")
    found = kept(built, tmp_path / "in-use")
    shutil.rmtree(built)
    assert (found / "Ingress/app.py").read_text() == "pass"


def test_every_event_has_a_line_to_send_it_by() -> None:
    assert table() in README.read_text(), "run: make events"
    assert one_liner("Ingress", "ping") in README.read_text()


def test_what_listens_here_is_reached_through_the_bridge() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as here,
        forwarded("127.0.0.1", here.getsockname()[1]) as port,
        socket.create_connection(("127.0.0.1", port), 30) as caller,
    ):
        caller.sendall(b"ping")
        there, _ = here.accept()
        with there:
            assert there.recv(4) == b"ping"
            there.sendall(b"pong")
        assert caller.recv(4) == b"pong"
        assert caller.recv(1) == b"", "the end is passed on, too"
