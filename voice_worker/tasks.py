"""Tasks that are held: nobody else keeps a reference, and one that fails ends no other."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from protege.journal import trouble


class Tasks:
    """For the thread of one loop."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, name: str, work: Coroutine[Any, Any, None], **about: str) -> asyncio.Task[None]:
        """Run `work`; what goes wrong in it is logged under `name`, together with ids `about` it.

        It is held until it ends.
        """
        task = asyncio.get_running_loop().create_task(_guarded(name, work, about), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def over(self) -> None:
        """Wait until all of them are over."""
        while running := self._unfinished():
            await asyncio.gather(*running, return_exceptions=True)

    async def end(self) -> None:
        """Cancel all of them, and wait until they are over."""
        while running := self._unfinished(besides=asyncio.current_task()):
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _unfinished(self, besides: "asyncio.Task[Any] | None" = None) -> list[asyncio.Task[None]]:
        """Not those that are done and still held: to gather these does not let the loop go on,
        which it must before they are let go of."""
        return [task for task in self._running if not task.done() and task is not besides]


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do `work`, unless `stop` is set before it is done; whether it was. Raises what it does."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        working.cancel()
        stopping.cancel()


async def _guarded(name: str, work: Coroutine[Any, Any, None], about: dict[str, str]) -> None:
    try:
        await work
    except Exception as error:
        trouble(name, error, **about)
