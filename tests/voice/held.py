"""What a process holds: files, threads, tasks, memory."""

import asyncio
import gc
import os
import threading
from pathlib import Path
from typing import NamedTuple


class Held(NamedTuple):
    """Counts of this process."""

    files: int
    threads: int
    tasks: int

    def within(self, other: "Held") -> bool:
        """Whether none of it is more than in another."""
        return all(mine <= theirs for mine, theirs in zip(self, other, strict=True))


def held() -> Held:
    """Open files (sockets and pipes too), threads and tasks now; on a loop."""
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a Path would hold the folder open
    return Held(files, threading.active_count(), len(asyncio.all_tasks()))


def resident_mb(process: str = "self") -> float:
    """Memory of a process now, in MB."""
    gc.collect()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
