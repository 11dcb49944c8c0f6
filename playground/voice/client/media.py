"""A person's UDP side: packets in, packets out."""

import asyncio
import socket
import struct
from collections.abc import Callable

from playground.voice.opus import SAMPLES
from playground.voice.rooms.cipher import TURN, Packet, Seal, Sealed

FIRST_SEQ, FIRST_TIMESTAMP = 1000, 96_000
ANSWER_S = 5.0
LARGEST = 4096
BUFFER = 1 << 21
KEEP_ALIVE_S = 5.0


class Media:
    """`heard`: told each packet that could be opened."""

    def __init__(
        self, ssrc: int, address: tuple[str, int], heard: Callable[[Packet], None]
    ) -> None:
        self.ssrc = ssrc
        self.seal: Seal | None = None
        self.seq, self.timestamp = FIRST_SEQ, FIRST_TIMESTAMP
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._socket.setblocking(False)
        self._socket.connect(address)
        self._alive = 0

    async def discover(self) -> tuple[str, int]:
        """How the server sees our address."""
        self.rediscover()
        async with asyncio.timeout(ANSWER_S):
            answer = await self._loop.sock_recv(self._socket, LARGEST)
        _, _, _, address, port = struct.unpack(">HHI64sH", answer)
        return address.rstrip(b"\0").decode(), port

    def rediscover(self) -> None:
        """Tell the server anew where we are; its answer is not waited for."""
        self.put(struct.pack(">HHI64sH", 1, 70, self.ssrc, b"", 0))

    def open(self, mode: str, key: bytes) -> None:
        """From here on packets can come and go."""
        self.seal = Seal(mode, key)
        self._loop.add_reader(self._socket, self._readable)

    def send(self, payload: bytes) -> None:
        """Send one frame of 20 ms. Nothing is sent before `open`."""
        if self.seal is None:
            return
        packet = Packet(self.seq, self.timestamp, self.ssrc, payload)
        self.put(self.seal.close(packet))
        self.seq = (self.seq + 1) % (1 << 16)
        self.timestamp = (self.timestamp + SAMPLES) % TURN

    def put(self, datagram: bytes) -> None:
        """Send bytes as they are."""
        try:
            self._socket.send(datagram)
        except BlockingIOError:
            return  # as lost as it would be in a real network

    def keep_alive(self) -> None:
        """Remind the network that we are here."""
        self._alive += 1
        self.put(struct.pack("<Q", self._alive))

    def close(self) -> None:
        """Hear and send nothing more."""
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self.seal = None

    def _readable(self) -> None:
        for _ in range(64):
            try:
                datagram = self._socket.recv(LARGEST)
            except (BlockingIOError, ConnectionError):
                return
            try:
                packet = self.seal.open(datagram) if self.seal else None
            except Sealed:
                continue  # an answer to a keep-alive or to a discovery
            if packet is not None:
                self._heard(packet)
