"""The receiving thread of one voice session: datagrams in, 20 ms frames per speaker out."""

import select
import threading
import time
from collections import Counter
from collections.abc import Callable

from protege.journal import trouble
from voice_worker.audio import SILENCE
from voice_worker.line.packets import Packet, discovered, is_voice, opened
from voice_worker.line.session import Session
from voice_worker.listening.stream import Stream

Heard = Callable[[str, bytes, float], None]
"""User, HEARD_FRAME bytes, time.monotonic() of the packet."""
_LARGEST = 2048
_IDLE_S, _WAITING_S = 0.1, 0.02


class Ears(threading.Thread):
    """Runs until `close`; owns the session's UDP socket. No packet, however odd, ends it.

    `wanted(user)`: whether to decode what this person says.
    """

    def __init__(
        self,
        session: Session,
        counts: Counter[str],
        wanted: Callable[[str], bool],
        heard: Heard,
    ) -> None:
        super().__init__(name=f"ears-{session.server_id}", daemon=True)
        self.last_packet = self.last_answer = 0.0
        """time.monotonic() of the last datagram, and of the last answer to a probe."""
        self.address: bytes | None = None
        """Ours, as the voice server sees it."""
        self._session, self._counts = session, counts
        self._wanted, self._heard = wanted, heard
        self._streams: dict[int, Stream] = {}
        self._closing = threading.Event()

    def close(self) -> None:
        """Stop listening, soon; nothing is waited for."""
        self._closing.set()

    def run(self) -> None:
        try:
            while not self._closing.is_set():
                self._turn()
        finally:
            self._session.socket.close()

    def _turn(self) -> None:
        try:
            waiting = any(stream.waiting for stream in self._streams.values())
            pause = _WAITING_S if waiting else _IDLE_S
            readable, _, _ = select.select([self._session.socket], [], [], pause)
            if readable:
                datagram = self._session.socket.recv(_LARGEST)
                self._take(datagram, time.monotonic())
            self._tick(time.monotonic())
        except Exception as error:  # one packet's, or one listener's: the next may be well
            self._counts["errors"] += 1
            trouble("ears", error, guild=self._session.server_id)
            self._closing.wait(_WAITING_S)

    def _take(self, datagram: bytes, at: float) -> None:
        self.last_packet = at
        if not is_voice(datagram):
            self._answered(datagram, at)
            return
        try:
            packet = opened(datagram, self._session.key)
        except ValueError:
            self._counts["unsealed"] += 1
            return
        self._voice(packet, at)

    def _answered(self, datagram: bytes, at: float) -> None:
        address = discovered(datagram)
        if address is not None:
            self.last_answer, self.address = at, address

    def _voice(self, packet: Packet, at: float) -> None:
        user, plain = self._session.speakers.get(packet.ssrc), None
        if user is None:
            user, plain = self._guessed(packet)
        if user is None or not self._wanted(str(user)):
            self._counts["unknown" if user is None else "unwanted"] += 1
            self._streams.pop(packet.ssrc, None)
            return
        plain = plain or self._plain(user, packet.frame)
        if plain is None:
            self._counts["undecryptable"] += 1
            return
        stream = self._streams.setdefault(packet.ssrc, Stream(self._counts))
        self._hand_on(user, stream.push(packet.sequence, plain, at), at)

    def _guessed(self, packet: Packet) -> tuple[int | None, bytes | None]:
        """Whose key fits, where the voice server has not told yet who this is."""
        found = None if packet.frame == SILENCE else self._session.keys.whose(packet.frame)
        if found is None:
            return None, None
        self._counts["guessed"] += 1
        self._session.speakers[packet.ssrc] = found[0]
        return found

    def _plain(self, user: int, frame: bytes) -> bytes | None:
        return frame if frame == SILENCE else self._session.keys.open(user, frame)

    def _hand_on(self, user: int, frames: list[bytes], at: float) -> None:
        for frame in frames:
            self._heard(str(user), frame, at)

    def _tick(self, at: float) -> None:
        for ssrc, stream in list(self._streams.items()):
            user = self._session.speakers.get(ssrc)
            if user is None:
                del self._streams[ssrc]
            elif stream.waiting:
                self._hand_on(user, stream.tick(at), at)
