"""Secrets: stored unseen, read and cached, read again once they were changed."""

import io
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import openai
import pytest
from moto.server import ThreadedMotoServer

from playground.discord.server import Server
from protege.config import SECRETS, Config
from protege.discord.rest import Discord
from protege.errors import Unavailable
from protege.providers.openai.chat import connect
from protege.registrar.__main__ import main as register
from protege.storage.aws.secrets import Secrets
from tools import secrets

pytestmark = pytest.mark.real
KEY, HOOK = "sk-planted-0123456789", "whsec_cGxhbnRlZC1zZWNyZXQtMDE="


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    moto.start()
    yield "http://{}:{}".format(*moto.get_host_and_port())
    moto.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("discord")) as it:
        yield it


@pytest.fixture(autouse=True)
def _region(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> str:
    """Each test has a stack of its own."""
    return f"stack-{abs(hash(request.node.name))}"


@pytest.fixture
def token(server: Server) -> str:
    return str(server.parts.world.application["bot_token"])


def kept(stack: str) -> dict[str, tuple[str, str]]:
    """Type and value of all secrets."""
    found = boto3.client("ssm").get_parameters_by_path(Path=f"/{stack}", WithDecryption=True)
    return {p["Name"].rpartition("/")[2]: (p["Type"], p["Value"]) for p in found["Parameters"]}


def run(stack: str, server: Server, *arguments: str, **env: str) -> int:
    return secrets.main(["--stack", stack, *arguments], {"DISCORD_API": server.api, **env})


def test_they_are_stored_encrypted_and_never_shown(
    stack: str, server: Server, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(stack, server, "--from-env", DISCORD_BOT_TOKEN=token, OPENAI_API_KEY=KEY) == 0
    secure = "SecureString"
    assert kept(stack) == {"discord-bot-token": (secure, token), "openai-api-key": (secure, KEY)}
    said = capsys.readouterr()
    assert token not in said.out + said.err and KEY not in said.out + said.err
    assert f"/{stack}/discord-bot-token" in said.out and "Discord knows this token" in said.out
    assert run(stack, server, "--list") == 0
    assert "openai-webhook-secret" in capsys.readouterr().out


def test_nothing_is_written_unless_all_is_good(
    stack: str, server: Server, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for bad in (
        {"DISCORD_BOT_TOKEN": token + "x", "OPENAI_API_KEY": KEY},
        {"DISCORD_BOT_TOKEN": f"Bot {token}"},
        {"DISCORD_BOT_TOKEN": token, "OPENAI_API_KEY": "two words or more"},
        {"DISCORD_BOT_TOKEN": token, "OPENAI_WEBHOOK_SECRET": "hook-0"},
        {},
    ):
        assert run(stack, server, "--from-env", **bad) == 1
        said = capsys.readouterr()
        assert not any(value in said.out + said.err for value in bad.values())
    assert kept(stack) == {}


def test_one_that_is_set_is_replaced_only_when_told(stack: str, server: Server, token: str) -> None:
    assert run(stack, server, "--from-env", DISCORD_BOT_TOKEN=token, OPENAI_API_KEY=KEY) == 0
    assert run(stack, server, "--from-env", OPENAI_API_KEY="sk-another-one") == 0
    assert kept(stack)["openai-api-key"][1] == KEY
    assert run(stack, server, "--from-env", "--overwrite", OPENAI_API_KEY="sk-another-one") == 0
    assert kept(stack)["openai-api-key"][1] == "sk-another-one"
    assert kept(stack)["discord-bot-token"][1] == token


def test_lines_on_stdin_will_do(
    stack: str, server: Server, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"discord-bot-token={token}\n\nOPENAI_WEBHOOK_SECRET = {HOOK}\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert run(stack, server, "--from-stdin") == 0
    assert {name: value for name, (_, value) in kept(stack).items()} == {
        "discord-bot-token": token,
        "openai-webhook-secret": HOOK,
    }
    monkeypatch.setattr(sys, "stdin", io.StringIO(KEY))
    assert run(stack, server, "--from-stdin") == 1


def test_a_person_types_them_unseen(stack: str, server: Server, token: str) -> None:
    typed = iter([token, KEY, "", ""])
    out = io.StringIO()
    desk = secrets.Desk(
        boto3.client("ssm"), f"/{stack}/", lambda prompt: next(typed), lambda q: False, out
    )
    config = Config.read({"DISCORD_API": server.api}, keyless=True)
    secrets.store(desk, secrets.asked(desk), config, overwrite=False)
    assert set(kept(stack)) == {"discord-bot-token", "openai-api-key"}
    assert token not in out.getvalue()


def test_a_terminal_does_not_show_what_is_typed(stack: str, server: Server, token: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tools.secrets", "--stack", stack]
    env = {**os.environ, "DISCORD_API": server.api}
    streams: Any = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    process = subprocess.Popen(command, env=env, start_new_session=True, **streams)
    os.close(theirs)
    shown = b""
    for typed, after in ((token, b"Discord bot token: "), (KEY, b"API: "), ("", b"API: ")):
        shown += _until(ours, after)
        os.write(ours, f"{typed}\n".encode())
    shown += _until(ours, b"webhooks: ")
    os.write(ours, b"\n")
    shown += _until(ours, b"webhook-secret")
    assert process.wait(30) == 0
    os.close(ours)
    assert token.encode() not in shown and KEY.encode() not in shown
    assert kept(stack)["openai-api-key"][1] == KEY


def _until(terminal: int, wanted: bytes) -> bytes:
    """What is shown until this is; fails where the program ends before."""
    shown = b""
    while wanted not in shown:
        more = os.read(terminal, 1000)
        assert more, shown
        shown += more
    return shown


def test_commands_are_registered_with_a_stacks_token(
    stack: str, server: Server, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make register STACK=...`: Discord tells all else."""
    run(stack, server, "--from-env", DISCORD_BOT_TOKEN=token)
    about = ["--stack", stack, "--region", "eu-west-1"]
    assert register([*about, "--dry-run"], {"DISCORD_API": server.api}) == 0
    assert "would be created" in capsys.readouterr().out
    assert register(["--stack", "nobody"], {"DISCORD_API": server.api}) == 1
    assert "/nobody/discord-bot-token" in capsys.readouterr().err


def test_they_are_deleted_only_when_that_is_confirmed(
    stack: str, server: Server, token: str
) -> None:
    run(stack, server, "--from-env", DISCORD_BOT_TOKEN=token, OPENAI_API_KEY=KEY)
    assert run(stack, server, "--delete", "all") == 1
    assert run(stack, server, "--delete", "openai-api-key", "--yes") == 0
    assert set(kept(stack)) == {"discord-bot-token"}
    assert run(stack, server, "--delete", "all", "--yes") == 0
    assert kept(stack) == {}


def test_what_others_keep_beside_them_is_neither_told_nor_deleted(
    stack: str, server: Server, token: str
) -> None:
    names = {f"a-{number:02}" for number in range(10)}  # as many as one page holds
    for name in names:
        boto3.client("ssm").put_parameter(Name=f"/{stack}/{name}", Value="x", Type="String")
    run(stack, server, "--from-env", DISCORD_BOT_TOKEN=token)
    assert run(stack, server, "--from-env", OPENAI_API_KEY=KEY) == 0
    assert run(stack, server, "--delete", "all", "--yes") == 0
    assert set(kept(stack)) == names


def test_a_secret_among_the_arguments_is_not_repeated(
    stack: str, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(stack, server, KEY)
    said = capsys.readouterr()
    assert KEY not in said.out + said.err and "never" in said.err


def test_without_a_terminal_nobody_is_asked(stack: str, server: Server) -> None:
    command = [sys.executable, "-m", "tools.secrets", "--stack", stack]
    found = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=os.environ
    )
    assert found.returncode == 1 and "no terminal" in found.stderr


def test_how_to_change_them_is_told_of_each(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("x", server, "--rotate") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in SECRETS.values())


# ---- reading -------------------------------------------------------------------------------------


class Counting:
    """SSM with one value, which may change."""

    def __init__(self, value: str) -> None:
        self.value, self.reads = value, 0

    def get_parameter(self, **asked: Any) -> dict[str, Any]:
        self.reads += 1
        return {"Parameter": {"Value": self.value}}


def test_a_refused_token_is_read_anew_and_the_call_goes_through(server: Server, token: str) -> None:
    ssm = Counting(token)
    store = Secrets("/x/", ssm)
    discord = Discord(server.api, "", lambda refused: store.read("discord-bot-token", refused))
    server.parts.world.application["bot_token"] = "changed-token"
    try:
        ssm_before = discord_refuses(discord)
        assert "401" in ssm_before and ssm.reads == 2, "it was read again, and was the same"
        ssm.value = "changed-token"
        assert discord.ask("GET", "/applications/@me")["id"]
        assert discord.ask("GET", "/applications/@me")["id"]
        assert ssm.reads == 3, "the new one is kept"
    finally:
        server.parts.world.application["bot_token"] = token


def discord_refuses(discord: Discord) -> str:
    with pytest.raises(Unavailable) as refused:
        discord.ask("GET", "/applications/@me")
    return str(refused.value)


class _OneKey(BaseHTTPRequestHandler):
    """A model server that takes one key."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        good = self.headers["Authorization"] == f"Bearer {self.server.key}"  # type: ignore[attr-defined]
        body = json.dumps({"object": "list", "data": []} if good else {"error": {}}).encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_a_refused_key_is_read_anew_and_the_request_goes_through() -> None:
    models = ThreadingHTTPServer(("127.0.0.1", 0), _OneKey)
    models.key = "new"  # type: ignore[attr-defined]
    threading.Thread(target=models.serve_forever, args=(0.01,), daemon=True).start()
    ssm = Counting("old")
    store = Secrets("/x/", ssm)
    env = {"OPENAI_BASE_URL": f"http://127.0.0.1:{models.server_port}"}
    config = Config.read(env, keyless=True)
    client = connect(config, lambda refused: store.read("openai-api-key", refused))
    with pytest.raises(openai.AuthenticationError):
        client.models.list()
    ssm.value = "new"
    assert list(client.models.list()) == []
    assert list(client.models.list()) == []
    assert ssm.reads == 3
    client.close()
    models.shutdown()
    models.server_close()


def test_a_line_end_that_was_pasted_along_is_no_part_of_it() -> None:
    assert Secrets("/x/", Counting("token\n")).read("discord-bot-token") == "token"


def test_a_secret_that_ssm_does_not_give_is_named_and_no_more(stack: str) -> None:
    with pytest.raises(Unavailable, match=f"/{stack}/openai-api-key: ParameterNotFound"):
        Secrets(f"/{stack}/", boto3.client("ssm")).read("openai-api-key")


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    env = {name.upper(): f"planted-{name}" for name in SECRETS}
    config = Config.read(env, keyless=True)
    assert "planted" not in f"{config!r} {config} {[config]}"
    assert config.discord_bot_token == "planted-discord_bot_token"
