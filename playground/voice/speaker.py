"""A person in a voice channel, without a browser: for the page's bridge, tests and scripts."""

import asyncio
import time
from collections.abc import Callable

from playground.voice.client.ears import Ears, Packet, joined
from playground.voice.client.line import Line
from playground.voice.client.microphone import Microphone
from playground.voice.client.way import Side
from playground.voice.opus import SILENCE
from playground.voice.rooms.cipher import Packet as Sent
from playground.voice.rooms.codes import Close, Op
from playground.voice.states import VoiceState

PATIENCE_S = 60.0
ABNORMAL = 1006
RESUMABLE = (Close.SERVER_CRASHED, ABNORMAL, None)
__all__ = ["Packet", "VoicePerson"]


class VoicePerson:
    """One human, by user id. `on_pcm`: told whom they hear, 20 ms of 48 kHz mono s16le at a time.

    `secure`: set while an encrypted group is in force. All methods on one event loop.
    """

    def __init__(
        self, voice: Side, user: str, *, on_pcm: Callable[[str, bytes], None] | None = None
    ) -> None:
        self.user = user
        self.secure = asyncio.Event()
        self._voice = voice
        self._ears = Ears(self._is_to_blame, on_pcm)
        self._microphone = Microphone(self._send, self._announce)
        self._delay_s = 0.0
        self._line: Line | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def heard(self) -> dict[str, list[Packet]]:
        """Frames by user, as they came; silence too."""
        return self._ears.heard

    @property
    def undecryptable(self) -> int:
        """Frames that no key opened although all should have had the same."""
        return self._ears.undecryptable

    @property
    def plaintext(self) -> int:
        """Frames that came unencrypted."""
        return self._ears.plaintext

    @property
    def delay_s(self) -> float:
        """How late the websocket is read."""
        return self._delay_s

    @delay_s.setter
    def delay_s(self, seconds: float) -> None:
        self._delay_s = seconds
        if self._line is not None:
            self._line.lag_s = seconds

    @property
    def line(self) -> Line:
        """The connection. Raises RuntimeError for somebody who is in no channel."""
        if self._line is None:
            raise RuntimeError("not in a voice channel")
        return self._line

    async def join(self, channel: str) -> None:
        """Enter, or move; returns once packets may flow.

        Raises CannotJoin for a channel that does not let them in, TimeoutError for a dead server.
        """
        await self._hang_up()
        seat = self._voice.states.join(self.user, channel)
        await self._connect(seat)
        self._watch = asyncio.create_task(self._hold())

    async def leave(self) -> None:
        """Leave, also what was never entered."""
        self._microphone.stop()
        await self._hang_up()
        self._voice.states.leave(self.user)

    async def say(self, pcm: bytes) -> float:
        """Speak 48 kHz mono s16le in real time, once the group is ready.

        Returns when the last frame of it left (monotonic). Raises TimeoutError for no group.
        """
        await self._wait_secure()
        return await self._microphone.say(pcm)

    async def feed(self, pcm: bytes) -> None:
        """More from a live microphone, any length."""
        self._microphone.feed(pcm)

    def pcm(self, user: str, rate: int = 16_000) -> bytes:
        """All that was heard of somebody: mono s16le."""
        return joined(self.heard.get(user, []), rate)

    def voiced(self, user: str) -> list[Packet]:
        """The frames heard of somebody that are not silence."""
        return [packet for packet in self.heard.get(user, ()) if packet.opus != SILENCE]

    async def wait_heard(self, user: str, frames: int, timeout_s: float = PATIENCE_S) -> None:
        """Wait for so many frames that are no silence. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while self._ears.voiced[user] < frames:
                await self._ears.change()

    async def quiet(self, user: str, for_s: float, timeout_s: float = 60.0) -> None:
        """Wait until somebody has said nothing for so long. Raises TimeoutError."""
        began = time.monotonic()
        async with asyncio.timeout(timeout_s):
            while (left := self._last(user, began) + for_s - time.monotonic()) > 0:
                await asyncio.sleep(left)

    def _last(self, user: str, began: float) -> float:
        for packet in reversed(self.heard.get(user, [])):
            if packet.opus != SILENCE:
                return max(packet.at, began)
        return began

    async def _wait_secure(self) -> None:
        line = self.line
        others = [
            s for s in self._voice.states.in_channel(line.seat.channel) if s.user != self.user
        ]
        if line.group is not None and others:
            async with asyncio.timeout(PATIENCE_S):
                await self.secure.wait()

    async def _connect(self, seat: VoiceState) -> None:
        self._line = Line(seat, self._take, self.secure)
        self._line.lag_s = self._delay_s
        await self._line.open(f"wss://{self._voice.endpoint}/?v=8", self._voice.ca_file)
        async with asyncio.timeout(PATIENCE_S + self._delay_s * 4):
            await self._line.up.wait()

    async def _hold(self) -> None:
        """Stay in the channel whatever happens, as long as the seat is ours."""
        while True:
            await self.line.over.wait()
            seat = self._voice.states.of(self.user)
            if seat is None:
                return
            url = f"wss://{self._voice.endpoint}/?v=8"
            if self.line.code in RESUMABLE and seat.token == self.line.seat.token:
                await self.line.resume(url)
                continue
            if seat.token == self.line.seat.token:
                seat = self._voice.states.join(self.user, seat.channel)
            await self.line.close()
            await self._connect(seat)

    async def _hang_up(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._line is not None:
            await self._line.close()
            self._line = None
        self.secure.clear()

    def _take(self, packet: Sent) -> None:
        line = self.line
        user = self._ears.take(packet, line.speakers.get(packet.ssrc), line.group)
        if user is not None:
            line.speakers[packet.ssrc] = user

    def _send(self, frame: bytes) -> None:
        """One frame; nothing while it could not be encrypted."""
        line = self._line
        if line is None or line.media is None:
            return
        sealed: bytes | None = frame
        if line.group is not None and frame != SILENCE:
            sealed = line.group.encrypt(frame)
        if sealed is not None:
            line.media.send(sealed)

    async def _announce(self, flags: int) -> None:
        """Nothing where this connection knows: after a move, the new one does not."""
        line = self._line
        if line is not None and line.media is not None and line.speaking != flags:
            line.speaking = flags
            about = {"speaking": flags, "delay": 0, "ssrc": line.media.ssrc}
            await line.say(Op.SPEAKING, about)

    def _is_to_blame(self, speaker: str) -> bool:
        return self._voice.rooms.undecryptable(self.user, speaker)
