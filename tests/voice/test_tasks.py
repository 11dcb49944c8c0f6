"""Tasks that are held until they end."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from voice_worker.tasks import Tasks


async def nothing() -> None:
    """Over at once."""


async def for_ever() -> None:
    await asyncio.Event().wait()


@pytest.mark.timeout(20)
@pytest.mark.parametrize("wait", [Tasks.end, Tasks.over], ids=["end", "over"])
def test_one_that_is_done_but_still_held_is_not_waited_for_in_circles(
    wait: Callable[[Tasks], Awaitable[None]],
) -> None:
    async def scene() -> None:
        tasks = Tasks()
        tasks.start("one", nothing())
        # Its turn comes right after the other's, before the loop lets go of that.
        await asyncio.gather(wait(tasks))
        assert len(tasks) == 0

    asyncio.run(scene())


def test_all_are_cancelled_in_the_end_but_the_one_that_asks() -> None:
    async def scene() -> None:
        tasks = Tasks()
        first = tasks.start("one", for_ever())
        await tasks.start("two", tasks.end())
        assert first.cancelled()

    asyncio.run(scene())
