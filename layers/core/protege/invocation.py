"""Around each call of a function on Lambda: its log, its numbers, its trace."""

import sys
from types import TracebackType
from typing import Any

from protege import metrics
from protege.config import Config, ConfigError
from protege.errors import BotError
from protege.journal import about, open_journal, trouble
from protege.metrics.emf import Emf
from protege.tracing import header, trace_id

_opened = ""


class Failed(Exception):
    """An invocation failed; it names the type of the error only, as the runtime logs all of it."""


class Stdout:
    """Whatever stands for standard output when a line is written."""

    def write(self, text: str, /) -> None:
        """A whole line."""
        sys.stdout.write(text)

    def flush(self) -> None:
        """At once."""
        sys.stdout.flush()


class invocation:
    """Within it, lines name the request and its trace; at the end, numbers are handed on.

    `part`: the function's name in lines; `context`: Lambda's; `fields`: more for each line. An
    unknown exception comes out as Failed: the log says where it came from, and its message may
    quote what a person wrote.
    """

    def __init__(self, part: str, config: Config, context: Any, **fields: object) -> None:
        cold = _open(part, config)
        request = getattr(context, "aws_request_id", "")
        trace = trace_id(header())
        self._about = about(request=request, trace=trace, cold=cold or None, **fields)
        self._cold = cold

    def __enter__(self) -> None:
        self._about.__enter__()
        if self._cold:
            metrics.count("ColdStarts")

    def __exit__(
        self,
        of: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error:
            trouble("failed", error)
            metrics.count("Errors")
        metrics.flush()
        self._about.__exit__()
        if isinstance(error, Exception) and not isinstance(error, (BotError, ConfigError)):
            raise Failed(type(error).__name__) from None


def _open(part: str, config: Config) -> bool:
    """Whether this is the first invocation of this process: then open the log."""
    global _opened
    if _opened == part:
        return False
    _opened = part
    open_journal(Stdout(), config.log_level, content=bool(config.log_content), part=part)
    metrics.send_to(Emf(Stdout(), config.stack, config.metrics_by))
    return True
