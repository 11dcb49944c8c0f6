"""Speaking and hearing in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.voice.opus import SILENCE
from playground.voice.speech import speech
from tests.playground.calls.place import (
    FRAME,
    HZ,
    PATIENCE_S,
    WORDS,
    Place,
    join,
    likeness,
    rings,
    wav,
)

pytestmark = pytest.mark.real
SCRIPT = "import('/static/js/voice/call.js').then(async (m) => ({...(await m.heardSoFar())}))"


def test_what_the_microphone_hears_reaches_the_others(
    visitor: Callable[..., Page], place: Place, spoken: Path
) -> None:
    page, max_ = visitor(), place.sits("max")
    join(page)
    length = len(speech(WORDS)) // FRAME
    place.do(max_.wait_heard(place.id("vera"), length * 2))
    rings(page, "vera")
    page.get_by_test_id("call-leave").click()
    expect(page.get_by_test_id("call")).to_be_hidden()
    place.wait_until_gone("vera")
    assert likeness(max_.pcm(place.id("vera"), HZ), speech(WORDS)) > 0.8
    assert (max_.undecryptable, max_.plaintext) == (0, 0)


def test_what_the_others_say_is_played_and_shown(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    said = speech("Hello there, this is Max. I am speaking to the browser now.")
    saying = place.begin(max_.say(said))
    rings(page, "max")
    saying.result(PATIENCE_S)
    expect(page.get_by_test_id("sitter-max")).to_have_attribute("data-speaking", "false")
    stats = page.evaluate(SCRIPT)
    assert stats["played"] > 0.8 * len(said) / 2, stats


def test_a_sound_file_is_sent_in_real_time_and_whole(
    visitor: Callable[..., Page], place: Place, spoken: Path
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    page.get_by_test_id("call-file").set_input_files(spoken)
    expect(page.get_by_test_id("call-playing")).to_contain_text("Playing words.wav")
    rings(page, "vera")
    expect(page.get_by_test_id("call-playing")).to_have_count(0)
    frames = len(speech(WORDS)) // FRAME
    place.do(max_.wait_heard(place.id("vera"), int(0.9 * frames)))
    place.do(max_.quiet(place.id("vera"), 0.5))
    assert likeness(max_.pcm(place.id("vera"), HZ), speech(WORDS)) > 0.8
    sent = [one.at for one in place.voice.rooms.record(place.id("vera")) if one.payload != SILENCE]
    assert sent[-1] - sent[0] > 0.8 * frames * 0.02, "it came faster than it sounds"


def test_a_sound_file_can_be_stopped(
    visitor: Callable[..., Page], place: Place, tmp_path: Path
) -> None:
    page, max_ = visitor(microphone=False), place.sits("max")
    join(page)
    page.get_by_test_id("call-file").set_input_files(wav(tmp_path / "long.wav", speech(WORDS) * 30))
    place.do(max_.wait_heard(place.id("vera"), 20))
    page.get_by_test_id("call-stop").click()
    expect(page.get_by_test_id("call-playing")).to_have_count(0)
    place.do(max_.quiet(place.id("vera"), 1.0))


def test_what_is_no_sound_is_told_so(visitor: Callable[..., Page], tmp_path: Path) -> None:
    page = visitor(microphone=False)
    join(page)
    broken = tmp_path / "notes of Monday.mp3"
    broken.write_text("not a sound at all")
    page.get_by_test_id("call-file").set_input_files(broken)
    problem = page.get_by_test_id("call-problem")
    expect(problem).to_have_text("notes of Monday.mp3 is not a sound that this browser can play.")


def test_without_a_microphone_one_is_told_why_and_hears_all_the_same(
    visitor: Callable[..., Page], place: Place
) -> None:
    page = visitor(microphone=False)
    join(page)
    expect(page.get_by_test_id("call-microphone")).to_contain_text(
        "The browser was not allowed to use your microphone"
    )
    expect(page.get_by_test_id("call-status")).to_contain_text("not allowed to use")
    assert place.seat("vera") == "Lounge"


def test_the_microphone_can_be_muted_and_others_see_it(
    visitor: Callable[..., Page], place: Place
) -> None:
    page, max_ = visitor(), place.sits("max")
    join(page)
    place.do(max_.wait_heard(place.id("vera"), 20))
    page.get_by_test_id("call-mute").click()
    sign = visitor("lina").get_by_test_id("sitter-vera").get_by_role("img", name="muted")
    expect(sign).to_be_visible()
    place.do(max_.quiet(place.id("vera"), 1.0))
    page.get_by_test_id("call-mute").click()
    expect(sign).to_have_count(0)
    place.do(max_.wait_heard(place.id("vera"), len(max_.heard[place.id("vera")]) + 20))
