"""Sound files of strangers: what is in them, how much of it, and what they may not do."""

import io
import shutil
import subprocess
import threading
import wave
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from playground.openai import OpenAIServer
from playground.voice.speech import speech
from protege import sounds
from protege.app import App
from protege.commands.reading import SOUNDS
from protege.errors import UserError
from protege.hearing import Hearing, likely
from protege.learning import Lesson
from protege.providers.hearing.offline import OfflineTranscriber
from protege.spending import paid_by
from tests.person import GUILD, Person, configured, snowflake
from tests.recorder import Recorder
from tests.scripted import Scripted, said

KINDS = {
    "ogg": ("-c:a", "libopus", "-f", "ogg"),
    "opus": ("-c:a", "libopus", "-f", "opus"),
    "mp3": ("-f", "mp3"),
    "m4a": ("-c:a", "aac", "-f", "ipod"),
    "wav": ("-f", "wav"),
    "flac": ("-f", "flac"),
    "webm": ("-c:a", "libopus", "-f", "webm"),
}
QUESTION = "Can I get a refund?"
ANSWER = "Yes, within 14 days."


def ffmpeg(*command: str) -> None:
    subprocess.run(("ffmpeg", "-v", "error", "-y", *command), check=True)


def packed(folder: Path, kind: str, pcm: bytes, *before: str) -> bytes:
    """16 kHz mono as a file."""
    made, plain = folder / f"made.{kind}", folder / "plain.raw"
    plain.write_bytes(pcm)
    raw = ("-f", "s16le", "-ar", "16000", "-ac", "1", "-i", str(plain))
    ffmpeg(*before, *raw, *KINDS[kind], str(made))
    return made.read_bytes()


def wav(seconds: float, rate: int = 16_000) -> bytes:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(int(seconds * rate) * 2))
    return body.getvalue()


@cache
def spoken(text: str) -> bytes:
    return bytes(9600) + speech(text, hz=16_000) + bytes(9600)


# ---- unpacking -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_sound_is_unpacked(kind: str, tmp_path: Path) -> None:
    pcm = spoken(QUESTION)
    body = packed(tmp_path, kind, pcm)
    found = sounds.samples(f"note.{kind}", body, 10.0)
    assert len(found) == pytest.approx(len(pcm), abs=16_000 * 2 // 4)
    told = sounds.length_s(body)
    assert told is None if kind == "webm" else told == pytest.approx(len(pcm) / 32_000, abs=0.2)


def test_those_kinds_are_taken_for_sounds() -> None:
    assert set(SOUNDS) == sounds.ENDINGS
    assert sounds.is_sound("Voice-Message.OGG") and not sounds.is_sound("ogg.txt")


def test_several_channels_at_any_rate_become_one() -> None:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(44_100 * 4))
    assert len(sounds.samples("a.wav", body.getvalue(), 5.0)) == pytest.approx(32_000, abs=100)


def test_what_is_too_long_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UserError, match="longer than 5 s"):
        sounds.samples("a.wav", wav(6.0), 5.0)


@pytest.mark.parametrize(("kind", "seconds"), [("flac", 7200), ("webm", 120)])
def test_a_small_file_that_unpacks_to_much_is_refused(
    kind: str, seconds: int, tmp_path: Path
) -> None:
    """Of webm mutagen does not know how long it is."""
    made = tmp_path / f"bomb.{kind}"
    silence = ("-f", "lavfi", "-t", str(seconds), "-i", "anullsrc=r=8000:cl=mono")
    ffmpeg(*silence, *KINDS[kind], str(made))
    body = made.read_bytes()
    assert len(body) * 50 < seconds * 32_000
    with pytest.raises(UserError, match="longer than 10 s"):
        sounds.samples(f"bomb.{kind}", body, 10.0)


def test_no_more_is_unpacked_than_is_allowed_whatever_the_file_says(tmp_path: Path) -> None:
    """A header that lies: it claims a second and holds a hundred."""
    body = bytearray(wav(100.0))
    body[40:44] = (32_000).to_bytes(4, "little")
    assert sounds.length_s(bytes(body)) == pytest.approx(1.0)
    found = sounds.samples("liar.wav", bytes(body), 3.0)
    assert len(found) <= 4 * 32_000


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{it}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{it}'\n"


