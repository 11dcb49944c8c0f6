"""What is logged: one JSON object a line, never a secret, never what people wrote.

The same shape everywhere: `timestamp`, `level` and `event`, then what `about` says of the work in
hand (interaction, guild, command, job ...), then the line's own fields. Lambda takes such lines as
they are and Logs Insights finds their fields by name.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

People's ids are personal data and stand in no line: an interaction's id leads to all that is
needed.
"""

import logging
import time
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar, Token
from typing import Protocol

from protege.jsontext import encode

LOG = logging.getLogger("protege")
MOST_PLACES = 8
PRIVATE = "dm-"
"""What a private chat's space begins with."""
CONTENT_MAX = 500
"""Characters of what people wrote, where a setting asks for it."""
_about: ContextVar[Mapping[str, object]] = ContextVar("about", default={})  # noqa: B039  # never changed
_second: tuple[int, str] = (0, "")
_content = False
_always: Mapping[str, object] = {}


class Stream(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """A whole line, with its end."""

    def flush(self) -> object:
        """At once."""


class about:  # reads as a statement: `with about(job=id):`
    """Within it, every line carries these fields too; empty ones are left out.

    Threads begin without them, tasks of asyncio with those of the task that starts them.
    """

    __slots__ = ("_fields", "_token")

    def __init__(self, **fields: object) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        self._token: Token[Mapping[str, object]] = _about.set({**_about.get(), **self._fields})

    def __exit__(self, *_: object) -> None:
        _about.reset(self._token)


def now_about() -> Mapping[str, object]:
    """The fields that a line would carry here."""
    return _about.get()


def note(event: str, **fields: object) -> None:
    """Log that something happened. Fields are ids, counts and durations."""
    if LOG.isEnabledFor(logging.INFO):
        _write(logging.INFO, event, fields)


def detail(event: str, **fields: object) -> None:
    """The same, of what is too frequent to be kept unless `LOG_LEVEL` asks for it."""
    if LOG.isEnabledFor(logging.DEBUG):
        _write(logging.DEBUG, event, fields)


def trouble(event: str, error: BaseException, **fields: object) -> None:
    """Log an error with where it came from.

    The message of an unknown exception may quote what a person wrote, so only its type, those of
    the errors it came from, and the places it passed are kept.
    """
    if LOG.isEnabledFor(logging.ERROR):
        _write(logging.ERROR, event, {**described(error), **fields})


def described(error: BaseException) -> dict[str, object]:
    """What may be said of an error: `error`, `causes` (if any) and `where`."""
    where = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    causes = [type(cause).__name__ for cause in _causes(error)]
    found: dict[str, object] = {"error": type(error).__name__}
    return {**found, **({"causes": causes} if causes else {}), "where": where[-MOST_PLACES:]}


def said(**texts: str) -> dict[str, str]:
    """What people wrote, as fields `content_…` and cut; nothing unless `LOG_CONTENT` is set."""
    if not _content:
        return {}
    return {f"content_{name}": text[:CONTENT_MAX] for name, text in texts.items()}


def open_journal(
    stream: Stream, level: str = "INFO", *, content: bool = False, **always: object
) -> None:
    """Write lines from now on, to `stream`; what others log through `logging`, too.

    `always`: fields of every line; `content`: see `said`;
    `level`: the least that is written (DEBUG, INFO, WARNING, ERROR). Of other libraries it is never
    less than WARNING: below that they log addresses with tokens and what people wrote.
    """
    global _content, _always
    _content, _always = content, always
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    LOG.setLevel(level)
    others = logging.getLogger()  # ours go through it, too; Lambda's own handler makes room
    others.handlers = [handler]
    others.setLevel(max(logging.WARNING, LOG.level))


def line(level: str, event: str, fields: Mapping[str, object]) -> str:
    """One line as it is written, without its end. A private chat's space is a person's id."""
    found = {**_always, **_about.get(), **fields}
    if str(found.get("guild", "")).startswith(PRIVATE):
        found["guild"] = "private"
    shown = {name: _named(v) for name, v in found.items() if v is not None and v != ""}
    return encode({"timestamp": _timestamp(), "level": level, "event": event, **shown})


def _named(value: object) -> object:
    """JSON would make a list of a record, settings with their secrets as well."""
    return type(value).__name__ if hasattr(value, "_fields") else value


def _write(level: int, event: str, fields: Mapping[str, object]) -> None:
    text = line(logging.getLevelName(level), event, fields)
    LOG.handle(logging.LogRecord(LOG.name, level, "", 0, text, None, None))


class Lines(logging.Formatter):
    """Ours as they are. Of others only the pattern: what stands in its places may be anything."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        if record.name == LOG.name:
            return str(record.msg)
        fields: dict[str, object] = {"logger": record.name, "pattern": _pattern(record)}
        if record.exc_info and record.exc_info[1]:
            fields |= described(record.exc_info[1])
        return line(record.levelname, "library", fields)


def _pattern(record: logging.LogRecord) -> str:
    """Without arguments it may be ready-made, and is kept back; its place in the code is told."""
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"{record.module}:{record.lineno}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen:
        yield cause
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__


def _timestamp() -> str:
    """Now, as 2026-12-31T23:59:59.999Z."""
    global _second
    now = time.time()
    second = int(now)
    if _second[0] != second:
        _second = (second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)))
    return f"{_second[1]}.{int((now - second) * 1000):03d}Z"
