"""A client of the voice gateway that does what it is told, right or wrong."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from playground.voice.opus import SILENCE, Encoder
from playground.voice.rooms.cipher import Packet, Seal
from playground.voice.rooms.codes import Op
from playground.voice.states import VoiceState
from tests.playground.house import PATIENCE_S, House

VOICED = Encoder().encode(b"\1\2" * 960)


class Rogue:
    """`seat`: what the gateway would have told; `said`: messages that came, by op."""

    def __init__(self, house: House, seat: VoiceState, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.house, self.seat, self.ws = house, seat, ws
        self.said: dict[int, list[Any]] = {}
        self.numbers: list[int] = []
        self.seal: Seal | None = None
        self.ssrc = 0
        self.seq = 0
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setblocking(False)

    async def say(self, op: int, data: Any) -> None:
        """Send a message."""
        await self.ws.send_str(json.dumps({"op": op, "d": data}))

    async def binary(self, op: int, body: bytes) -> None:
        """Send a binary message."""
        await self.ws.send_bytes(bytes([op]) + body)

    async def identify(self, **other: Any) -> None:
        """Op 0, with what is to be wrong."""
        seat = self.seat
        right = {"server_id": seat.guild, "user_id": seat.user, "session_id": seat.session}
        more = {"token": seat.token, "max_dave_protocol_version": 1}
        await self.say(Op.IDENTIFY, {**right, **more, **other})

    async def wait(self, op: int) -> Any:
        """The data of the next message of this op that was not yet waited for."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.said.get(op):
                message = await self.ws.receive()
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._take(json.loads(message.data))
                elif message.type == aiohttp.WSMsgType.BINARY:
                    seq, kind = struct.unpack_from(">HB", message.data)
                    self._take({"op": kind, "seq": seq, "d": message.data[3:]})
                else:
                    raise ConnectionError(f"closed with {self.ws.close_code}")
        return self.said[op].pop(0)

    async def closed(self) -> int | None:
        """The code that the server ends it with."""
        with contextlib.suppress(ConnectionError):
            await self.wait(-1)
        return self.ws.close_code

    async def select(self, **other: Any) -> None:
        """Op 1, with what is to be wrong; discovers the address first."""
        ready = await self.wait(Op.READY)
        self.ssrc = ready["ssrc"]
        loop = asyncio.get_running_loop()
        self.udp.connect((ready["ip"], ready["port"]))
        self.udp.send(struct.pack(">HHI64sH", 1, 70, self.ssrc, b"", 0))
        async with asyncio.timeout(PATIENCE_S):
            answer = await loop.sock_recv(self.udp, 100)
        port = struct.unpack_from(">H", answer, 72)[0]
        data = {"address": "127.0.0.1", "port": port, "mode": ready["modes"][0]}
        whole = {"protocol": "udp", "data": {**data, **other.pop("data", {})}}
        await self.say(Op.SELECT_PROTOCOL, {**whole, **other})

    async def enter(self) -> None:
        """Do all right up to the session description."""
        await self.identify()
        await self.select()
        found = await self.wait(Op.SESSION_DESCRIPTION)
        self.seal = Seal(found["mode"], bytes(found["secret_key"]))

    async def speaks(self, flags: int = 1) -> None:
        """Op 5, and wait until it was heeded."""
        await self.say(Op.SPEAKING, {"speaking": flags, "delay": 0, "ssrc": self.ssrc})
        await self.heartbeat()

    async def heartbeat(self) -> None:
        """Op 3; returns when it was answered, and so all before it was taken."""
        await self.say(Op.HEARTBEAT, {"t": 1, "seq_ack": max(self.numbers, default=-1)})
        await self.wait(Op.HEARTBEAT_ACK)

    async def resume(self, **other: Any) -> None:
        """Op 7, with what is to be wrong."""
        seat = self.seat
        name = {"server_id": seat.guild, "session_id": seat.session, "token": seat.token}
        await self.say(Op.RESUME, {**name, "seq_ack": -1, **other})

    def send(self, payload: bytes = SILENCE, **wrong: int) -> "Rogue":
        """One packet, with what is to be wrong: seq, timestamp, ssrc, nonce."""
        assert self.seal is not None
        self.seq += 1
        numbers = {"seq": self.seq, "timestamp": self.seq * 960, "ssrc": self.ssrc, **wrong}
        self.seal.nonce = numbers.pop("nonce", self.seal.nonce)
        self.udp.send(self.seal.close(Packet(**numbers, payload=payload)))
        return self

    def _take(self, message: Any) -> None:
        if "seq" in message:
            self.numbers.append(message["seq"])
        self.said.setdefault(message["op"], []).append(message["d"])


@contextlib.asynccontextmanager
async def rogue(house: House, name: str = "max", query: str = "?v=8") -> AsyncIterator[Rogue]:
    """Somebody with a seat in the channel and a websocket, not yet identified."""
    seat = house.states.join(house.id(name), house.channel)
    try:
        async with again(house, seat, query) as found:
            yield found
    finally:
        house.states.leave(seat.user)


@contextlib.asynccontextmanager
async def again(house: House, seat: VoiceState, query: str = "?v=8") -> AsyncIterator[Rogue]:
    """Another websocket of somebody who has a seat."""
    trust = ssl.create_default_context(cafile=house.voice.ca_file)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:
        ws = await http.ws_connect(f"wss://{house.voice.endpoint}/{query}")
        found, plug = Rogue(house, seat, ws), ws.get_extra_info("socket")
        try:
            yield found
        finally:
            found.udp.close()
            await ws.close()
    while plug is not None and plug.fileno() >= 0:
        await asyncio.sleep(0.01)