@pytest.mark.parametrize("text", [PLAYLIST, CONCAT, "SDP v=0 {it}", "{it}", ""])
@pytest.mark.parametrize("name", ["a.ogg", "a.mp3", "a.m4a", "a.wav"])
def test_a_file_cannot_name_another_one(text: str, name: str, tmp_path: Path) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(wav(1.0))
    with pytest.raises(UserError, match="cannot find any sound"):
        sounds.samples(name, text.format(it=other).encode(), 5.0)


def test_a_file_cannot_have_us_call_anybody(discord: Recorder) -> None:
    text = PLAYLIST.format(it=f"{discord.url}/files/a.wav")
    with pytest.raises(UserError):
        sounds.samples("a.ogg", text.encode(), 5.0)
    assert not discord.calls


@pytest.mark.parametrize("body", [b"", b"RIFF", b"OggS" * 99, b"ID3" + bytes(999), b"fLaC\0\0"])
def test_a_broken_file_is_told(body: bytes) -> None:
    assert sounds.length_s(body) is None
    with pytest.raises(UserError, match="cannot find any sound"):
        sounds.samples("a.ogg", body, 5.0)


def test_half_a_file_is_as_good_as_its_half(tmp_path: Path) -> None:
    body = packed(tmp_path, "mp3", spoken(QUESTION))
    assert sounds.samples("a.mp3", body[: len(body) // 2], 5.0)


def test_a_picture_is_no_sound(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-t", "1", "-i", "color=s=16x16", "-f", "mp4", str(film))
    with pytest.raises(UserError, match="cannot find any sound"):
        sounds.samples("film.m4a", film.read_bytes(), 5.0)


# ---- cutting -------------------------------------------------------------------------------------


def test_a_long_sound_is_cut_where_nobody_speaks() -> None:
    one, other = spoken("tell me a joke"), spoken("read me the news")
    found = sounds.pieces(one + bytes(64_000) + other)
    assert len(found) == 2
    assert all(1.0 < len(piece) / 32_000 < 2.5 for piece in found)


def test_speech_without_pauses_is_cut_all_the_same() -> None:
    hum = bytes(range(256)) * 32_000
    found = sounds.pieces(hum)
    assert max(map(len, found)) <= sounds.PIECE_S * 32_000
    assert b"".join(found) == hum


def test_silence_has_no_pieces() -> None:
    assert sounds.pieces(bytes(64_000)) == []


# ---- what is said --------------------------------------------------------------------------------


def hearing(app: App, most_s: float = 30.0) -> Hearing:
    return Hearing(OfflineTranscriber, most_s, app.spending)


def test_a_recording_of_several_sentences_is_heard_whole(app: App, tmp_path: Path) -> None:
    pcm = spoken("tell me a joke") + bytes(32_000) + spoken(QUESTION)
    body = packed(tmp_path, "mp3", pcm)
    found = hearing(app).text("a.mp3", body, "en-US", [QUESTION])
    assert found == f"tell me a joke {QUESTION}"


def test_what_has_no_words_is_told(app: App) -> None:
    with pytest.raises(UserError, match="no words"):
        hearing(app).text("a.wav", wav(2.0), "en-US")


def test_an_engine_that_lacks_something_is_an_operator_s_matter(
    discord: Recorder, tmp_path: Path
) -> None:
    app = configured(discord, str(tmp_path), STT="openai")
    with pytest.raises(UserError, match="OPENAI_API_KEY") as refused:
        app.hearing.text("a.wav", wav(1.0), "en-US")
    assert "Оператору" in refused.value.to("ru")


def test_taught_questions_are_likely_those_taught_last_first(app: App) -> None:
    assert likely(app.models, GUILD) == ()
    for question in ("first?", "second?", "first?"):
        id = app.lessons.new_id(GUILD, snowflake())
        app.lessons.add(GUILD, Lesson(id, question, ANSWER, "", "42"))
    assert likely(app.models, GUILD) == ("first?", "second?")


# ---- /ask ----------------------------------------------------------------------------------------


def taught(app: App) -> None:
    app.lessons.add(GUILD, Lesson("00000000000001-1", QUESTION, ANSWER, "", "42"))


def test_a_question_may_be_spoken(app: App, ada: Person, tmp_path: Path) -> None:
    taught(app)
    ada.slash(
        "ask", file=ada.upload("voice-message.ogg", packed(tmp_path, "ogg", spoken(QUESTION)))
    )
    assert ada.sees == f"> 👂 {QUESTION}\n{ANSWER}"
    assert len(ada.buttons) == 3


def test_a_recording_may_be_asked_about(app: App, ada: Person, tmp_path: Path) -> None:
    taught(app)
    note = packed(tmp_path, "mp3", spoken("the meeting starts at nine in the morning"))
    ada.slash("ask", question=QUESTION, file=ada.upload("note.mp3", note))
    head = f"> {QUESTION}\n> 👂 the meeting starts at nine in the morning\n"
    assert ada.sees.startswith(head)


def test_asking_nothing_is_answered_with_how(ada: Person) -> None:
    ada.slash("ask")
    assert "`question`" in ada.sees
    ada.locale = "ru"
    ada.slash("ask", file=ada.upload("a.txt", "text"))
    assert "Что вы хотите узнать?" in ada.sees


def test_what_is_said_about_a_broken_sound_is_shown(ada: Person) -> None:
    ada.slash("ask", file=ada.upload("a.ogg", b"no sound at all"))
    assert "cannot find any sound in “a.ogg”" in ada.sees


def test_nobody_trains_on_sounds(ada: Person) -> None:
    ada.slash("train", attachment=ada.upload("a.ogg", b"OggS"))
    assert "“a.ogg” is a sound" in ada.sees


# ---- a function, and OpenAI ----------------------------------------------------------------------


@pytest.fixture
def openai(tmp_path: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path / "openai", key="sk-right") as it:
        yield it


@pytest.fixture
def service() -> Iterator[Scripted]:
    with Scripted() as it:
        thread = threading.Thread(target=it.serve_forever, args=(0.05,))
        thread.start()
        yield it
        it.shutdown()
        thread.join()


@pytest.fixture
def online(discord: Recorder, openai: OpenAIServer, tmp_path: Path) -> App:
    env = {"STT": "openai", "OPENAI_BASE_URL": openai.base_url, "OPENAI_API_KEY": "sk-right"}
    return configured(discord, str(tmp_path / "data"), **env)


def test_a_service_gets_the_file_as_it_is_and_is_paid_by_the_minute(
    online: App, tmp_path: Path
) -> None:
    body = packed(tmp_path, "ogg", spoken(QUESTION))
    with paid_by(GUILD):
        assert online.hearing.text("a.ogg", body, "en-US", [QUESTION]) == QUESTION
    month = online.spending.month(GUILD)
    assert month.seconds == pytest.approx(len(spoken(QUESTION)) / 32_000, abs=0.1)
    assert month.dollars == pytest.approx(month.seconds / 60 * 0.0045)


def test_a_function_without_ffmpeg_hears_by_a_service(
    service: Scripted, discord: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.routes["POST /audio/transcriptions"] = said({"text": " Hello there. "})
    body, webm = packed(tmp_path, "m4a", spoken(QUESTION)), packed(tmp_path, "webm", bytes(64_000))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("ffmpeg") is None
    env = {"STT": "openai", "OPENAI_BASE_URL": service.url, "OPENAI_API_KEY": "sk-right"}
    app = configured(discord, str(tmp_path / "data"), **env)
    for name, sent, why in (
        ("a.webm", webm, "how long"),
        ("a.wav", wav(301.0), "longer than 300 s"),
        ("a.opus", body, "ffmpeg"),
    ):
        with pytest.raises(UserError, match=why):
            app.hearing.text(name, sent, "en-US")
    assert not service.requests
    assert app.hearing.text("a.m4a", body, "ru", [QUESTION]) == "Hello there."
    [asked] = service.requests
    assert (
        body in asked.body and b"gpt-transcribe" in asked.body and QUESTION.encode() in asked.body
    )


def test_who_has_spent_the_budget_is_not_listened_to(
    discord: Recorder, openai: OpenAIServer, tmp_path: Path
) -> None:
    env = {"STT": "openai", "OPENAI_BASE_URL": openai.base_url, "OPENAI_API_KEY": "sk-right"}
    app = configured(discord, str(tmp_path / "d"), GUILD_BUDGET_USD="0.000001", **env)
    app.hearing.heard(GUILD, "gpt-transcribe", 60.0)
    with pytest.raises(UserError, match="budget"):
        app.hearing.text("a.wav", wav(1.0), "en-US", space=GUILD)
    assert not openai.journal.calls()
