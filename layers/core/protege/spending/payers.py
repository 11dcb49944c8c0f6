"""For whom this process works just now: what is used without a guild's name is that guild's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_payer = ContextVar("payer", default="")


@contextmanager
def paid_by(space: str) -> Iterator[None]:
    """Within it, what is used without a guild's name is this guild's: the embedder serves all of
    them and cannot know whose text it reads."""
    before = _payer.set(space)
    try:
        yield
    finally:
        _payer.reset(before)


def payer() -> str:
    """The guild that `paid_by` named; empty: none."""
    return _payer.get()
