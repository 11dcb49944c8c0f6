"""The forwarding unit: takes packets from each, seals them for all others; sees no sound.

Source: https://docs.discord.com/developers/topics/voice-connections#ip-discovery
"""

import asyncio
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable

from playground.voice.opus import SILENCE
from playground.voice.rooms.cipher import Packet, Seal, Sealed
from playground.voice.rooms.room import Room
from playground.voice.rooms.session import Arrival, Session
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.violations import Violations

DISCOVERY, KEEP_ALIVE = 74, 8
LARGEST = 4096
BUFFER = 1 << 21
SO_TIMESTAMPNS = 35
"""Linux: the kernel notes when a packet came, however late it is read."""
MARKER = b"\xfa\xfa"
"""Ends every end-to-end encrypted frame. Source: https://daveprotocol.com/#payload-format"""
ANNOUNCED = 10
"""So many frames may come before the op 5 that announces them: it takes another way."""
PADDED = 0.05
SEED = 7
Address = tuple[str, int]
Find = Callable[[int], tuple[Room, Session] | None]


class Relay:
    """One UDP socket for all rooms. `find`: room and session of an ssrc."""

    def __init__(self, settings: Settings, violations: Violations, find: Find) -> None:
        self.stats: Counter[str] = Counter()
        self._settings = settings
        self._violations = violations
        self._find = find
        self._chance = random.Random(SEED)  # noqa: S311  # the same losses in every run
        self._known: dict[Address, int] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Stop."""
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def forget(self, ssrc: int) -> None:
        """No longer know where packets of this source come from, nor where to send its owner's."""
        for address in [a for a, owner in self._known.items() if owner == ssrc]:
            del self._known[address]
        found = self._find(ssrc)
        if found is not None:
            found[1].lose()

    def _readable(self) -> None:
        for _ in range(64):  # so that websockets get their turn, too
            try:
                datagram, notes, _, address = self._socket.recvmsg(LARGEST, 64)
            except (BlockingIOError, ConnectionError):
                return
            self._take(datagram, address, _arrived(notes))

    def _take(self, datagram: bytes, address: Address, at: float) -> None:
        if len(datagram) == DISCOVERY and datagram[:2] == b"\0\1":
            self._discover(datagram, address)
            return
        found = self._find(self._known.get(address, -1))
        if found is None:
            self.stats["unknown address"] += 1
        elif len(datagram) == KEEP_ALIVE:
            self._later(datagram, address, self._settings.answer_s)
        elif not 200 <= datagram[1] <= 204:  # RTCP
            self._receive(*found, datagram, at)

    def _discover(self, datagram: bytes, address: Address) -> None:
        ssrc = struct.unpack_from(">I", datagram, 4)[0]
        found = self._find(ssrc)
        if found is not None:
            found[1].address = address
            self._known[address] = ssrc
        answer = struct.pack(">HHI64sH", 2, 70, ssrc, address[0].encode(), address[1])
        self._later(answer, address, self._settings.answer_s)

    def _receive(self, room: Room, session: Session, datagram: bytes, at: float) -> None:
        try:
            if session.seal is None:
                raise Sealed("no key was agreed on")
            packet = session.seal.open(datagram)
        except Sealed as error:
            self._violations.note(session.user, "packet not to be opened", str(error))
            return
        session.arrivals.append(Arrival(at, packet.seq, packet.timestamp, packet.payload))
        if packet.ssrc != session.ssrc:
            self._violations.note(session.user, "bad ssrc", str(packet.ssrc))
            return
        for rule, detail in session.pace.look(packet, at):
            self._violations.note(session.user, rule, detail)
        self._announced(session, packet)
        if self._settings.forwards and self._may_pass(room, session, packet, at):
            self._forward(room, session, packet)

    def _announced(self, session: Session, packet: Packet) -> None:
        silent = session.speaking or packet.payload == SILENCE
        session.unannounced = 0 if silent else session.unannounced + 1
        if session.unannounced > ANNOUNCED:
            self._loop.call_later(
                self._settings.crossing_s, self._blame, session, session.announced
            )

    def _blame(self, session: Session, announced: int) -> None:
        """Unless op 5 came meanwhile: after a pause of ours packets are read before messages."""
        if session.announced == announced:
            never = session.speaking is None
            rule = "speaks without op 5" if never else "speaks while op 5 says that it does not"
            self._violations.note(session.user, rule)

    def _may_pass(self, room: Room, session: Session, packet: Packet, at: float) -> bool:
        if not session.dave or packet.payload == SILENCE or packet.payload.endswith(MARKER):
            return True
        if session.crowded_at is not None and at > session.crowded_at:
            self._violations.note(session.user, "plaintext")
            return True
        self.stats["plaintext that crossed"] += 1
        return False

    def _forward(self, room: Room, session: Session, packet: Packet) -> None:
        for other in room.members.values():
            if other is session or other.address is None or other.seal is None:
                continue
            if self._chance.random() < self._settings.loss:
                self.stats["lost on purpose"] += 1
                continue
            sealed = self._sealed(other.seal, packet)
            late = self._chance.random() * self._settings.jitter_ms / 1000
            self._later(sealed, other.address, late)

    def _sealed(self, seal: Seal, packet: Packet) -> bytes:
        words = self._settings.ext_words
        level = bytes([0x10, 0x80 | self._chance.randrange(40)])
        body = level.ljust(4 * words, b"\0") if words else b""
        most = self._settings.padding if self._chance.random() < PADDED else 0
        return seal.close(packet, words=body, padding=self._chance.randint(1, most) if most else 0)

    def _later(self, datagram: bytes, address: Address, seconds: float) -> None:
        if seconds:
            self._loop.call_later(seconds, self._send, datagram, address)
        else:
            self._send(datagram, address)

    def _send(self, datagram: bytes, address: Address) -> None:
        try:
            self._socket.sendto(datagram, address)
        except OSError:
            self.stats["not sent"] += 1


def _arrived(notes: list[tuple[int, int, bytes]]) -> float:
    """When the kernel got it, in monotonic seconds; now where it does not say."""
    for level, kind, data in notes:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack_from("@qq", data)
            passed: float = time.time() - seconds - nanoseconds / 1e9
            return time.monotonic() - passed
    return time.monotonic()
