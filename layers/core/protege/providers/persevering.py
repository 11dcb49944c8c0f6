"""Asking again while trouble is passing and there is time."""

import itertools
import time
from collections.abc import Callable, Generator

from protege.errors import Unavailable
from protege.providers import Completion, Usage
from protege.providers.passing import passing
from protege.providers.refusals import Passing
from protege.tracing import span

ATTEMPTS = 3
FIRST_WAIT_S = 0.5
Pieces = Generator[str, None, Usage]


def persevere(
    once: Callable[[float], Pieces], most_s: float, sleep: Callable[[float], None] = time.sleep
) -> Pieces:
    """An answer, asked for three times at most within `most_s` seconds, pauses included.

    `once`: asks, given when (of time.monotonic) to give up; raises Passing where another try may
    help. What breaks off before its first piece is begun again. Later it is Unavailable: what has
    come is never taken for the whole, and the queue brings the question again.
    """
    ends, seen = time.monotonic() + most_s, _Seen()
    for attempt in itertools.count(1):
        try:
            with span("model"):
                return (yield from seen.through(once(ends)))
        except Passing as passing:
            wait_s = _wait_s(passing, attempt)
            late = time.monotonic() + wait_s > ends
            if seen.any or late or attempt == ATTEMPTS:
                raise Unavailable(f"the model is down: {passing}") from None
        sleep(wait_s)
    raise AssertionError  # the loop has no other end


def whole(pieces: Pieces) -> Completion:
    """All pieces together, and what they cost."""
    said = []
    while True:
        try:
            said.append(next(pieces))
        except StopIteration as end:
            return Completion("".join(said), end.value)


class _Seen:
    """Whether any piece has come through."""

    any = False

    def through(self, pieces: Pieces) -> Pieces:
        return passing(pieces, self._came)

    def _came(self, piece: str) -> None:
        self.any = True


def _wait_s(passing: Passing, attempt: int) -> float:
    wait_s = passing.wait_s
    return FIRST_WAIT_S * 2 ** (attempt - 1) if wait_s is None else wait_s
