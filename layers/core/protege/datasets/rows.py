"""One row of training data: what is asked, what to answer, what not to."""

from collections.abc import Iterable
from typing import NamedTuple

from protege.errors import UserError
from protege.text import Text

LONGEST_INPUT = 4000
LONGEST_ANSWER = 8000
MOST_ROWS = 200_000


class Row(NamedTuple):
    """One row. Either answer may be empty; in data to test with both may be."""

    number: int
    """Where it stands among the rows of its file, from 1; names of columns do not count."""
    input: str
    good: str
    bad: str
    file: str = ""
    """The file it stands in."""
    author: str = ""
    """Discord id of the person who gave it."""


class Problem(NamedTuple):
    """A row that could not be used, and why. `number` 0: the file as a whole."""

    number: int
    why: Text
    file: str = ""
    raw: str = ""
    """The row's own text, cut to 20,000 characters."""


class NotText(UserError):
    """A whole file is clearly no text. `why`: the same for a list of what could not be used."""

    def __init__(self, text: Text, why: Text, **values: object) -> None:
        super().__init__(text, **values)
        self.why = why


def negated(rows: Iterable[Row]) -> list[Row]:
    """The same rows as examples of what not to say."""
    return [row._replace(good="", bad=row.good or row.bad) for row in rows]
