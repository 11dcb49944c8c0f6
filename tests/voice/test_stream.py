"""Packets come late, twice, out of order or not at all; the sound is whole all the same."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.exchange import tone
from voice_worker.audio import HEARD_FRAME, SILENCE
from voice_worker.listening.opus import Decoder, Encoder, OpusError
from voice_worker.listening.stream import DEPTH, PATIENCE_S, Stream


class Echo:
    """Decodes a packet to a frame that tells which it was; a guess to zeros, a repair to ones."""

    def decode(
        self, packet: bytes | None, *, fec: bool = False, samples: int | None = None
    ) -> bytes:
        if packet == b"broken":
            raise OpusError("broken")
        return (b"\0" if packet is None else b"\1" if fec else packet) * HEARD_FRAME


def stream() -> tuple[Stream, Counter[str]]:
    counts: Counter[str] = Counter()
    return Stream(counts, Echo()), counts


def push(stream: Stream, *numbers: int, at: float = 0.0) -> list[int]:
    """What is heard, as the first byte of each frame; packet n says n."""
    frames = [f for n in numbers for f in stream.push(n & 0xFFFF, bytes([n & 0xFF]), at)]
    assert all(len(frame) == HEARD_FRAME for frame in frames)
    return [frame[0] for frame in frames]


def test_packets_in_order_pass_at_once() -> None:
    it, counts = stream()
    assert [push(it, n) for n in (10, 11, 12)] == [[10], [11], [12]]
    assert counts == {"received": 3}
    assert not it.waiting


def test_packets_that_overtake_each_other_are_put_in_order() -> None:
    it, counts = stream()
    assert push(it, 10, 12, 11, 14, 13, 15) == [10, 11, 12, 13, 14, 15]
    assert counts == {"received": 6}


def test_a_missing_packet_is_waited_for_and_then_repaired_from_the_next() -> None:
    it, counts = stream()
    assert push(it, 10, *range(12, 12 + DEPTH)) == [10]
    assert it.waiting
    assert push(it, 12 + DEPTH) == [1, *range(12, 13 + DEPTH)]
    assert counts["lost"] == counts["concealed"] == 1


def test_of_several_missing_packets_all_but_the_last_are_guessed() -> None:
    it, counts = stream()
    push(it, 10)
    assert push(it, *range(14, 15 + DEPTH)) == [0, 0, 1, *range(14, 15 + DEPTH)]
    assert counts["lost"] == counts["concealed"] == 3


def test_nobody_waits_for_ever_at_the_end_of_speech() -> None:
    it, _ = stream()
    assert push(it, 10, 12, at=5.0) == [10]
    assert it.tick(5.0 + PATIENCE_S / 2) == []
    assert [frame[0] for frame in it.tick(5.0 + PATIENCE_S)] == [1, 12]
    assert not it.waiting


def test_what_comes_after_its_turn_and_what_comes_twice_is_dropped() -> None:
    it, counts = stream()
    assert push(it, 10, 11, 11, 9, 12) == [10, 11, 12]
    assert counts["late"] == 2


def test_numbers_begin_anew_after_65535() -> None:
    it, counts = stream()
    assert push(it, 65534, 65535, 65536, 65538, 65537) == [254, 255, 0, 1, 2]
    assert not counts["lost"]


@pytest.mark.parametrize("to", [400, 40_000])
def test_a_jump_is_a_new_beginning_and_not_a_loss(to: int) -> None:
    it, counts = stream()
    assert push(it, 20_000, to, to + 1) == [20_000 & 255, to & 255, to + 1 & 255]
    assert not counts["lost"]


def test_a_broken_packet_is_a_moment_of_silence() -> None:
    it, counts = stream()
    assert it.push(1, b"broken", 0.0) == [bytes(HEARD_FRAME)]
    assert counts["broken"] == 1


def test_a_long_gap_is_not_filled_with_a_hum() -> None:
    it, counts = stream()
    push(it, 10)
    heard = push(it, *range(110, 111 + DEPTH))
    assert counts["lost"] == 99
    assert counts["concealed"] == heard.index(110) == 10


def test_packets_of_another_length_are_cut_into_frames_of_20_ms() -> None:
    encoder, counts = Encoder(), Counter[str]()
    it = Stream(counts)
    frames = [f for n in range(6) for f in it.push(n, encoder.encode(tone(0.01)), 0.0)]
    assert [len(frame) for frame in frames] == [HEARD_FRAME] * 3
    frames = it.push(6, encoder.encode(tone(0.06)), 0.0)
    assert [len(frame) for frame in frames] == [HEARD_FRAME] * 3


@given(st.permutations(range(4)), st.lists(st.booleans(), min_size=40, max_size=40))
def test_whatever_the_network_does_frames_keep_their_order(
    shuffle: list[int], lost: list[bool]
) -> None:
    it, counts = stream()
    kept = [n for n, gone in enumerate(lost) if not gone]
    sent = [kept[at + by] for at in range(0, len(kept) // 4 * 4, 4) for by in shuffle]
    heard = push(it, *(n + 2 for n in sent)) + [frame[0] for frame in it.tick(9.0)]
    said = [number for number in heard if number > 1]
    assert said == sorted(said)
    assert len(said) + counts["late"] == len(sent)


def test_opus_repairs_a_lost_packet_to_something_near_what_was_said() -> None:
    encoder, decoder = Encoder(), Decoder()
    packets = [encoder.encode(tone(0.02)) for _ in range(10)]
    whole = [Decoder().decode(packet) for packet in packets[:1]]
    for packet in packets[:8]:
        decoder.decode(packet)
    repaired = decoder.decode(packets[9], fec=True, samples=HEARD_FRAME // 2)
    assert len(repaired) == len(whole[0]) == HEARD_FRAME
    assert any(repaired)


@pytest.mark.parametrize("packet", [b"", b"\xff\xff\xff"])
def test_opus_refuses_what_is_no_packet(packet: bytes) -> None:
    with pytest.raises(OpusError):
        Decoder().decode(packet)


@pytest.mark.parametrize("pcm", [b"\0", bytes(100)])
def test_opus_refuses_sound_of_a_length_that_no_frame_has(pcm: bytes) -> None:
    with pytest.raises(OpusError):
        Encoder().encode(pcm)


def test_silence_is_a_packet_of_20_ms() -> None:
    assert Decoder().decode(SILENCE) == bytes(HEARD_FRAME)
