"""Where a test's rows, answers and table lie: `guilds/<space>/tests/<id>/`, for some days.

`rows-<n>.jsonl` has the trials from the n-th on, `wrong-<n>.jsonl` those of them that went wrong. A
record says how long all that is kept; what has run out goes when the next test begins.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from protege.errors import Missing, UserError
from protege.storage import Files, Records
from protege.testing.trial import Trial, dump, load
from protege.text import Text

DAY_S = 24 * 3600
MOST_SWEPT = 3
"""Old tests that are removed when a new one begins."""
GONE = Text(
    "I do not know that test any more. Run `/test` again.",
    "Этой проверки я уже не помню. Запустите `/test` ещё раз.",
)


class Page(NamedTuple):
    """Some trials that went wrong, and whether there are more."""

    trials: list[Trial]
    more: bool


class Store:
    """Every guild's tests; `space` is the guild in every call."""

    def __init__(
        self, files: Files, records: Records, days: int, now: Callable[[], float] = time.time
    ) -> None:
        self._files = files
        self._records = records
        self._days = days
        self._now = now

    def open(self, space: str, id: str, author: str) -> None:
        """Begin to keep a test; what is too old goes."""
        ends = self._now() + self._days * DAY_S
        self._records.put(f"test#{space}", id, {"author": author}, expires_at=ends)
        old = (name for name in self._kept(space) if not self._known(space, name))
        for name in list(islice(old, MOST_SWEPT)):
            self.remove(space, name)

    def check(self, space: str, id: str) -> None:
        """Raises UserError where there is no such test here, or no more."""
        if not self._known(space, id):
            raise UserError(GONE)

    def write(self, space: str, id: str, trials: Sequence[Trial]) -> None:
        """Keep trials that follow each other. Written again, they replace what was there."""
        first = trials[0].number
        wrong = [trial for trial in trials if trial.wrong]
        key = _key(space, id, f"wrong-{first:07d}.jsonl")
        if wrong:
            self._files.write(key, dump(wrong))
        else:
            self._files.delete(key, forever=True)
        self._files.write(_key(space, id, f"rows-{first:07d}.jsonl"), dump(trials))

    def chunks(self, space: str, id: str, after: str = "") -> Iterator[tuple[str, list[Trial]]]:
        """All trials in order, with the names of the files they lie in, of which `after` is one."""
        for key in list(self._files.names(_key(space, id, "rows-"))):
            if key > after:
                yield key, list(load(self._files.read(key)))

    def wrong(self, space: str, id: str, after: int, count: int) -> Page:
        """What went wrong after a row's number. Raises UserError where there is no such test."""
        self.check(space, id)
        prefix = _key(space, id, "wrong-")
        keys = list(self._files.names(prefix))
        begun = sum(int(key[len(prefix) :].partition(".")[0]) <= after for key in keys)
        later = (
            trial
            for key in keys[max(0, begun - 1) :]
            for trial in load(self._files.read(key))
            if trial.number > after
        )
        found = list(islice(later, count + 1))
        return Page(found[:count], len(found) > count)

    def table(self, space: str, id: str) -> str:
        """Key of the table of all trials."""
        return _key(space, id, "predictions.csv")

    def remove(self, space: str, id: str) -> None:
        """Forget a test."""
        self._records.delete(f"test#{space}", id)
        for key in list(self._files.names(_key(space, id, ""))):
            self._files.delete(key, forever=True)

    def _kept(self, space: str) -> Iterator[str]:
        folder = _key(space, "", "").rstrip("/") + "/"
        return (name[len(folder) :].strip("/") for name in self._files.browse(folder, 1000))

    def _known(self, space: str, id: str) -> bool:
        try:
            self._records.get(f"test#{space}", id)
        except (Missing, ValueError):  # storage refuses ids that could never be there
            return False
        return True


def _key(space: str, id: str, name: str) -> str:
    return f"guilds/{space}/tests/{id}/{name}"
