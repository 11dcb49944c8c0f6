"""The engines that speak without OpenAI: espeak-ng, gTTS, Piper."""

import base64
import json
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs

import numpy as np
import pytest

from protege.config import Config, ConfigError
from protege.errors import Unavailable
from protege.voice.languages import LANGUAGES
from protege.voice.voices import VARIANTS
from tests.voice.speakers import hum
from voice_worker.speaking import Engine, Manner, engine
from voice_worker.speaking.engines.espeak import Espeak
from voice_worker.speaking.engines.google import Google
from voice_worker.speaking.engines.piper import Piper, chosen
from voice_worker.speaking.processes import piped

TEXT = "We open at nine in the morning."


def made(engine: Engine, text: str = TEXT, **manner: object) -> bytes:
    return b"".join(engine.synthesize(text, Manner(**manner)))  # type: ignore[arg-type]


def alike(one: bytes, other: bytes) -> bool:
    """Up to the resampler's dither, which is another each time."""
    a, b = (np.frombuffer(sound, "<i2").astype(int) for sound in (one, other))
    return len(a) == len(b) and bool(np.abs(a - b).max() <= 2)


def seconds(sound: bytes) -> float:
    return len(sound) / 96_000


def configured(**env: str) -> Config:
    return Config.read({"DISCORD_PUBLIC_KEY": "0" * 64, **env})


# ---- espeak-ng -----------------------------------------------------------------------------------


def test_espeak_speaks_both_languages_at_the_pace_that_is_wished() -> None:
    usual = seconds(made(Espeak()))
    assert 1.2 < usual < 4.0
    assert seconds(made(Espeak(), speed=2.0)) < 0.75 * usual < seconds(made(Espeak(), speed=0.6))
    assert seconds(made(Espeak(), speed=99)) == seconds(made(Espeak(), speed=2.0))
    russian = made(Espeak(), "Мы открываемся в девять утра.", language="ru")
    assert 1.2 < seconds(russian) < 4.0


def test_voices_differ_and_an_unknown_one_is_the_usual_one() -> None:
    usual = made(Espeak())
    assert not alike(made(Espeak(), voice="f3"), usual)
    for voice in ("no such voice", "nosuchvoice", "../../etc/passwd"):
        assert alike(made(Espeak(), voice=voice), usual)


def test_every_voice_that_is_offered_is_there_and_sounds_otherwise() -> None:
    listed = subprocess.run(["espeak-ng", "--voices=variant"], capture_output=True, text=True)
    there = set(re.findall(r"!v/(\S+)", listed.stdout))
    assert set(VARIANTS) <= there, "newer versions have some more"
    usual = made(Espeak())
    assert not any(alike(made(Espeak(), voice=voice), usual) for voice in ("f1", "m1", "Alex"))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_discords_locales_are_known(locale: str) -> None:
    assert seconds(made(Espeak(), "Discord 1 2 3", language=locale)) > 0.4


@pytest.mark.parametrize("text", ["--help", "-h", "-w /tmp/x", "-f /etc/passwd"])
def test_a_text_is_never_an_option(text: str) -> None:
    assert seconds(made(Espeak(), text)) > 0.2


def test_a_text_holds_no_commands() -> None:
    plain = made(Espeak(), "a h@l@U b")
    assert made(Espeak(), "a [[h@l@U]] b") != made(Espeak(), "a b")
    assert abs(seconds(made(Espeak(), "a \x01\x1b h@l@U b")) - seconds(plain)) < 0.3
    assert seconds(made(Espeak(), 'One <break time="9s"/> two')) < 9


def test_a_language_that_it_does_not_have_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        made(Espeak(), language="xx-no-such")


def test_who_stops_listening_ends_the_program() -> None:
    stream = piped(("sh", "-c", "echo $$; exec sleep 1000"), b"")
    pid = int(next(stream))
    stream.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_program_that_fails_hangs_or_is_missing_is_told() -> None:
    with pytest.raises(Unavailable):
        list(piped(("sh", "-c", "exit 3"), b""))
    with pytest.raises(Unavailable):
        list(piped(("sleep", "1000"), b"", limit_s=0.1))
    with pytest.raises(ConfigError, match="no-such-program"):
        list(piped(("no-such-program",), b"text"))


def test_more_is_read_than_a_pipe_holds() -> None:
    given = bytes(range(256)) * 4000
    assert b"".join(piped(("cat",), given)) == given


# ---- gTTS ----------------------------------------------------------------------------------------


