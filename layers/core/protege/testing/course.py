"""How far a test's job is, and which rows come next."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from protege.datasets.lines import line
from protege.datasets.rows import Row
from protege.errors import Missing
from protege.shapes import shaped
from protege.storage import Files
from protege.testing.costs import Size
from protege.testing.tally import Tally
from protege.testing.trial import Trial
from protege.text import Text
from protege.training.job import Job

WINDOW = 256 << 10
"""Bytes of rows that are looked at for one step; the longest row has some 130 KB."""
MOST = 64
"""Rows of one step: embedding their questions and answers takes some two seconds."""
FIRST = 16


class Course(NamedTuple):
    """Stands in the job's record: small, however many rows there are."""

    tally: Tally
    offset: int = 0
    """Where in the file of rows the next one begins, in bytes."""
    batch: int = FIRST
    """Rows to be tried in the next step."""
    unjudged: Text | None = None
    """Why judging ended."""

    @classmethod
    def of(cls, job: Job) -> "Course":
        """As the job's record says."""
        found = job.report["course"]
        tally, unjudged = Tally.from_json(found["tally"]), found["unjudged"]
        return cls(**(found | {"tally": tally, "unjudged": Text(*unjudged) if unjudged else None}))

    def as_json(self) -> dict[str, Any]:
        """What the job's report holds of it."""
        return {"course": self._asdict() | {"tally": self.tally.as_json()}}

    def after(self, trials: Sequence[Trial], ends: Sequence[int], off: Text | None) -> "Course":
        """With some more rows tried, of which `ends` says where each ends."""
        batch = min(MOST, max(1, 2 * len(trials)))
        return Course(self.tally.plus(trials), ends[len(trials) - 1], batch, off)


class Counted:
    """Rows on their way into the job's file."""

    def __init__(self, items: Iterable[Row]) -> None:
        self._items = items
        self.size = Size()

    def lines(self) -> Iterator[bytes]:
        """Each as a line of JSON."""
        for row in self._items:
            self.size = self.size.plus(row)
            yield line(row)


def rows_of(job: Job) -> str:
    """Key of the rows that a job tries."""
    return f"{job.folder}rows.jsonl"


def cut(files: Files, job: Job, course: Course) -> tuple[list[Row], list[int]]:
    """The next rows, and where in the file each ends, in bytes; none at its end."""
    try:
        window = files.part(rows_of(job), course.offset, WINDOW)
    except Missing:
        if course.tally.rows < job.total:
            raise
        window = b""
    rows, ends, at = [], [], course.offset
    *lines, _ = window.split(b"\n", course.batch)
    for found in lines:
        at += len(found) + 1
        rows.append(shaped(Row, json.loads(found)))
        ends.append(at)
    return rows, ends
