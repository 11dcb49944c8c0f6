"""The engines that turn speech into text, and which of them a setting chooses."""

import random
import re
import subprocess
import threading
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from math import pi, sin
from pathlib import Path

import pytest

from playground.openai import OpenAIServer
from playground.voice.speech import speech
from protege.config import Config, ConfigError
from protege.errors import Unavailable, UserError
from protege.providers.hearing import HEARD_HZ, FileTranscriber, Transcriber
from protege.providers.hearing.engines import transcriber
from protege.providers.hearing.offline import OfflineTranscriber
from tests.scripted import Said, Scripted

pytestmark = pytest.mark.filterwarnings("ignore:aifc was removed:DeprecationWarning")
"""A package that SpeechRecognition imports says so."""
QUIET = bytes(HEARD_HZ * 2 * 3 // 10)
TAUGHT = (
    "How do I reset my password?",
    "Where can I download the desktop app?",
    "What are the opening hours of support?",
    "Can I get a refund?",
    "How do I cancel my subscription?",
    "Why is the game lagging?",
    "How do I connect a webhook?",
    "When is the next tournament?",
)
COMMANDS = (
    "play some music",
    "what time is it",
    "join the voice channel",
    "turn the volume down",
    "tell me a joke",
    "what is the weather like today",
    "read me the news",
    "thank you very much",
    "my cat likes to sleep on the sofa",
    "where can i buy a new computer",
    "the meeting starts at nine in the morning",
    "i would like a cup of coffee please",
)
CYRILLIC = (
    "Как сбросить пароль?",
    "Где скачать приложение?",
    "Когда начинается турнир?",
    "Сколько стоит подписка?",
    "Почему меня забанили?",
)
LIKE_RUSSIAN = {
    "skolka stoeet padpeeska": CYRILLIC[3],
    "skole ka stoh eat pud peace kah": CYRILLIC[3],
    "patch emu menya zabanili": CYRILLIC[4],
    "puh chee moo menya zah bah nee lee": CYRILLIC[4],
}
"""What an English voice reads so that it sounds Russian."""
RUSSIAN_VOICE = Path("/usr/share/festival/voices/russian/msu_ru_nsh_clunits")


@cache
def said(text: str, voice: str = "slt") -> bytes:
    return QUIET + speech(text, voice=voice, hz=HEARD_HZ) + QUIET


def in_russian(text: str) -> bytes:
    """Read by Festival's voice."""
    plain = text.lower().rstrip("?").encode()
    wave = run("text2wave", "-eval", "(voice_msu_ru_nsh_clunits)", "-o", "/dev/stdout", given=plain)
    decode = ("-f", "wav", "-i", "-", "-f", "s16le", "-ar", str(HEARD_HZ), "-ac", "1", "-")
    return QUIET + run("ffmpeg", "-v", "error", *decode, given=wave) + QUIET


def run(*command: str, given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def sound(sample: Callable[[int], float], seconds: float = 2.5) -> bytes:
    return array("h", (int(sample(at)) for at in range(int(seconds * HEARD_HZ)))).tobytes()


def music() -> bytes:
    """Chords with overtones, a new one every quarter of a second, each fading."""
    notes = [random.Random(3).choices((220, 262, 294, 330, 392, 440, 523), k=3) for _ in range(10)]

    def at(n: int) -> float:
        chord, within = notes[n // 4000], (n % 4000) / HEARD_HZ
        tones = (sin(2 * pi * f * k * n / HEARD_HZ) / k for f in chord for k in (1, 2, 3, 4))
        return 1500 * sum(tones) * 2.7 ** (-4 * within)

    return sound(at)


NOISE = random.Random(1)
NO_SPEECH = {
    "nothing": b"",
    "silence": bytes(HEARD_HZ * 4),
    "noise": sound(lambda n: NOISE.gauss(0, 2500)),
    "a hum": sound(lambda n: 6000 * sin(2 * pi * 50 * n / HEARD_HZ)),
    "a whistle that rises": sound(lambda n: 6000 * sin(2 * pi * (300 + n / 60) * n / HEARD_HZ)),
    "knocks": sound(lambda n: NOISE.gauss(0, 9000) * 2.7 ** (-(n % 9000) / 200)),
    "music": music(),
}


@pytest.fixture(scope="module")
def offline() -> OfflineTranscriber:
    return OfflineTranscriber()


def heard(by: Transcriber, pcm: bytes, hints: tuple[str, ...] = (), language: str = "en-US") -> str:
    """As it comes from a microphone: 20 ms at a time."""
    listening = by.begin(language, hints)
    for start in range(0, len(pcm), 640):
        listening.feed(pcm[start : start + 640])
    return listening.end()


def word_errors(wanted: str, found: str) -> int:
    """Levenshtein's distance between two texts' words."""
    row = list(range(len(found.split()) + 1))
    for at, word in enumerate(wanted.split(), 1):
        before, row[0] = row[0], at
        for n, other in enumerate(found.split(), 1):
            change = before + (word != other)
            before, row[n] = row[n], min(row[n] + 1, row[n - 1] + 1, change)
    return row[-1]


# ---- offline -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("voice", "asked"), [("slt", TAUGHT), ("rms", TAUGHT[:3])])
def test_taught_questions_come_out_word_for_word(
    offline: OfflineTranscriber, voice: str, asked: tuple[str, ...]
) -> None:
    assert [heard(offline, said(text, voice), TAUGHT) for text in asked] == list(asked)


@pytest.mark.parametrize("hints", [(), TAUGHT], ids=["nothing taught", "something else taught"])
def test_free_speech_is_understood(offline: OfflineTranscriber, hints: tuple[str, ...]) -> None:
    spoken = COMMANDS[::2] if hints else COMMANDS
    found = [heard(offline, said(text), hints) for text in spoken]
    errors = sum(map(word_errors, spoken, found))
    assert errors / sum(len(text.split()) for text in spoken) <= 0.09
    assert not set(found) & set(TAUGHT)


@pytest.mark.parametrize("hints", [(), TAUGHT], ids=["nothing taught", "something taught"])
@pytest.mark.parametrize("name", NO_SPEECH)
def test_what_is_no_speech_has_no_words(
    offline: OfflineTranscriber, name: str, hints: tuple[str, ...]
) -> None:
    assert heard(offline, NO_SPEECH[name], hints) == ""


@pytest.mark.parametrize("name", NO_SPEECH)
def test_what_is_no_speech_has_no_words_in_other_languages(
    offline: OfflineTranscriber, name: str
) -> None:
    assert heard(offline, NO_SPEECH[name], CYRILLIC, "ru") == ""


def test_who_taught_nothing_is_not_understood_in_other_languages(
    offline: OfflineTranscriber,
) -> None:
    assert heard(offline, said("open the door"), (), "ru") == ""


def test_sentences_of_another_language_are_taken_for_none_that_was_taught(
    offline: OfflineTranscriber,
) -> None:
    assert [heard(offline, said(text), CYRILLIC, "ru") for text in COMMANDS[:6]] == [""] * 6


@pytest.mark.parametrize("text", LIKE_RUSSIAN)
def test_foreign_words_are_recognised_by_how_they_sound(
    offline: OfflineTranscriber, text: str
) -> None:
    assert heard(offline, said(text), CYRILLIC, "ru") == LIKE_RUSSIAN[text]


@pytest.mark.skipif(
    not RUSSIAN_VOICE.exists(),
    reason="needs Festival's voice: apt install festival festvox-ru (180 MB)",
)
def test_taught_questions_are_understood_in_russian(offline: OfflineTranscriber) -> None:
    found = [heard(offline, in_russian(text), CYRILLIC, "ru-RU") for text in CYRILLIC]
    assert found == list(CYRILLIC)
    assert heard(offline, in_russian("расскажи анекдот про программиста"), CYRILLIC, "ru") == ""


def test_what_is_heard_depends_on_nothing_that_was_heard_before() -> None:
    fresh, used = OfflineTranscriber(), OfflineTranscriber()
    for pcm in (NO_SPEECH["noise"], said("tell me a joke", "rms")):
        heard(used, pcm, CYRILLIC)
    used.begin("en-US", TAUGHT).drop()
    for text in ("read me the news", TAUGHT[3]):
        assert heard(used, said(text), TAUGHT) == heard(fresh, said(text), TAUGHT)


def test_two_may_speak_at_once(offline: OfflineTranscriber) -> None:
    ada, bob = offline.begin("en-US", TAUGHT), offline.begin("en-US")
    one, other = said(TAUGHT[0]), said("tell me a joke")
    for start in range(0, max(len(one), len(other)), 640):
        ada.feed(one[start : start + 640])
        bob.feed(other[start : start + 640])
    assert (bob.end(), ada.end()) == ("tell me a joke", TAUGHT[0])


def test_hints_that_cannot_be_said_do_no_harm(offline: OfflineTranscriber) -> None:
    odd = ("", "?!", "<sil>", "a" * 300, "(2) [x] | ;", "日本語", "word " * 60, *TAUGHT)
    assert heard(offline, said(TAUGHT[0]), odd) == TAUGHT[0]


# ---- OpenAI --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path_factory.mktemp("openai"), key="sk-right") as it:
        yield it


def online(url: str, key: str = "sk-right", **env: str) -> Transcriber:
    given = {"DISCORD_PUBLIC_KEY": "0" * 64, "STT": "openai", "OPENAI_BASE_URL": url, **env}
    return transcriber(Config.read(given), lambda name: key)


def test_openai_hears_with_hints(server: OpenAIServer) -> None:
    server.faults.clear()
    by = online(server.base_url)
    assert by.model == "gpt-transcribe"
    assert heard(by, said(TAUGHT[1]), TAUGHT) == TAUGHT[1]
    assert heard(by, b"") == ""


def test_openai_is_asked_again_when_trouble_is_passing(server: OpenAIServer) -> None:
    server.faults.clear()
    server.faults.add("rate_limit", count=2, seconds=0.01)
    assert heard(online(server.base_url), said("tell me a joke")) == "tell me a joke"
    server.faults.add("error", count=3, status=503)
    with pytest.raises(Unavailable):
        heard(online(server.base_url), said("tell me a joke"))


def test_openai_that_hangs_is_given_up(server: OpenAIServer) -> None:
    server.faults.clear()
    server.faults.add("slow", count=3, seconds=5.0)
    with pytest.raises(Unavailable):
        heard(online(server.base_url, STT_TIMEOUT_S="1"), said("tell me a joke"))


def test_openai_s_refusals_are_told(server: OpenAIServer) -> None:
    server.faults.clear()
    with pytest.raises(UserError, match="OPENAI_API_KEY"):
        heard(online(server.base_url, key="sk-wrong"), said("tell me a joke"))
    with pytest.raises(UserError, match="no-such"):
        heard(online(server.base_url, STT_MODEL="no-such"), said("tell me a joke"))


def test_openai_takes_files_as_they_are(server: OpenAIServer) -> None:
    server.faults.clear()
    by = online(server.base_url)
    assert isinstance(by, FileTranscriber) and ".ogg" in by.endings
    assert not isinstance(OfflineTranscriber(), FileTranscriber)


# ---- Google --------------------------------------------------------------------------------------


@pytest.fixture
def google() -> Iterator[Scripted]:
    with Scripted() as it:
        thread = threading.Thread(target=it.serve_forever, args=(0.05,))
        thread.start()
        yield it
        it.shutdown()
        thread.join()


def googled(google: Scripted) -> Transcriber:
    from protege.providers.hearing.google import GoogleTranscriber

    return GoogleTranscriber(5.0, f"{google.url}/speech")


FOUND = b'{"result":[]}\n{"result":[{"alternative":[{"transcript":"hi there","confidence":0.9}]}]}'


def test_google_is_asked_in_the_language_of_the_place(google: Scripted) -> None:
    google.answers = [Said(body=FOUND), Said(body=b'{"result":[]}')]
    by = googled(google)
    assert heard(by, said("hi there"), TAUGHT, "ru") == "hi there"
    assert heard(by, said("hi there")) == ""
    assert re.search("lang=ru&", google.requests[0].query)
    assert google.requests[0].body.startswith(b"fLaC")


def test_google_that_is_down_is_unavailable(google: Scripted) -> None:
    google.answers = [Said(503), Said(body=b"<html>")]
    by = googled(google)
    for _ in range(2):
        with pytest.raises(Unavailable):
            heard(by, said("hi there"))


# ---- the choice ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stt", "wanted"),
    [
        ("vosk", "pip install vosk|STT_FOLDER"),
        ("whisper", "pip install 'SpeechRecognition.whisper-local.'|STT_FOLDER"),
        ("faster-whisper", "pip install 'SpeechRecognition.faster-whisper.'|STT_FOLDER"),
    ],
)
def test_an_engine_that_lacks_something_says_what(stt: str, wanted: str) -> None:
    env = {
        "DISCORD_PUBLIC_KEY": "0" * 64,
        "STT": stt,
        "STT_MODEL": "none",
        "STT_FOLDER": "/nowhere",
    }
    with pytest.raises(ConfigError, match=wanted):
        transcriber(Config.read(env), lambda name: "")


def test_the_usual_engine_needs_nothing() -> None:
    config = Config.read({"DISCORD_PUBLIC_KEY": "0" * 64})
    by = transcriber(config, lambda name: "")
    assert by.model == "" and heard(by, said("tell me a joke")) == "tell me a joke"
    google = transcriber(config._replace(stt="google"), lambda name: "")
    assert type(google).__name__ == "GoogleTranscriber"
