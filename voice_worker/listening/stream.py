"""One speaker's packets, put in order and made whole: sound out of what the network left over.

Packets in order pass at once. Behind a gap the next ones wait a moment for the missing; then it is
concealed: the last missing frame from the repair that the packet behind it carries (FEC), the ones
before by guessing (PLC).
"""

import heapq
from collections import Counter
from typing import Protocol

from voice_worker.audio import HEARD_FRAME
from voice_worker.listening.opus import Decoder, OpusError

DEPTH = 3
"""So many packets may overtake a missing one before it counts as lost: 60 ms of jitter."""
PATIENCE_S = 0.08
"""The same where nothing more comes: at the end of speech."""
CONCEALED = 10
"""Most frames guessed in one gap; a guess longer than 200 ms is only a hum."""
_RESTART = 200  # a jump of so many numbers, either way, is a new beginning and not a loss
_SAMPLES = HEARD_FRAME // 2


class Decoding(Protocol):
    """What the stream needs of opus."""

    def decode(
        self, packet: bytes | None, *, fec: bool = False, samples: int | None = None
    ) -> bytes:
        """See voice_worker.listening.opus."""


class Stream:
    """`counts` is added to: received, lost, concealed, late, broken. Not for several threads."""

    def __init__(self, counts: Counter[str], decoder: Decoding | None = None) -> None:
        self._decoder = decoder or Decoder()
        self._counts = counts
        self._held: list[tuple[int, bytes]] = []
        self._next: int | None = None  # extended: counts on beyond 16 bits
        self._since = 0.0
        self._rest = b""

    @property
    def waiting(self) -> bool:
        """Whether packets wait for a missing one, so that `tick` is due."""
        return bool(self._held)

    def push(self, sequence: int, packet: bytes, at: float) -> list[bytes]:
        """Take a packet (16-bit RTP number, opus) that came `at` (seconds); what can be heard now,
        in frames of HEARD_FRAME bytes.
        """
        self._counts["received"] += 1
        number = self._extended(sequence)
        if self._next is not None and number < self._next:
            self._counts["late"] += 1
            return []
        if not self._held:
            self._since = at
        heapq.heappush(self._held, (number, packet))
        sound = self._ready()
        while len(self._held) > DEPTH:
            sound += self._skip()
        return self._frames(sound)

    def tick(self, at: float) -> list[bytes]:
        """What became due `at`, though no packet came: waiting has its end."""
        sound = b""
        while self._held and at - self._since >= PATIENCE_S:
            sound += self._skip()
        return self._frames(sound)

    def _extended(self, sequence: int) -> int:
        if self._next is None:
            self._next = sequence
            return sequence
        ahead = (sequence - self._next + 0x8000 & 0xFFFF) - 0x8000
        if abs(ahead) > _RESTART:
            self._held.clear()
            self._next = sequence
            return sequence
        return self._next + ahead

    def _ready(self) -> bytes:
        """Sound of the packets that follow each other from the one that is due."""
        sound = b""
        while self._held and self._next is not None and self._held[0][0] <= self._next:
            number, packet = heapq.heappop(self._held)
            if number == self._next:
                self._next += 1
                sound += self._decoded(packet)
        return sound

    def _skip(self) -> bytes:
        """Give up what is missing before the first held packet, and go on from there."""
        number, packet = self._held[0]
        missing = number - (number if self._next is None else self._next)
        self._next = number
        self._counts["lost"] += missing
        sound = self._concealed(min(missing, CONCEALED), packet)
        return sound + self._ready()

    def _concealed(self, missing: int, after: bytes) -> bytes:
        sound = b""
        for left in range(missing, 0, -1):
            try:
                repair = after if left == 1 else None
                sound += self._decoder.decode(repair, fec=left == 1, samples=_SAMPLES)
                self._counts["concealed"] += 1
            except OpusError:
                self._counts["broken"] += 1
        return sound

    def _decoded(self, packet: bytes) -> bytes:
        try:
            return self._decoder.decode(packet)
        except OpusError:
            self._counts["broken"] += 1
            return bytes(HEARD_FRAME)

    def _frames(self, sound: bytes) -> list[bytes]:
        """Packets may be of other lengths than 20 ms; what we hand on is not."""
        sound = self._rest + sound
        whole = len(sound) - len(sound) % HEARD_FRAME
        self._rest = sound[whole:]
        return [sound[start : start + HEARD_FRAME] for start in range(0, whole, HEARD_FRAME)]
