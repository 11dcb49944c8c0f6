"""Sound files and programs that mean us no good."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from protege.app import App
from protege.errors import UserError
from protege.hearing import Hearing
from protege.providers.hearing import Transcription
from protege.sounds import length_s, samples
from voice_worker.listening.scribe import Scribe
from voice_worker.speaking.processes import piped

SECRETS = {"DISCORD_BOT_TOKEN": "t0ken", "OPENAI_API_KEY": "k3y", "AWS_SECRET_ACCESS_KEY": "aws"}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def made(tmp_path: Path, name: str, *options: str) -> bytes:
    """A file made by ffmpeg."""
    path = tmp_path / name
    subprocess.run(["ffmpeg", "-v", "error", *options, str(path)], check=True)
    return path.read_bytes()


@pytest.mark.usefixtures("secrets")
def test_a_program_that_speaks_sees_no_secret() -> None:
    seen = b"".join(piped(["env"], b"")).decode()
    assert "PATH=" in seen and not [value for value in SECRETS.values() if value in seen]


@pytest.mark.usefixtures("secrets")
def test_a_program_that_unpacks_sees_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = tmp_path / "ffmpeg"
    spy.write_text("#!/bin/sh\n/usr/bin/env\n")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    seen = samples("a.wav", b"RIFF", 60.0).decode()
    assert "PATH=" in seen and not [value for value in SECRETS.values() if value in seen]


class Costly:
    """An engine that takes files as they are, and is paid by the minute."""

    model = "gpt-transcribe"
    endings = frozenset({".ogg"})

    def __init__(self) -> None:
        self.files = 0

    def begin(self, language: str, hints: Sequence[str] = ()) -> Transcription:
        raise NotImplementedError

    def file(self, name: str, body: bytes, language: str, hints: Sequence[str] = ()) -> str:
        self.files += 1
        return "words"


def test_who_pretends_that_a_sound_is_short_does_not_have_hours_of_it_recognised(
    tmp_path: Path, app: App
) -> None:
    """Its last page says that it ends after a second."""
    tone = ("-f", "lavfi", "-i", "sine=duration=20", "-c:a", "libopus", "-b:a", "6k")
    body = bytearray(made(tmp_path, "long.ogg", *tone))
    last = body.rfind(b"OggS")
    body[last + 6 : last + 14] = (48_000).to_bytes(8, "little")
    assert (length_s(bytes(body)) or 0) < 2
    engine = Costly()
    with pytest.raises(UserError, match="longer than 10 s"):
        Hearing(lambda: engine, 10.0, app.spending).text("long.ogg", bytes(body), "en-US")
    assert not engine.files


def test_what_recognises_speech_does_not_get_the_bots_token() -> None:
    [ear] = Scribe({"DISCORD_BOT_TOKEN": "t0ken", "OPENAI_API_KEY": "k3y"})._ears
    assert ear._env == {"OPENAI_API_KEY": "k3y"}
