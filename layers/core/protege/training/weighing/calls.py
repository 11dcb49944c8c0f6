"""Calls of a model that were paid for, each once however often it is asked for."""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from protege.errors import BotError, UserError
from protege.providers import Completion, Usage
from protege.providers.refusals import NO_KEY, NO_MODEL, NOT_ALLOWED, NOTHING_SAID, QUOTA
from protege.shapes import in_order
from protege.storage import Files

AT_ONCE = 4
HOPELESS = (NO_KEY, NOT_ALLOWED, NO_MODEL, QUOTA, NOTHING_SAID)
"""Refusals of everything. The others are of one question: a filter's, a too long one."""
MOST_REFUSED = 4
"""Of the first calls; later half of them. More are no matter of the questions."""


class Paid(NamedTuple):
    """What a model said, what it was worth (0 to 1), and its tokens."""

    text: str
    score: float
    model: str
    input: int
    output: int

    @property
    def usage(self) -> Usage:
        return Usage(self.input, self.output)


class Interrupted(BaseException):
    """Leaves a search at once. No Exception: the library goes on after those, with less."""


class OutOfTime(Interrupted):
    """The rest belongs to the next piece of work."""


class OutOfCalls(Interrupted):
    """All that may be spent is spent."""


class Broken(Interrupted):
    """A call failed."""

    def __init__(self, error: BotError) -> None:
        super().__init__(str(error))
        self.error = error


class Call(NamedTuple):
    """One call: by which model, how it is made, and what its answer is worth."""

    model: str
    make: Callable[[], Completion]
    worth: Callable[[str], float]


class Calls:
    """The calls of one job, in files below `folder`. What is said there is never logged.

    `seconds`: after which no further call is begun. `note` is told of each call that is made: the
    model and its usage.
    """

    def __init__(
        self, files: Files, folder: str, seconds: float, note: Callable[[str, Usage], None]
    ) -> None:
        self._files = files
        self._folder = folder
        self._note = note
        self._ends = time.monotonic() + seconds
        self._known = self._read()
        self._fresh = 0

    @property
    def made(self) -> int:
        """How many there are, all pieces of work together."""
        return len(self._known)

    @property
    def fresh(self) -> int:
        """How many were made by this piece of work."""
        return self._fresh

    @property
    def paid(self) -> list[Paid]:
        """All of them."""
        return list(self._known.values())

    def ask(self, wanted: Mapping[str, Call], most: int) -> dict[str, Paid]:
        """Every wanted call's answer, by its key; only unknown ones are made, some at a time.

        `most`: how many calls there may be in all. The first unknown ones of a piece of work are
        made even when its time is over, so that every piece gets further. Raises Interrupted.
        """
        missing = iter([key for key in wanted if key not in self._known])
        while some := list(islice(missing, AT_ONCE)):
            if self._fresh and time.monotonic() > self._ends:
                raise OutOfTime
            allowed = some[: max(0, most - self.made)]
            self._make({key: wanted[key] for key in allowed})
            if len(allowed) < len(some):
                raise OutOfCalls
        return {key: self._known[key] for key in wanted}

    def pack(self) -> None:
        """Gather all in one file, so that the next piece of work reads one."""
        if self._fresh:
            lines = (json.dumps([key, *paid]) + "\n" for key, paid in sorted(self._known.items()))
            self._files.write(f"{self._folder}calls.jsonl", "".join(lines).encode())

    def _make(self, calls: Mapping[str, Call]) -> None:
        """Make calls together; each is on file before the next is waited for."""
        failed: BotError | None = None
        with ThreadPoolExecutor(AT_ONCE) as pool:
            running = {pool.submit(call.make): key for key, call in calls.items()}
            for done in as_completed(running):
                try:
                    self._keep(running[done], calls[running[done]], done)
                except BotError as error:
                    failed = error
        if failed:
            raise Broken(failed)

    def _keep(self, key: str, call: Call, done: Future[Completion]) -> None:
        text, usage = self._said(done)
        self._note(call.model, usage)
        paid = Paid(text, call.worth(text), call.model, usage.input, usage.output)
        self._files.write(f"{self._folder}calls/{key}.json", json.dumps(paid).encode())
        self._known[key] = paid
        self._fresh += 1

    def _said(self, done: Future[Completion]) -> Completion:
        """What was answered; nothing where the provider would not hear just this question."""
        try:
            return done.result()
        except UserError as error:
            refused = sum(not one.text for one in self._known.values())
            if error.text in HOPELESS or refused >= max(MOST_REFUSED, self.made // 2):
                raise
            return Completion("", Usage())

    def _read(self) -> dict[str, Paid]:
        packed = f"{self._folder}calls.jsonl"
        known: dict[str, Paid] = {}
        if packed in self._files.names(packed):
            for line in filter(None, self._files.read(packed).decode().split("\n")):
                key, *paid = json.loads(line)
                known[key] = in_order(Paid, paid)
        for name in self._files.names(f"{self._folder}calls/"):
            key = name.rpartition("/")[2].removesuffix(".json")
            if key not in known:
                known[key] = in_order(Paid, json.loads(self._files.read(name)))
        return known


def key_of(*parts: str) -> str:
    """The same for calls that ask the same."""
    return sha256(json.dumps(parts).encode()).hexdigest()
