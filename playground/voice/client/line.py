"""A person's websocket to a voice room: the handshake, the group, who is there."""

import asyncio
import contextlib
import json
import struct
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp

from playground.voice.client.group import Group, Refused
from playground.voice.client.media import KEEP_ALIVE_S, Media
from playground.voice.client.way import trust
from playground.voice.rooms.cipher import Packet
from playground.voice.rooms.codes import Op
from playground.voice.states import VoiceState

VERSION = 1
GOODBYE_S = 1.0
Json = dict[str, Any]


class Line:
    """One connection. `lag_s`: how late it reads; `speakers`: users by ssrc.

    `up`: packets may flow; `secure`: the group's keys are in force; `over`: it ended.
    """

    def __init__(
        self, seat: VoiceState, heard: Callable[[Packet], None], secure: asyncio.Event
    ) -> None:
        self.seat = seat
        self.lag_s = 0.0
        self.speakers: dict[int, str] = {}
        self.others: set[str] = set()
        self.group: Group | None = None
        self.media: Media | None = None
        self.speaking = 0
        """What op 5 said last on this connection."""
        self.up, self.over, self.secure = asyncio.Event(), asyncio.Event(), secure
        self.code: int | None = None
        self._heard = heard
        self._seq, self._sender = -1, b""
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()

    async def open(self, url: str, ca_file: str) -> None:
        """Connect and identify."""
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust(ca_file)))
        self._socket = await self._http.ws_connect(url, max_msg_size=0)
        whom = {"user_id": self.seat.user, "max_dave_protocol_version": VERSION}
        await self.say(Op.IDENTIFY, {**self._name(), **whom})
        self._begin(self._read())

    async def resume(self, url: str) -> None:
        """Go on after a cut, with another websocket."""
        self.over.clear()
        self._socket = await self._http.ws_connect(url, max_msg_size=0)
        await self.say(Op.RESUME, {**self._name(), "seq_ack": self._seq})
        self._begin(self._read())

    async def say(self, op: Op, data: Any) -> None:
        """Send a message; one that comes too late is forgotten."""
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await self._socket.send_str(json.dumps({"op": op, "d": data}))

    async def say_binary(self, op: Op, body: bytes) -> None:
        """Send a binary message; one that comes too late is forgotten."""
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await self._socket.send_bytes(bytes([op]) + body)

    async def close(self) -> None:
        """Hang up."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.media is not None:
            self.media.close()
        plug = self._socket.get_extra_info("socket")
        await self._socket.close()
        await self._http.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                while plug is not None and plug.fileno() >= 0:  # TLS says goodbye after `close`
                    await asyncio.sleep(GOODBYE_S / 100)

    def _name(self) -> Json:
        seat = self.seat
        return {"server_id": seat.guild, "session_id": seat.session, "token": seat.token}

    def _begin(self, deed: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(deed)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _read(self) -> None:
        async for message in self._socket:
            if self.lag_s:
                await asyncio.sleep(self.lag_s)
            if message.type == aiohttp.WSMsgType.BINARY:
                self._seq, op = struct.unpack_from(">HB", message.data)
                await self._binary(Op(op), message.data[3:])
            elif message.type == aiohttp.WSMsgType.TEXT:
                said = json.loads(message.data)
                self._seq = said.get("seq", self._seq)
                await self._text(Op(said["op"]), said["d"])
        self._beat.cancel()
        self.code = self._socket.close_code
        self.over.set()

    async def _text(self, op: Op, data: Any) -> None:
        if op == Op.HELLO:
            self._beat = self._begin(self._heartbeat(data["heartbeat_interval"] / 1000))
        elif op == Op.READY:
            await self._select(data)
        elif op == Op.SESSION_DESCRIPTION:
            await self._described(data)
        elif op == Op.SPEAKING:
            self.speakers[data["ssrc"]] = data["user_id"]
        elif op in (Op.CLIENTS_CONNECT, Op.CLIENT_DISCONNECT):
            self._company(op, data)
        elif self.group is not None:
            await self._group(self.group, op, data)

    async def _select(self, data: Json) -> None:
        self.media = Media(data["ssrc"], (data["ip"], data["port"]), self._heard)
        address, port = await self.media.discover()
        chosen = {"address": address, "port": port, "mode": data["modes"][0]}
        await self.say(Op.SELECT_PROTOCOL, {"protocol": "udp", "data": chosen})

    async def _described(self, data: Json) -> None:
        if self.media is None:
            return
        self.media.open(data["mode"], bytes(data["secret_key"]))
        if data["dave_protocol_version"]:
            version, ssrc = data["dave_protocol_version"], self.media.ssrc
            self.group = Group(self.seat.user, self.seat.channel, version, ssrc)
            await self.say_binary(Op.KEY_PACKAGE, self.group.key_package())
        self.up.set()

    def _company(self, op: Op, data: Json) -> None:
        if op == Op.CLIENTS_CONNECT:
            self.others |= set(data["user_ids"])
        else:
            self.others.discard(data["user_id"])
            self.speakers = {s: u for s, u in self.speakers.items() if u != data["user_id"]}
            if self.group is not None:
                self.group.gone(data["user_id"])
        if self.group is not None:
            self.group.known = set(self.others)

    async def _group(self, group: Group, op: Op, data: Json) -> None:
        if op == Op.EXECUTE_TRANSITION:
            group.execute()
            self.secure.set()
        elif op == Op.PREPARE_EPOCH and data["epoch"] == 1:
            package = group.key_package()
            group.external_sender(self._sender)
            await self.say_binary(Op.KEY_PACKAGE, package)
        elif op == Op.PREPARE_TRANSITION and data["transition_id"] == 0:
            group.pause()
            self.secure.clear()

    async def _binary(self, op: Op, body: bytes) -> None:
        if self.group is None:
            return
        if op == Op.EXTERNAL_SENDER:
            self._sender = body
            self.group.external_sender(body)
        elif op == Op.PROPOSALS:
            commit = self.group.proposals(body)
            if commit is not None:
                await self.say_binary(Op.COMMIT_WELCOME, commit)
        elif op in (Op.ANNOUNCE_COMMIT, Op.WELCOME):
            await self._transition(self.group, op, body)

    async def _transition(self, group: Group, op: Op, body: bytes) -> None:
        about = {"transition_id": int.from_bytes(body[:2], "big")}
        try:
            take = group.commit if op == Op.ANNOUNCE_COMMIT else group.welcome
            take(body[2:])
        except Refused:
            await self.say(Op.INVALID_COMMIT_WELCOME, about)
            await self.say_binary(Op.KEY_PACKAGE, group.key_package())
        else:
            await self.say(Op.TRANSITION_READY, about)

    async def _heartbeat(self, every_s: float) -> None:
        next_alive = 0.0
        while True:
            if self.media is not None and self._loop.time() > next_alive:
                self.media.keep_alive()
                next_alive = self._loop.time() + KEEP_ALIVE_S
            await asyncio.sleep(min(every_s, KEEP_ALIVE_S))
            beat = {"t": int(time.time() * 1000), "seq_ack": self._seq}
            await self.say(Op.HEARTBEAT, beat)
