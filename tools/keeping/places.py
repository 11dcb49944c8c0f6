"""Where a bot keeps what it has: a stack on AWS, or a folder."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from protege.storage import Files
from tools.keeping.rows import Row

GUILDS = "guilds/"
"""Files of servers; what lies elsewhere is on its way to somebody and gone in a day."""


def pages(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The same, at most `size` at a time."""
    left = iter(rows)
    while page := list(islice(left, size)):
        yield page


class Step(NamedTuple):
    """Something that deleting everything takes; `what` tells an operator, `do` does it."""

    what: str
    do: Callable[[], object]


class Place(Protocol):
    """A bot's storage, with what moving house needs beside the bot's own protocols."""

    @property
    def name(self) -> str:
        """What an operator calls it."""

    @property
    def files(self) -> Files:
        """The bot's files."""

    def answers(self, endpoint: str) -> bool:
        """Whether it is this bot that Discord reaches there. Raises Unavailable."""

    def rows(self) -> Iterator[Row]:
        """Every record that has not expired. Raises Unavailable."""

    def put(self, rows: Iterable[Row]) -> None:
        """Write records as they are, versions included, over what is there. Raises Unavailable."""

    def drop(self, rows: Iterable[Row]) -> None:
        """Delete records; no error where there are none. Raises Unavailable."""

    def erase(self, prefix: str) -> None:
        """Delete files for good, with every older version."""

    def wake(self) -> None:
        """Have running jobs looked after."""

    def everything(self) -> Iterator[Step]:
        """What has to go so that nothing is left, in order."""


def place(
    stack: str, folder: str, *, new: bool = False, table: str = "", whole: bool = True
) -> Place:
    """The stack of that name (with another `table`, or not `whole` any more), or the folder; a
    `new` one need not be there.

    Raises SystemExit where there is none.
    """
    if stack:
        from tools.keeping.stack import StackPlace

        return StackPlace(stack, table, whole=whole)
    from tools.keeping.folder import RECORDS, FolderPlace

    if not new and not Path(folder, RECORDS).exists():
        raise SystemExit(f"no bot keeps anything in {Path(folder).resolve()} (DATA_DIR, or STACK=)")
    return FolderPlace(Path(folder))
