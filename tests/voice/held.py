"""What a process holds: sockets and pipes, threads, tasks, memory."""

import asyncio
import gc
import os
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

POOLED = re.compile(r"_\d+$|process_request_thread").search
"""Threads of pools come when they are needed and stay; each has the storage's files open."""

PATIENCE_S = 20.0


class Held(NamedTuple):
    """Counts of this process."""

    lines: int
    """Sockets and pipes."""
    threads: int
    tasks: int

    def within(self, other: "Held", more: int = 0) -> bool:
        """Whether none of it is more than in another, or only so many more."""
        return all(mine <= theirs + more for mine, theirs in zip(self, other, strict=True))


def held() -> Held:
    """Now; on a loop. Threads of pools, and ordinary files, are left out."""
    gc.collect()
    lines = sum(opened.startswith(("socket:", "pipe:")) for opened in _opened())
    threads = sum(not POOLED(thread.name) for thread in threading.enumerate())
    return Held(lines, threads, len(asyncio.all_tasks()))


async def settled(before: Held, more: int = 0) -> None:
    """Until no more is held than before; goodbyes of connections take a moment."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not held().within(before, more):
                await asyncio.sleep(0.05)
    except TimeoutError:
        tasks = [task.get_name() for task in asyncio.all_tasks()]
        threads = [thread.name for thread in threading.enumerate()]
        raise AssertionError(f"{before}, now {held()}: {tasks}, {threads}") from None


def _opened() -> Iterator[str]:
    for file in list(Path("/proc/self/fd").iterdir()):
        with suppress(FileNotFoundError):  # the folder itself, and what was closed meanwhile
            yield str(file.readlink())


def resident_mb(process: str = "self") -> float:
    """Memory of a process now, in MB."""
    gc.collect()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
