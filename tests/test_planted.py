"""One machine with planted secrets: neither log nor files nor answers hold one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.bot import environment, free_port
from playground.discord.person import Person
from playground.discord.server import Server
from protege.app import App
from protege.config import Config
from protege.storage.embedded import SqliteQueue
from tests.planted import HOOK, OPENAI, SECRETS, TOKEN, TUNING, Provider, forms, in_files, leaks
from tests.planted import talkative as talkative_provider
from tests.test_server import PATIENCE_S, until

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with talkative_provider(401, 400, 403) as it:
        yield it


class Run:
    """`make serve` through some bad minutes. `log`: all that its processes wrote."""

    def __init__(self, discord: Server, provider: Provider, folder: Path) -> None:
        discord.parts.world.application["bot_token"] = TOKEN
        discord.parts.postman.limit_s = PATIENCE_S  # a loaded machine may take three seconds
        self.discord, self.folder = discord, folder
        self.data = folder / "data"
        clean = {n: v for n, v in os.environ.items() if not n.startswith(("DISCORD_", "AWS_"))}
        self.env = {
            **clean,
            **environment(discord, self.data, free_port()),
            "OPENAI_API_KEY": OPENAI,
            "FINE_TUNING_API_KEY": TUNING,
            "OPENAI_WEBHOOK_SECRET": HOOK,
            "PROVIDER": "openai",
            "OPENAI_BASE_URL": provider.url,
            "FINE_TUNING_BASE_URL": provider.url,
            "FINE_TUNING_MODEL": "some-model",
            "VOICE": "off",
        }
        discord.parts.desk.url = f"http://127.0.0.1:{self.env['PORT']}/interactions"
        self.log = ""

    def go(self) -> None:
        """From start to stop."""
        with (self.folder / "log").open("wb") as log:
            command = [sys.executable, "-m", "protege.server"]
            process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
            try:
                until(lambda: self.discord.parts.catalogue.all(), process)
                self._bad_minutes(process)
            finally:
                process.terminate()
                process.wait(60)
        self.log = (self.folder / "log").read_text()

    def _bad_minutes(self, process: "subprocess.Popen[bytes]") -> None:
        vera = Person(self.discord.address, "vera")
        queue = SqliteQueue(self.data / "queue.sqlite")
        faults = self.discord.parts.faults
        vera.slash("ask", question="What do you know?")
        vera.slash("train", attachment=("faq.txt", b"Who rows? => Ada rows.\n" * 3))
        vera.slash("hi")
        vera.slash("model list")
        vera.slash("status")
        until(lambda: all(e.state == "done" for e in queue.journal()), process)
        faults.add({"kind": "error", "status": 400, "code": 50035, "path": "@original"})
        faults.add({"kind": "rate_limit", "seconds": 0.1, "path": "@original"})
        vera.slash("ask", question="And when Discord refuses?")
        until(lambda: all(e.state == "done" for e in queue.journal()), process)


@pytest.fixture(scope="module")
def run(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("planted")
    with Server(folder / "discord") as discord:
        it = Run(discord, provider, folder)
        it.go()
        yield it


def test_the_log_holds_no_secret(run: Run, provider: Provider) -> None:
    assert list(leaks("log", run.log, SECRETS)) == []
    assert f"Bearer {OPENAI}" in provider.heard, "the key was used"
    assert run.log.count("\n") >= 4


def test_what_is_kept_holds_no_secret(run: Run) -> None:
    assert list(in_files(run.data, SECRETS)) == []
    assert (run.data / "records.sqlite").stat().st_size > 0


def test_what_discord_is_told_holds_no_secret(run: Run) -> None:
    journal = run.discord.parts.journal
    told = json.dumps([journal.loose(), journal.exchanges(), journal.violations()])
    assert list(leaks("Discord", told, SECRETS)) == []
    assert "Ada rows" in told or "faq" in told


def test_the_key_of_links_stays_in_its_file(run: Run) -> None:
    env = {**run.env, "DATA_DIR": str(run.data)}
    link = App(Config.read(env), env).links.make("guilds/1/x.txt", seconds=60, name="x")
    [path] = run.data.rglob("links.key")
    key = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0, "only its owner reads it"
    elsewhere = [p for p in run.data.rglob("*") if p.is_file() and p != path]
    haystacks = {"link": link.encode(), "log": run.log.encode()}
    haystacks |= {p.name: p.read_bytes() for p in elsewhere}
    sought = {form: text for form, text in _forms_of(key).items() if text}
    assert [n for n, hay in haystacks.items() for text in sought.values() if text in hay] == []


def _forms_of(key: bytes) -> dict[str, bytes]:
    latin = key.decode("latin-1")
    return {**forms(latin), "raw": key, "hex": key.hex().encode()}


def test_no_interactions_token_is_in_the_log(run: Run) -> None:
    exchanges = run.discord.parts.journal.exchanges()
    tokens = {e["id"]: e["payload"]["token"] for e in exchanges}
    assert len(tokens) >= 5 and list(leaks("log", run.log, tokens)) == []


CRASH = """
import logging, sys
from protege.app import app
from protege.journal import note, trouble
from protege.server.logs import log_to_stderr
log_to_stderr()
bot = app()
note("settings", config=bot.config)
try:
    raise ValueError(f"Authorization: Bot {bot.secret('discord_bot_token')}")
