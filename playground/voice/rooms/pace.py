"""Rules for the packets of one sender: numbers that grow by one, a frame every 20 ms."""

from collections.abc import Iterator

from playground.voice.opus import FRAME_S, SAMPLES
from playground.voice.rooms.cipher import TURN, Packet

AHEAD = 15
"""So many frames may come at once after a pause in which they should have come."""


class Pace:
    """`look` names what is wrong with a packet. Time in seconds of any steady clock."""

    def __init__(self, ahead: int = AHEAD) -> None:
        self._ahead = ahead
        self._last: Packet | None = None
        self._at = 0.0
        self._early = 0.0

    def look(self, packet: Packet, at: float) -> Iterator[tuple[str, str]]:
        """Rules that are broken, with details; at most a few per packet."""
        before, self._last = self._last, packet
        passed, self._at = max(0.0, at - self._at), at
        self._early = max(0.0, self._early - passed / FRAME_S) + 1
        if before is not None:
            yield from _numbers(before, packet)
        if self._early > self._ahead:
            yield "frames out of pace", f"{self._early:.0f} frames too early"
            self._early = 0.0


def _numbers(before: Packet, packet: Packet) -> Iterator[tuple[str, str]]:
    step = (packet.nonce - before.nonce) % TURN
    if step == 0:
        yield "transport nonce repeated", str(packet.nonce)
    elif step > TURN // 2:
        yield "transport nonce not increasing", f"{before.nonce}, then {packet.nonce}"
    if (packet.seq - before.seq) % (1 << 16) != 1:
        yield "RTP sequence not the next one", f"{before.seq}, then {packet.seq}"
    time_step = (packet.timestamp - before.timestamp) % TURN
    if not time_step or time_step > TURN // 2 or (time_step % SAMPLES and packet.timestamp):
        yield "RTP timestamp not in steps of 20 ms", f"{before.timestamp}, {packet.timestamp}"
