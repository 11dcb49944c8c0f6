"""Answers on their way through us."""

from collections.abc import Callable, Generator
from contextlib import closing

from protege.providers import Usage


def passing(
    pieces: Generator[str, None, Usage], tell: Callable[[str], object]
) -> Generator[str, None, Usage]:
    """The pieces as they come, each told before it is handed on; returns what they cost.

    Closed early, it closes `pieces` too. Raises what they raise.
    """
    with closing(pieces):
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                usage: Usage = end.value
                return usage
            tell(piece)
            yield piece
