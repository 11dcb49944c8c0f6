"""How it sounds: equally loud, without needless silence, and not made twice."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from protege.errors import Unavailable
from tests.voice.speakers import Counting, Flite, heard, hum, loudness
from voice_worker.audio import SPOKEN_FRAME
from voice_worker.speaking import Manner, Speaker
from voice_worker.speaking.framing import framed, trimmed
from voice_worker.speaking.levelling import CEILING, Leveller
from voice_worker.speaking.loudness import Meter

TEXT = "We open at nine in the morning, and close at ten in the evening."
SILENCE = bytes(SPOKEN_FRAME)


def said(speaker: Speaker, text: str = TEXT, **manner: str) -> bytes:
    return heard(speaker.frames(text, Manner(**manner)))  # type: ignore[arg-type]


# ---- loudness ------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [0.2, 1.0, 3.0])
def test_faint_and_loud_voices_sound_alike(tmp_path: Path, factor: float) -> None:
    measured, peak = loudness(said(Speaker(Flite(factor), tmp_path)))
    assert abs(measured - -20.0) < 1.5 and peak < 0.0


def test_the_second_sentence_begins_as_loud_as_the_first_ended(tmp_path: Path) -> None:
    speaker = Speaker(Flite(0.2), tmp_path)
    assert list(speaker.frames("Where can I find the key?", Manner()))
    measured, _ = loudness(said(speaker))
    assert abs(measured - -20.0) < 1.5


def test_no_peak_is_higher_than_the_ceiling_wherever_it_comes() -> None:
    click = np.zeros(SPOKEN_FRAME // 2, "<i2")
    click[7], click[-1] = 32767, -32768
    quiet = list(framed([hum(300, 3.0)]))
    frames = [*quiet[:60], click.tobytes(), *quiet[60:], click.tobytes()]
    out = np.frombuffer(b"".join(Leveller(-50.0).level(frames)), "<i2").astype(int)
    assert len(out) == len(frames) * SPOKEN_FRAME // 2
    assert CEILING - 2 < np.abs(out).max() <= CEILING + 1


def test_the_first_frame_of_a_known_voice_does_not_wait() -> None:
    given = []

    def frames():
        for frame in framed([hum(3000, 2.0)]):
            given.append(frame)
            yield frame

    next(Leveller(-20.0).level(frames()))
    assert len(given) == 2
    given.clear()
    next(Leveller().level(frames()))
    assert 10 < len(given) <= 20


@pytest.mark.parametrize("factor", [0.1, 1.0])
def test_loudness_is_what_ffmpeg_measures(factor: float) -> None:
    sound = b"".join(Flite(factor).synthesize(TEXT, Manner()))
    meter = Meter()
    meter.add(np.frombuffer(sound, "<i2"))
    found = meter.loudness()
    assert found is not None and abs(found - loudness(sound)[0]) < 0.3


def test_silence_has_no_loudness_and_stays_silent() -> None:
    leveller = Leveller()
    assert set(b"".join(leveller.level([SILENCE] * 40))) == {0}
    assert leveller.measured() is None


def test_silence_around_a_sentence_is_cut_and_within_it_stays() -> None:
    voiced = framed([hum(5000, 0.02)]).__next__()
    frames = [*[SILENCE] * 20, voiced, *[SILENCE] * 15, voiced, *[SILENCE] * 30]
    assert list(trimmed(frames)) == [SILENCE, voiced, *[SILENCE] * 15, voiced, *[SILENCE] * 8]
    assert list(trimmed([SILENCE] * 9)) == []


# ---- the cache -----------------------------------------------------------------------------------


def test_what_was_said_before_is_not_made_again_even_after_a_restart(tmp_path: Path) -> None:
    engine = Counting()
    first = list(Speaker(engine, tmp_path).frames("One.", Manner()))
    again = Speaker(engine, tmp_path)
    assert list(again.frames("One.", Manner())) == first and engine.asked == ["One."]


def test_another_voice_language_pace_text_or_engine_is_another_sound(tmp_path: Path) -> None:
    engine = Counting()
    speaker = Speaker(engine, tmp_path)
    for manner in (Manner(), Manner("f3"), Manner(language="ru"), Manner(speed=1.5)):
        list(speaker.frames("One.", manner))
        list(speaker.frames("Two.", manner))
    assert len(engine.asked) == 8
    other = Counting()
    other.name = "other"
    list(Speaker(other, tmp_path).frames("One.", Manner()))
    assert other.asked == ["One."]


def test_the_files_tell_nobody_what_was_said(tmp_path: Path) -> None:
    list(Speaker(Counting(), tmp_path / "cache").frames("A secret.", Manner()))
    [file] = (tmp_path / "cache").glob("*/*")
    assert b"secret" not in file.read_bytes() and "secret" not in file.name
    assert file.stat().st_mode & 0o077 == 0 == file.parent.stat().st_mode & 0o077


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "gone", "folder"])
def test_a_broken_entry_is_made_anew(tmp_path: Path, damage: str) -> None:
    engine = Counting()
    speaker = Speaker(engine, tmp_path)
    first = list(speaker.frames("One.", Manner()))
    [file] = tmp_path.glob("*/*")
    whole = file.read_bytes()
    file.unlink()
    if damage == "folder":
        file.mkdir()
    elif damage != "gone":
        bad = {"cut": whole[:-5], "changed": whole[:-1] + b"!", "empty": b""}
        file.write_bytes(bad[damage])
    assert len(list(speaker.frames("One.", Manner()))) == len(first)
    assert engine.asked == ["One.", "One."]
    if damage != "folder":
        list(speaker.frames("One.", Manner()))
        assert len(engine.asked) == 2


def test_the_cache_stays_within_its_bounds_and_drops_what_was_not_used_longest(
    tmp_path: Path,
) -> None:
    engine = Counting()
    speaker = Speaker(engine, tmp_path, limit_mb=1)
    speaker._cache._limit = 40_000  # a second of sound takes about 6 kB
    for n in range(12):
        list(speaker.frames("Kept.", Manner()))
        list(speaker.frames(f"Number {n}.", Manner()))
    assert sum(file.stat().st_size for file in tmp_path.glob("*/*")) <= 40_000
    assert engine.asked.count("Kept.") == 1
    list(speaker.frames("Number 0.", Manner()))
    assert engine.asked.count("Number 0.") == 2


def test_nothing_is_kept_where_nothing_may_be(tmp_path: Path) -> None:
    engine = Counting()
    speaker = Speaker(engine, tmp_path, limit_mb=0)
    list(speaker.frames("One.", Manner()))
    list(speaker.frames("One.", Manner()))
    assert len(engine.asked) == 2 and not list(tmp_path.glob("*/*"))


def test_what_nobody_said_for_a_month_and_what_is_half_written_goes(tmp_path: Path) -> None:
    list(Speaker(Counting(), tmp_path).frames("One.", Manner()))
    [file] = tmp_path.glob("*/*")
    before = time.time() - 31 * 86400
    os.utime(file, (before, before))
    (file.parent / "tmpabc").write_bytes(b"half")
    Speaker(Counting(), tmp_path)
    assert not list(tmp_path.glob("*/*"))


def test_half_a_sentence_is_not_kept(tmp_path: Path) -> None:
    engine = Counting()
    speaker = Speaker(engine, tmp_path)
    frames = speaker.frames("One.", Manner())
    next(frames)
    frames.close()  # type: ignore[attr-defined]
    failing = Speaker(Counting(fails="One"), tmp_path)
    with pytest.raises(Unavailable):
        list(failing.frames("One.", Manner()))
    assert not list(tmp_path.glob("*/*"))
