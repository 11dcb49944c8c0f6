"""One process that recognises speech, seen from the worker."""

import asyncio
import itertools
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence

from protege.config import ConfigError
from protege.errors import BotError, Unavailable, UserError
from protege.text import Text
from voice_worker.listening.wire import HEAD, Record, head, telling

COMMAND = (sys.executable, "-m", "voice_worker.listening.hearer")
READY_S = 60.0
"""Longest wait for a process to load its engine."""
CLOSE_S = 1.0
MOST_WAITING = 8 << 20
"""Bytes that a process may be behind: four minutes of sound."""
CRASHED = "the process that recognises speech ended"
STUCK = "the process that recognises speech does not answer"


class Ear:
    """Started again after it crashed; the utterances it held fail with Unavailable."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.model = ""
        self.starts = 0
        self._env = env
        self._lock = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._process: Process | None = None
        self._killed = False
        self._reading: asyncio.Task[None] | None = None
        self._awaited: dict[int, asyncio.Future[str]] = {}

    @property
    def load(self) -> int:
        """Utterances under way."""
        return len(self._awaited)

    async def start(self) -> None:
        """Have a process run. Raises ConfigError and Unavailable."""
        async with self._lock:
            if self._serves():
                return
            if self._reading:
                await self._reading  # it fails what the last process left behind
            self._killed = False
            self._process = process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=PIPE, stdout=PIPE, env=self._env
            )
            self.starts += 1
            await self._ready(process)
            self._reading = asyncio.create_task(self._read(process))

    def begin(self, language: str, hints: Sequence[str]) -> int:
        """Open an utterance; its number."""
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        future.add_done_callback(_seen)
        self._awaited[number] = future
        self._write(telling("begin", number, language=language, hints=list(hints)))
        return number

    def feed(self, number: int, pcm: bytes) -> None:
        """Further sound of an utterance."""
        self._write(Record("feed", number, pcm))

    async def words(self, number: int, within_s: float) -> str:
        """End an utterance. Raises UserError and Unavailable."""
        self._write(Record("end", number))
        try:
            return await asyncio.wait_for(self._awaited[number], within_s)
        except TimeoutError:
            self._kill()
            raise Unavailable(STUCK) from None
        finally:
            self._awaited.pop(number, None)

    def drop(self, number: int) -> None:
        """Forget an utterance."""
        self._awaited.pop(number, None)
        self._write(Record("drop", number))

    async def close(self) -> None:
        """Stop the process."""
        process, reading = self._process, self._reading
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), CLOSE_S)
        except TimeoutError:
            self._kill()
            await process.wait()
        if reading:
            await reading

    # ---- the pipes -------------------------------------------------------------------------------

    def _write(self, record: Record) -> None:
        """To a process that is gone, nothing: the futures of its utterances tell of it."""
        pipe = self._process.stdin if self._process else None
        if pipe is None or pipe.is_closing():
            return
        if pipe.transport.get_write_buffer_size() > MOST_WAITING:
            self._kill()
            return
        pipe.write(record.packed())

    async def _ready(self, process: Process) -> None:
        try:
            record = await asyncio.wait_for(_record(process), READY_S)
        except (TimeoutError, asyncio.IncompleteReadError):
            self._kill()
            await process.wait()
            raise Unavailable(CRASHED) from None
        if record.kind == "trouble":
            await process.wait()
            raise ConfigError(record.said["why"])
        self.model = record.said["model"]

    async def _read(self, process: Process) -> None:
        try:
            while True:
                self._settle(await _record(process))
        except asyncio.IncompleteReadError:
            await process.wait()
        for future in self._awaited.values():
            if not future.done():
                future.set_exception(Unavailable(CRASHED))

    def _settle(self, record: Record) -> None:
        future = self._awaited.get(record.number)
        if future is None or future.done():
            return
        if record.kind == "words":
            future.set_result(record.said["text"])
        else:
            future.set_exception(_error(record))

    def _serves(self) -> bool:
        """Whether a process reads what is written to it; of a death one hears late."""
        alive = self._process is not None and self._process.returncode is None
        return alive and not self._killed and not (self._reading and self._reading.done())

    def _kill(self) -> None:
        self._killed = True
        if self._process and self._process.returncode is None:
            self._process.kill()


async def _record(process: Process) -> Record:
    """The next one. Raises asyncio.IncompleteReadError at the end."""
    assert process.stdout  # noqa: S101  # asked for above
    kind, number, length = head(await process.stdout.readexactly(HEAD.size))
    return Record(kind, number, await process.stdout.readexactly(length))


def _error(record: Record) -> BotError:
    said = record.said
    return UserError(Text(said["en"], said["ru"])) if "en" in said else Unavailable(said["why"])


def _seen(future: "asyncio.Future[str]") -> None:
    """So that nobody complains where nobody waits for it any more."""
    if not future.cancelled():
        future.exception()