class Translate(BaseHTTPRequestHandler):
    """Google Translate's own call, as far as gTTS uses it; each answer is a second of a tone."""

    asked: ClassVar[list[list[object]]] = []
    answer: ClassVar[tuple[int, bytes]] = (200, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        [[[call, words, _, _]]] = json.loads(parse_qs(body)["f.req"][0])
        assert call == "jQ1olc" and self.path.endswith("/batchexecute")
        self.asked.append(json.loads(words))
        status, text = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def mp3() -> bytes:
    plain = ("-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "-")
    command = ("ffmpeg", "-v", "error", *plain, "-ar", "24000", "-f", "mp3", "-")
    return subprocess.run(command, input=hum(8000), capture_output=True, check=True).stdout


@pytest.fixture
def google(mp3: bytes) -> Iterator[Google]:
    sound = base64.b64encode(mp3).decode()
    Translate.asked.clear()
    Translate.answer = (200, f')]}}\'\n\n[["wrb.fr","jQ1olc","[\\"{sound}\\"]",null]]'.encode())
    with ThreadingHTTPServer(("127.0.0.1", 0), Translate) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Google(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def test_google_is_asked_in_the_right_language_and_its_mp3_is_decoded(google: Google) -> None:
    sound = np.frombuffer(made(google, language="pt-BR"), "<i2")
    assert Translate.asked[0][:2] == [TEXT, "pt"]
    spectrum = np.abs(np.fft.rfft(sound[4800:43_200]))
    assert abs(int(np.argmax(spectrum)) * 48_000 / 38_400 - 440) < 3
    for locale, theirs in [("en-US", "en"), ("ru", "ru"), ("zh-TW", "zh-TW"), ("xx", "en")]:
        made(google, language=locale)
        assert Translate.asked[-1][1] == theirs


def test_long_texts_are_asked_for_in_parts_and_pace_changes_no_pitch(google: Google) -> None:
    usual = seconds(made(google, "One, two, three, four, five, six. " * 6))
    assert len(Translate.asked) == 3 and usual > 2.9
    fast = np.frombuffer(made(google, speed=2.0), "<i2")
    assert 0.4 < len(fast) / 48_000 < 0.7
    spectrum = np.abs(np.fft.rfft(fast[2400:21_600]))
    assert abs(int(np.argmax(spectrum)) * 48_000 / 19_200 - 440) < 6


@pytest.mark.parametrize(
    "answer",
    [(429, b""), (200, b"[[]]"), (200, b'jQ1olc","[\\"AAAAA\\"]'), (200, b'jQ1olc","[\\"AAAA\\"]')],
)
def test_what_google_refuses_is_unavailable(google: Google, answer: tuple[int, bytes]) -> None:
    Translate.answer = answer
    with pytest.raises(Unavailable):
        made(google)


def test_nobody_at_googles_address_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        made(Google("http://127.0.0.1:9"))


# ---- Piper ---------------------------------------------------------------------------------------


class Chunk:
    sample_rate = 22_050

    def __init__(self, pace: float) -> None:
        self.audio_int16_bytes = bytes(int(2 * self.sample_rate * pace))


class StandInPiper(types.ModuleType):
    """The package's own names (piper-tts 1.8); its voices are silent."""

    def __init__(self) -> None:
        super().__init__("piper")
        self.said: list[tuple[str, str]] = []
        piper = self

        class Voice:
            def __init__(self, path: Path) -> None:
                self.path = path

            @classmethod
            def load(cls, path: Path) -> "Voice":
                return cls(path)

            def synthesize(self, text: str, syn_config: float) -> Iterator[Chunk]:
                piper.said.append((self.path.stem, text))
                if "fail" in text:
                    raise RuntimeError("onnx")
                yield Chunk(syn_config)

        self.PiperVoice = Voice

    @staticmethod
    def SynthesisConfig(length_scale: float) -> float:
        return length_scale


@pytest.fixture
def piper(monkeypatch: pytest.MonkeyPatch) -> StandInPiper:
    found = StandInPiper()
    monkeypatch.setitem(sys.modules, "piper", found)
    return found


def test_piper_speaks_by_the_voice_of_the_language(tmp_path: Path, piper: StandInPiper) -> None:
    for name in ("en_GB-alan-low", "en_US-amy-low", "ru_RU-irina-medium"):
        (tmp_path / f"{name}.onnx").touch()
        (tmp_path / f"{name}.onnx.json").touch()
    (tmp_path / "de_DE-half-low.onnx").touch()
    speaker = engine(configured(TTS="piper", TTS_FOLDER=str(tmp_path)), lambda name: "")
    assert abs(seconds(made(speaker, "Привет.", language="ru", speed=2.0)) - 0.5) < 0.01
    made(speaker, "Hi [[x]].", language="en-US")
    made(speaker, "Hallo.", language="de", voice="en_GB-alan-low")
    assert piper.said == [
        ("ru_RU-irina-medium", "Привет."),
        ("en_US-amy-low", "Hi [ [x]]."),
        ("en_GB-alan-low", "Hallo."),
    ]
    with pytest.raises(Unavailable):
        made(speaker, "fail")
    assert chosen(["a", "b"], Manner(language="fr")) == "a"


def test_what_piper_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(ConfigError, match="pip install"):
        Piper(tmp_path)
    monkeypatch.setitem(sys.modules, "piper", StandInPiper())
    with pytest.raises(ConfigError, match="download_voices"):
        engine(configured(TTS="piper", TTS_FOLDER=str(tmp_path)), lambda name: "")


# ---- by setting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tts", "name"),
    [
        ("espeak", "espeak"),
        ("gtts", "gtts"),
        ("openai", "openai gpt-4o-mini-tts"),
        ("realtime", "openai gpt-realtime-2.1-mini"),
    ],
)
def test_the_setting_chooses(tts: str, name: str) -> None:
    given = configured(TTS=tts, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert engine(given, lambda name: "sk").name == name


def test_the_default_needs_no_key() -> None:
    def refuse(name: str) -> str:
        raise ConfigError(name)

    assert engine(configured(), refuse).name == "espeak"
    with pytest.raises(ConfigError, match="openai_api_key"):
        engine(configured(TTS="realtime"), refuse)
