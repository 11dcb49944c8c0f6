"""`make serve` as a process: HTTP in, a worker that may be killed, nothing lost or doubled."""

import http.client
import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from playground.bot import free_port
from protege.storage.embedded import FolderFiles, SqliteQueue
from tests.person import APPLICATION, KEY, Person, configured
from tests.recorder import Recorder

pytestmark = pytest.mark.real
PATIENCE_S = 120


def until(what: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not what():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


class Server:
    """The server's processes, on a port and folder of their own."""

    def __init__(self, discord: Recorder, folder: Path) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "AWS_"))},
            "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
            "DISCORD_APPLICATION_ID": APPLICATION,
            "DISCORD_BOT_TOKEN": "bot-token",
            "DISCORD_API": discord.url,
            "ATTACHMENT_HOSTS": discord.url.removeprefix("http://"),
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "METRICS_PORT": str(self.metrics_port),
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "protege.server"], env=self.env)
        until(self._listens, self.process)

    def post(self, body: bytes, signature: str = "") -> tuple[int, bytes]:
        timestamp = str(int(time.time()))
        signed = KEY.sign(timestamp.encode() + body).signature.hex()
        headers = {"X-Signature-Ed25519": signature or signed, "X-Signature-Timestamp": timestamp}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("POST", "/interactions", body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def numbers(self) -> str:
        """What Prometheus would read."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics") as answer:
            found: str = answer.read().decode()
            return found

    def worker(self) -> int:
        """The worker's process id."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task").glob("*/children")
        return int(" ".join(path.read_text() for path in children).split()[0])

    def kill_all(self) -> None:
        """The power goes."""
        worker = self.worker()
        self.process.kill()
        with suppress(ProcessLookupError):  # it ends by itself when it sees that
            os.kill(worker, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(40) == 0

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def server(discord: Recorder, tmp_path: Path) -> Iterator[Server]:
    it = Server(discord, tmp_path)
    yield it
    it.stop()


@pytest.fixture
def payloads(discord: Recorder, tmp_path: Path) -> Person:
    """Makes payloads; its own bot is never used."""
    return Person(configured(discord, str(tmp_path / "unused")), discord)


def announcements(discord: Recorder) -> list[str]:
    return [text for text in discord.contents("POST", "/channels/88/messages")]


def said(discord: Recorder, words: str, start: int) -> bool:
    """Whether any call from that one on says so: the last is of whichever message comes last."""
    bodies = [call.body for call in discord.calls[start:] if isinstance(call.body, dict)]
    return any(words in body.get("content", "") for body in bodies)


def test_forged_is_401_replayed_happens_once_and_malformed_is_400(
    server: Server, discord: Recorder, payloads: Person, tmp_path: Path
) -> None:
    body = json.dumps(payloads.command("ask", question="why?")).encode()
    assert server.post(body, signature="0" * 128)[0] == 401
    assert server.post(b"[]")[0] == 400
    assert server.post(body) == server.post(body) == (200, b'{"type": 5}')
    queue = SqliteQueue(tmp_path / "queue.sqlite")
    until(lambda: all(entry.state == "done" for entry in queue.journal()), server.process)
    assert len(discord.contents("PATCH")) == 1
    until(lambda: 'answer_seconds_count{command="ask"} 1' in server.numbers(), server.process)
    assert 'protege_interactions_total{command="ask"} 1' in server.numbers(), "a repeat is none"


def test_commands_register_themselves(server: Server, discord: Recorder) -> None:
    until(lambda: [c for c in discord.calls if c.method == "PUT"], server.process)
    [call] = [c for c in discord.calls if c.method == "PUT"]
    assert call.path == f"/applications/{APPLICATION}/commands"
    assert {"hi", "ask", "train"} < {command["name"] for command in call.body}


def test_a_killed_worker_loses_and_doubles_nothing(
    server: Server, discord: Recorder, payloads: Person
) -> None:
    rows = "".join(
        f"How does part number {n} of the engine work? => It is {n}.\n" for n in range(900)
    )
    train = payloads.command("train", attachment=payloads.upload("rows.txt", rows))
    server.post(json.dumps(train).encode())
    until(
        lambda: re.search(r"[3-7]\d % — understanding", "\n".join(discord.contents())),
        server.process,
    )
    os.kill(server.worker(), signal.SIGKILL)
    assert announcements(discord) == []
    until(lambda: announcements(discord), server.process)
    start = len(discord.calls)
    server.post(
        json.dumps(payloads.command("ask", question="part number 77 of the engine")).encode()
    )
    until(lambda: said(discord, "It is 77.", start), server.process)
    [announced] = announcements(discord)
    assert "**v1** knows 900 lessons" in announced


def test_it_still_knows_after_the_power_went(
    server: Server, discord: Recorder, payloads: Person
) -> None:
    train = payloads.command("train", data="What is the wifi password? => Ask at the bar.")
    server.post(json.dumps(train).encode())
    until(lambda: announcements(discord), server.process)
    server.kill_all()
    server.start()
    start = len(discord.calls)
    server.post(json.dumps(payloads.command("ask", question="the wifi password?")).encode())
    until(lambda: said(discord, "Ask at the bar.", start), server.process)


def test_a_worker_whose_server_was_gone_before_it_began_does_not_stay(server: Server) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    orphan = [sys.executable, "-m", "protege.server.loop", str(gone.pid)]
    assert subprocess.run(orphan, env=server.env, timeout=PATIENCE_S).returncode == 0


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("DISCORD_")}
    command = [sys.executable, "-m", "protege.server"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1 and "DISCORD_PUBLIC_KEY is not set" in ended.stderr


def embeds(discord: Recorder) -> list[dict[str, str]]:
    bodies = [call.body for call in discord.calls if isinstance(call.body, dict)]
    return [embed for body in bodies for embed in body.get("embeds", [])]


def test_a_killed_worker_goes_on_packing_and_the_link_leads_to_the_archive(
    server: Server, discord: Recorder, payloads: Person, tmp_path: Path
) -> None:
    files, noise = FolderFiles(tmp_path / "files"), random.Random(1).randbytes(100 << 20)
    files.write("guilds/77/datasets/faq/ж.bin", noise)
    server.post(json.dumps(payloads.command("archive", directory="faq")).encode())
    parts = tmp_path / "files" / "%parts"
    until(lambda: list(parts.glob("*/00002-*")), server.process)
    worker = server.worker()
    os.kill(worker, signal.SIGKILL)
    assert embeds(discord) == [], "it was killed before its end"
    until(lambda: embeds(discord), server.process)
    [embed] = embeds(discord)
    url = embed["description"].partition("](")[2].partition(")")[0]
    assert url.startswith(f"http://127.0.0.1:{server.port}/files/guilds/77/archives/faq-")
    with urllib.request.urlopen(url) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    assert archive.read("ж.bin") == noise
    assert list(parts.iterdir()) == []
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(f"{url}0"):
        raise AssertionError("a forged link opens nothing")
    assert refused.value.code == 403
    refused.value.close()