except ValueError as error:
    trouble("planted", error)
bot.config.no_such_setting
"""


def wrote(run: Run, *command: str, **more: str) -> str:
    """What a program writes, with all secrets in its environment."""
    about: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 120}
    env = {**run.env, **more}
    found = subprocess.run([sys.executable, *command], env=env, **about)
    return str(found.stdout + found.stderr)


def test_a_crash_shows_none(run: Run) -> None:
    """Settings in the log, an error whose message holds a token, a traceback at the end."""
    said = wrote(run, "-c", CRASH)
    assert "AttributeError" in said and '"planted"' in said and '"Config"' in said
    assert list(leaks("crash", said, SECRETS)) == []


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("protege.registrar", "--help"),
        ("protege.registrar", "--dry-run"),
        ("protege.registrar", "--guild 1"),
        ("protege.server", ""),
        ("tools.secrets", "--help"),
        ("tools.secrets", "--from-env --stack nowhere"),
    ],
)
def test_no_command_shows_one(run: Run, module: str, arguments: str) -> None:
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_CONFIG_FILE": os.devnull}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "planted-AWS-secret/9f2e"}
    more = {"AWS_MAX_ATTEMPTS": "1", "PORT": "1" if module == "protege.server" else "0"}
    bad = {"DISCORD_PUBLIC_KEY": "no key"} if module == "protege.server" else {}
    said = wrote(run, "-m", module, *arguments.split(), **nowhere, **keys, **more, **bad)
    assert said
    planted = {**SECRETS, "aws": keys["AWS_SECRET_ACCESS_KEY"]}
    assert list(leaks(module, said, planted)) == []


def test_a_voice_worker_that_is_refused_shows_none(run: Run) -> None:
    """Discord does not know its token any more: it says so and ends."""
    old = "planted-Old_Token-55e1cW.2b8f.T7uRz0-k4"
    ports = {"VOICE_HEALTH_PORT": "0", "DATA_DIR": str(run.folder / "voice")}
    kinds = {"VOICE": "always", "STT": "openai", "TTS": "openai"}
    said = wrote(run, "-m", "voice_worker", DISCORD_BOT_TOKEN=old, **ports, **kinds)
    assert "login refused" in said
    assert list(leaks("voice", said, {**SECRETS, "old": old})) == []


# ---- the search itself ---------------------------------------------------------------------------


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("form", forms("x" * 30))
def test_a_leak_of_any_form_is_found(secret: str, form: str) -> None:
    told = b'{"event": "x", "of": "' + forms(secret)[form] + b'"}'
    assert [leak.secret for leak in leaks("log", told, {"it": secret})] == ["it"]


@pytest.mark.parametrize("before", ["", "B", "Bo", "Bot ", "Authorization: Bearer "])
def test_a_header_in_base64_is_found(before: str) -> None:
    import base64

    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        told = encode(f"{before}{TOKEN}, and more".encode())
        assert [leak.secret for leak in leaks("log", told, SECRETS)] == ["discord-bot-token"]


def test_a_leak_into_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/records.sqlite").write_bytes(b"\0\0" + HOOK.encode() + b"\0")
    [leak] = in_files(tmp_path, SECRETS)
    assert (leak.secret, leak.where) == ("openai-webhook-secret", "deep/records.sqlite")


def test_what_is_no_secret_is_no_leak() -> None:
    assert list(leaks("log", b"sk-plant and whsec_ and planted", SECRETS)) == []
