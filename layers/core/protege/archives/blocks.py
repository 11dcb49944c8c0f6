"""Files as deflated blocks, in order; the next few are read and deflated in threads meanwhile."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

from protege.archives.plan import Planned
from protege.archives.zipping import BLOCK, deflated
from protege.errors import Missing
from protege.storage import Files

THREADS = 4
AHEAD = 6
"""Blocks being read or waiting: each holds its bytes twice at most, 12 MiB in all."""


class Block(NamedTuple):
    """A piece of a file: `start` to `end`, as planned; `last`: nothing follows."""

    file: Planned
    start: int
    last: bool


class Packed(NamedTuple):
    """A block as it was read (None: the file is gone) and what it became.

    `changed`: the file is not as it was planned.
    """

    block: Block
    raw: bytes | None
    body: bytes
    changed: bool


def blocks(plan: Iterable[Planned], start: int) -> Iterator[Block]:
    """All blocks of the planned files, of the first from byte `start` on; an empty file has one."""
    for file in plan:
        for at in range(start, max(file.size, start + 1), BLOCK):
            yield Block(file, at, at + BLOCK >= file.size)
        start = 0


def packed(files: Files, found: Iterator[Block]) -> Iterator[Packed]:
    """The blocks in the same order, read and deflated."""
    pool = ThreadPoolExecutor(THREADS)
    waiting: deque[Future[Packed]] = deque()
    try:
        waiting.extend(_submit(pool, files, islice(found, AHEAD)))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(_submit(pool, files, islice(found, 1)))
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(
    pool: ThreadPoolExecutor, files: Files, found: Iterable[Block]
) -> Iterator["Future[Packed]"]:
    return (pool.submit(_pack, files, block) for block in found)


def _pack(files: Files, block: Block) -> Packed:
    file, planned = block.file, min(BLOCK, block.file.size - block.start)
    alone = block.last and not block.start
    try:  # a file of one block is taken as it is now: whole, though it may have been replaced
        raw = files.part(file.key, block.start, BLOCK if alone else planned)
        changed = len(raw) != planned
        if block.last and not alone:
            now = files.stat(file.key)
            changed |= (now.size, int(now.modified_at)) != (file.size, int(file.at))
    except Missing:
        return Packed(block, None, b"", True)
    return Packed(block, raw, deflated(raw, last=block.last), changed)
