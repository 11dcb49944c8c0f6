"""The line's parts that need no network: packets, the pulse, where we stand."""

import asyncio
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as seal

from voice_worker.line.packets import Packet, discovered, discovery, is_voice, opened, sealed
from voice_worker.line.pulse import MISSES, Pulse
from voice_worker.line.standing import Over, Place, Standing

KEY = bytes(range(32))


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.binary(min_size=1), st.integers(0, 9))
def test_what_was_sealed_is_opened(sequence: int, timestamp: int, frame: bytes, nonce: int) -> None:
    packet = Packet(sequence, timestamp, 7, frame)
    datagram = sealed(packet, KEY, nonce)
    assert is_voice(datagram)
    assert opened(datagram, KEY) == packet


def _from_server(words: int, padding: int, frame: bytes, sources: int = 0) -> bytes:
    """A packet as the voice server sends it, with a header extension and RTP padding."""
    first = 0x80 | 0x10 * bool(words) | 0x20 * bool(padding) | sources
    header = struct.pack(">BBHII", first, 0x78, 1, 2, 3) + bytes(4 * sources)
    header += struct.pack(">HH", 0xBEDE, words) if words else b""
    body = b"\x11" * 4 * words + frame
    body += bytes(padding - 1) + bytes([padding]) if padding else b""
    return header + seal(body, header, bytes(24), KEY) + bytes(4)


@pytest.mark.parametrize("words", [0, 1, 2, 5])
@pytest.mark.parametrize("padding", [0, 1, 8])
@pytest.mark.parametrize("sources", [0, 2])
def test_extension_and_padding_are_stripped(words: int, padding: int, sources: int) -> None:
    datagram = _from_server(words, padding, b"the frame", sources)
    assert opened(datagram, KEY) == Packet(1, 2, 3, b"the frame")


@given(st.binary(max_size=100))
def test_noise_is_refused_and_not_stumbled_over(noise: bytes) -> None:
    for datagram in (noise, b"\x90\x78" + noise, b"\xbf\x78" + noise):
        if is_voice(datagram):
            with pytest.raises(ValueError):
                opened(datagram, KEY)


def test_rtcp_and_answers_to_discoveries_are_no_voice() -> None:
    answer = struct.pack(">HHI64sH", 2, 70, 5, b"127.0.0.1", 999)
    assert not is_voice(answer)
    assert not is_voice(b"\x80\xc9" + bytes(60))
    assert discovered(answer) == answer[8:]
    assert discovered(discovery(5)) is None


class Answers:
    """Ears that hear answers to the first `few` questions, from these addresses."""

    def __init__(self, few: int, *addresses: bytes) -> None:
        self.last_packet = self.last_answer = 0.0
        self.address: bytes | None = None
        self.asked = 0
        self._few = few
        self._addresses = addresses or (b"here",)

    def ask(self) -> None:
        self.asked += 1
        if self.asked <= self._few:
            self.last_packet = self.last_answer = time.monotonic()
            self.address = self._addresses[(self.asked - 1) % len(self._addresses)]


def _stops(ears: Answers, within_s: float = 5.0) -> bool:
    async def look() -> bool:
        try:
            async with asyncio.timeout(within_s):
                await Pulse(ears.ask, ears, keepalive_s=0.01).stops()
        except TimeoutError:
            return False
        return True

    return asyncio.run(look())


def test_a_server_that_ceases_to_answer_is_given_up_after_a_few_questions() -> None:
    ears = Answers(5)
    assert _stops(ears)
    assert ears.asked == 5 + MISSES


def test_a_server_that_never_answers_is_not_suspected() -> None:
    assert not _stops(Answers(0), within_s=0.3)


def test_a_server_that_sees_us_elsewhere_is_given_up() -> None:
    ears = Answers(9, b"here", b"here", b"there")
    assert _stops(ears)
    assert ears.asked == 3


def _standing(*events: object) -> Standing:
    """After these: a tuple is our voice state, a string our server's token."""
    standing = Standing(1)

    async def tell() -> None:
        for event in events:
            if isinstance(event, tuple):
                standing.state(*event)
            elif isinstance(event, str):
                standing.server(event, "host")

    asyncio.run(tell())
    return standing


@pytest.mark.parametrize("events", [((1, "s"), "t"), ("t", (1, "s"))])
def test_a_place_is_complete_whatever_comes_first(events: tuple[object, ...]) -> None:
    assert _standing(*events).place == Place(1, "s", "t", "host")


def test_while_a_part_is_missing_there_is_no_place_but_one_is_coming() -> None:
    standing = _standing((1, "s"))
    assert standing.place is None
    assert standing.coming
    standing.forget()
    assert not standing.coming


def test_a_move_changes_the_wish_and_outdates_the_server() -> None:
    standing = Standing(1, together_s=-1)

    async def move() -> None:
        assert not standing.state(1, "s")
        standing.server("t", "host")
        assert standing.state(2, "s")

    asyncio.run(move())
    assert (standing.wanted, standing.place) == (2, None)


def test_only_who_was_there_can_be_kicked() -> None:
    assert _standing((None, "s")).over is None
    assert _standing((1, "s"), (None, "s")).over == "kicked"


def test_who_hides_to_come_back_is_not_kicked() -> None:
    standing = _standing((1, "s"), "t")
    standing.hide()

    async def again() -> None:
        standing.state(None, "s")
        standing.state(1, "s2")
        standing.check()
        standing.state(None, "s2")

    asyncio.run(again())
    with pytest.raises(Over):
        standing.check()


def test_a_kick_out_of_a_channel_that_is_deleted_is_its_closure() -> None:
    standing = _standing((1, "s"), (None, "s"))
    standing.finish("closed")
    standing.finish("asked")
    assert standing.over == "closed"
