"""The table of events/README.md: every event, and how to send it by hand."""

from collections.abc import Iterator
from pathlib import Path

from tools.docs import between
from tools.local_invoke.invoking import one_liner
from tools.replay import EVENTS, events

README = EVENTS / "README.md"
FUNCTIONS = ("Ingress", "Worker", "Watcher", "Registrar")


def rows() -> Iterator[str]:
    """A row for each event."""
    for function in FUNCTIONS:
        for path in events(function):
            yield f"| `{function}/{path.stem}` | `{one_liner(function, path.stem)}` |"


def table() -> str:
    """Markdown."""
    return "\n".join(["| event | how to send it |", "| --- | --- |", *rows()])


def write() -> Path:
    """Renew it; the file."""
    README.write_text(between(README.read_text(), "events", table()))
    return README
