"""What a person hears: frames opened, kept by speaker, and turned into sound."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from playground.voice.client.group import Group
from playground.voice.opus import SILENCE, Decoder, OpusError
from playground.voice.rooms.cipher import Packet as Sent
from playground.voice.rooms.relay import MARKER

MENDED = 10
"""So many lost frames in a row are made up; longer gaps are pauses."""
KEPT = 100_000
TURN = 1 << 16


class Packet(NamedTuple):
    """One frame that was heard: when (monotonic), its numbers, its sound."""

    at: float
    seq: int
    timestamp: int
    opus: bytes


class Ears:
    """`blame(speaker)`: asked whether a frame that no key opens is the speaker's fault.

    `voiced`: how many frames of each were no silence.
    """

    def __init__(
        self, blame: Callable[[str], bool], on_pcm: Callable[[str, bytes], None] | None
    ) -> None:
        self.heard: dict[str, list[Packet]] = {}
        self.undecryptable = 0
        self.plaintext = 0
        self.voiced: Counter[str] = Counter()
        self.news = asyncio.Event()
        self._blame = blame
        self._on_pcm = on_pcm
        self._live: dict[str, tuple[Decoder, int]] = {}

    def take(self, packet: Sent, user: str | None, group: Group | None) -> str | None:
        """A packet of `user` came, or of somebody not yet known. Returns whose it was."""
        frame: bytes | None = packet.payload
        if group is not None and packet.payload != SILENCE:
            user, frame = self._open(packet.payload, user, group)
        if user is not None and frame is not None:
            self._keep(user, Packet(time.monotonic(), packet.seq, packet.timestamp, frame))
        return user

    def _open(
        self, frame: bytes, user: str | None, group: Group
    ) -> tuple[str | None, bytes | None]:
        self.plaintext += not frame.endswith(MARKER)
        if user is None:
            return group.trial(frame) or (None, None)
        opened = group.decrypt(user, frame)
        if opened is None:
            self.undecryptable += self._blame(user)
        return user, opened

    async def change(self) -> None:
        """Wait for the next frame."""
        self.news.clear()
        await self.news.wait()

    def _keep(self, user: str, packet: Packet) -> None:
        kept = self.heard.setdefault(user, [])
        kept.append(packet)
        self.voiced[user] += packet.opus != SILENCE
        if len(kept) > KEPT:
            del kept[0]
        self.news.set()
        if self._on_pcm is not None:
            self._speak(self._on_pcm, user, packet)

    def _speak(self, on_pcm: Callable[[str, bytes], None], user: str, packet: Packet) -> None:
        decoder, last = self._live.get(user, (Decoder(), packet.seq - 1))
        gap = (packet.seq - last) % TURN
        if not 0 < gap < TURN // 2:
            return  # came too late to be heard
        for pcm in _sound(decoder, packet.opus, gap - 1):
            on_pcm(user, pcm)
        self._live[user] = decoder, packet.seq


def joined(packets: list[Packet], hz: int) -> bytes:
    """Frames as one sound, in their order, with lost ones made up: mono s16le."""
    decoder, last, pieces = Decoder(hz), 0, []
    start = packets[0].seq if packets else 0
    ordered = sorted(packets, key=lambda packet: (packet.seq - start + TURN // 2) % TURN)
    for number, packet in enumerate(ordered):
        lost = (packet.seq - last) % TURN - 1 if number else 0
        pieces += _sound(decoder, packet.opus, lost)
        last = packet.seq
    return b"".join(pieces)


def _sound(decoder: Decoder, frame: bytes, lost: int) -> list[bytes]:
    try:
        made_up = [decoder.conceal() for _ in range(lost if lost <= MENDED else 0)]
        return [*made_up, decoder.decode(frame)]
    except OpusError:
        return []
