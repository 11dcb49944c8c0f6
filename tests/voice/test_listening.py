"""Where utterances begin and end: whatever comes, and whenever."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.voice.speech import speech
from voice_worker.audio import FRAME_S, HEARD_FRAME
from voice_worker.listening.utterances import ONSET_OF, STALL_S, Began, Ended, More, Utterances

LOUD, SOFT = 1, 0
SILENT_FRAME = bytes(HEARD_FRAME)


def frame(number: int, voiced: bool) -> bytes:
    """A frame that can be told from every other, and whether it is voiced from its first byte."""
    return bytes([voiced]) + number.to_bytes(4, "big") + bytes(HEARD_FRAME - 5)


def numbers(pcm: bytes) -> list[int]:
    starts = range(0, len(pcm), HEARD_FRAME)
    return [int.from_bytes(pcm[start + 1 : start + 5], "big") for start in starts]


def listening(endpoint_s: float = 0.3, longest_s: float = 30.0, **more: Any) -> Utterances:
    return Utterances(endpoint_s, longest_s, voiced=lambda it: it[0] == LOUD, **more)


def steady(listener: Utterances, pattern: str) -> list[Any]:
    """Events of frames that come every 20 ms; `#` is voiced."""
    events = []
    for number, letter in enumerate(pattern):
        events += listener.push(frame(number, letter == "#"), number * FRAME_S)
    return events


def utterances(events: list[Any]) -> list[tuple[list[int], Ended | None]]:
    """Of each the numbers of its frames, and its end; events in another order fail."""
    found: list[tuple[list[int], Ended | None]] = []
    for event in events:
        under_way = bool(found) and found[-1][1] is None
        assert under_way != isinstance(event, Began), "begun twice, or goes on without a beginning"
        match event:
            case Began(_, pcm):
                found.append((numbers(pcm), None))
            case More(pcm):
                found[-1][0].extend(numbers(pcm))
            case Ended():
                found[-1] = found[-1][0], event
    return found


ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.02, 0.02, 0.02, 0.1, 0.4, 3.0]),  # since the one before
        st.booleans(),  # voiced
        st.booleans(),  # whether the clock is looked at before it
    ),
    max_size=200,
)


@given(ARRIVALS, st.sampled_from([0.1, 0.3, 1.0]), st.sampled_from([0.1, 0.5, 2.0, 30.0]))
def test_no_frame_is_lost_or_doubled_whenever_frames_come(
    arrivals: list[tuple[float, bool, bool]], endpoint_s: float, longest_s: float
) -> None:
    listener, events, now = listening(endpoint_s, longest_s), [], 0.0
    for number, (after_s, voiced, looked) in enumerate(arrivals):
        now += after_s
        events += listener.tick(now) if looked else []
        events += listener.push(frame(number, voiced), now)
    events += listener.tick(now + endpoint_s + STALL_S + 0.01)
    last = -1
    for heard, end in utterances(events):
        assert end, "all have ended"
        assert heard[0] > last, "no frame is in two utterances"
        assert heard == list(range(heard[0], heard[-1] + 1)), "nothing is missing within one"
        assert len(heard) <= max(ONSET_OF, round(longest_s / FRAME_S)), "the cap holds"
        assert end.seconds == pytest.approx(len(heard) * FRAME_S)
        last = heard[-1]


@given(st.lists(st.integers(1, 2000), max_size=60))
def test_frames_may_come_in_any_pieces(lengths: list[int]) -> None:
    whole = b"".join(frame(number, True) for number in range(100))
    listener, heard, at = listening(), bytearray(), 0
    for length in [*lengths, len(whole)]:
        for event in listener.push(whole[at : at + length], 0.0):
            heard += b"" if isinstance(event, Ended) else event.pcm
        at += length
    assert numbers(bytes(heard)) == list(range(100))


@given(st.text("#.", max_size=120))
def test_voiced_frames_that_go_on_are_all_heard(pattern: str) -> None:
    events = steady(listening(), pattern + "###" + "." * 20)
    within = {number for heard, _ in utterances(events) for number in heard}
    runs = [at for at in range(len(pattern)) if pattern[at : at + 3] == "###"]
    assert {at + step for at in runs for step in range(3)} <= within


def test_an_utterance_has_what_came_shortly_before() -> None:
    [(heard, end)] = utterances(steady(listening(), "." * 40 + "#" * 20 + "." * 20))
    assert heard[0] == 40 + 3 - 15, "three voiced frames show it, 0.3 s before them belong to it"
    assert end and end.why == "silence" and end.at == pytest.approx(59 * FRAME_S)


def test_a_click_is_no_utterance() -> None:
    assert steady(listening(), ".....##.....#.....##....") == []


def test_a_short_pause_does_not_end_it_and_a_long_one_does() -> None:
    assert len(utterances(steady(listening(), "####" + "." * 14 + "####" + "." * 15))) == 1
    assert len(utterances(steady(listening(), "####" + "." * 15 + "####" + "." * 15))) == 2


def test_it_ends_although_nothing_comes_any_more() -> None:
    listener = listening()
    events = steady(listener, "##########.....")
    assert not any(isinstance(event, Ended) for event in events)
    last = 14 * FRAME_S
    assert listener.tick(last + 0.15) == []
    [end] = listener.tick(last + 0.25)
    assert isinstance(end, Ended) and end.at == pytest.approx(9 * FRAME_S)
    assert listener.tick(last + 9) == []


def test_sound_that_breaks_off_is_waited_for_a_little_longer() -> None:
    listener = listening()
    steady(listener, "##########")
    assert listener.tick(9 * FRAME_S + 0.4) == [] and listener.speaking
    assert listener.tick(9 * FRAME_S + 0.6) and not listener.speaking


def test_what_goes_on_after_the_cap_is_another_utterance() -> None:
    events = steady(listening(longest_s=1.0), "#" * 120 + "." * 15)
    found = utterances(events)
    assert [end and end.why for _, end in found] == ["cap", "cap", "silence"]
    assert [number for heard, _ in found for number in heard] == list(range(135))


def test_real_speech_is_heard_and_the_silence_around_it_is_not() -> None:
    pcm = bytes(32_000) + speech("where can i buy a new computer", hz=16_000) + bytes(32_000)
    listener, events = Utterances(0.3, 30.0), []
    for number, start in enumerate(range(0, len(pcm) - HEARD_FRAME, HEARD_FRAME)):
        events += listener.push(pcm[start : start + HEARD_FRAME], number * FRAME_S)
    assert [type(event) for event in events if not isinstance(event, More)] == [Began, Ended]
    assert isinstance(events[-1], Ended) and 1.5 < events[-1].seconds < 3.0


def test_frames_of_silence_begin_nothing() -> None:
    listener = Utterances(0.3, 30.0)
    assert not any(listener.push(SILENT_FRAME, number * FRAME_S) for number in range(200))
