"""One voice session's life, from its opening to its end.

Close codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#voice-voice-close-event-codes
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp

from voice_worker.line.ears import Ears
from voice_worker.line.pulse import Pulse
from voice_worker.line.session import ABNORMAL, Closed, Session
from voice_worker.line.standing import Over, Standing

NEWS_S = 3.0
"""How long after a close its reason may take to arrive by the gateway."""
HOPELESS = (4017, 4021)
"""No end-to-end encryption; too many attempts: Discord does not want us back."""
_DISCONNECTED, _TERMINATED = 4014, 4022
_FINISHED = (4004, 4006, 4009, 4011, 4012, 4016)
"""This session cannot be resumed; another may be begun."""


class Again(Exception):
    """This session is done for; its message says why. Ask Discord anew."""


class Serving:
    """`up()` is called whenever the session stands, anew or resumed; `down()` when it does not."""

    def __init__(
        self,
        session: Session,
        ears: Ears,
        standing: Standing,
        up: Callable[[], Awaitable[None]],
        down: Callable[[], None],
    ) -> None:
        self._session, self._ears, self._standing = session, ears, standing
        self._up, self._down = up, down
        self.resumes = 0

    async def run(self) -> None:
        """Until Discord gave us another place; the caller closes the session. Raises Over, Again,
        Closed, and the network's.
        """
        try:
            await _first(self._replaced(), self._live())
        finally:
            self._deafen()
            self._session.hang_up()
            self._down()

    async def _live(self) -> None:
        await self._session.open()
        self._ears.start()
        await self._up()
        await _first(self._read(), self._watch())

    def _deafen(self) -> None:
        """The ears own the socket, if they ever began to listen."""
        if self._ears.is_alive():
            self._ears.close()
        else:
            self._session.socket.close()

    async def _replaced(self) -> None:
        await self._standing.until(self._elsewhere, None)

    def _elsewhere(self) -> bool:
        return self._standing.place != self._session.place

    async def _watch(self) -> None:
        await Pulse(self._session.probe, self._ears).stops()
        raise Again("silence")

    async def _read(self) -> None:
        while True:
            try:
                await self._session.poll()
            except Closed as closed:
                await self._lost(closed)
            except (OSError, TimeoutError, aiohttp.ClientError):
                await self._lost(Closed(ABNORMAL))

    async def _lost(self, closed: Closed) -> None:
        """The websocket is gone: resume it, or say what else there is to do."""
        self._session.up = False
        self._down()
        if closed.code in (_DISCONNECTED, _TERMINATED):
            await self._standing.until(self._elsewhere, NEWS_S)
            if closed.code == _TERMINATED and not self._elsewhere():
                raise Over("closed")
            raise closed
        if closed.code in (*HOPELESS, *_FINISHED):
            raise closed
        await self._session.open(resume=True)
        self.resumes += 1
        await self._up()


async def _first(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run them until one ends; the first one of them that did decides, in the order given."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                return task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
