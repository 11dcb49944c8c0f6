"""One log line, whoever wrote it, on one row: time, level, part, command, guild, event, more."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

COLOURS = {"ERROR": "\033[31m", "WARNING": "\033[33m", "DEBUG": "\033[2m"}
BOLD, PLAIN = "\033[1m", "\033[0m"
TOLD = {"timestamp", "level", "event", "part", "command", "guild", "ms", "interaction", "cold"}
"""What has a column of its own."""
HIDDEN = {"_aws", "Stack", "Command", "Guild", "Interactions", "AckMs", "AnswerMs", "message"}
"""What is said twice, or to machines."""
LAST_OF_PLACES = 1
MS_DIGITS = 3
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Wanted(NamedTuple):
    """Which lines; empty: all."""

    interaction: str = ""
    guild: str = ""
    errors: bool = False
    numbers: bool = False
    """Also lines that only count."""


class Line(NamedTuple):
    """`at`: seconds since the epoch; `fields`: the line's own, or its text as `message`."""

    at: float
    fields: Mapping[str, Any]

    @property
    def requests(self) -> set[str]:
        """Ids of the invocations that it belongs to."""
        platform = self.fields.get("record") or {}
        names = (self.fields.get("request"), self.fields.get("requestId"))
        return {str(id) for id in (*names, platform.get("requestId")) if id}

    @property
    def level(self) -> str:
        """DEBUG, INFO, WARNING or ERROR."""
        failed = {"error", "failure", "timeout"}
        if (self.fields.get("record") or {}).get("status") in failed:
            return "ERROR"
        if str(self.fields.get("status", "")).startswith("5"):
            return "ERROR"
        return {"WARN": "WARNING"}.get(found := str(self.fields.get("level", "INFO")), found)


def read(text: str, at: float = 0.0) -> Line:
    """A line of any process. `at`: when it was written, where it does not say so itself."""
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return Line(at, {"message": text.rstrip()})
    said = str(fields.get("timestamp") or fields.get("time") or "")
    return Line(at or _seconds(said), fields)


def wanted(line: Line, by: Wanted) -> bool:
    """Whether it is to be shown. An invocation's own lines are found by `Line.requests`."""
    fields = line.fields
    if by.interaction and by.interaction not in (fields.get("interaction"), fields.get("job")):
        return False
    if by.guild and fields.get("guild") != by.guild:
        return False
    if by.errors and line.level != "ERROR":
        return False
    return by.numbers or fields.get("event") != "counted"


def shown(line: Line, *, colours: bool) -> str:
    """The line as people read it."""
    fields = line.fields
    time = datetime.fromtimestamp(line.at, UTC).strftime("%H:%M:%S.%f")[:-MS_DIGITS]
    event = harmless(str(fields.get("event") or fields.get("type") or fields.get("message", "")))
    columns = [
        time,
        f"{line.level:7}",
        f"{fields.get('part', '-'):8}",
        f"{fields.get('command', '-'):12}",
        f"{fields.get('guild', '-'):19}",
    ]
    begin, strong, end = (COLOURS.get(line.level, ""), BOLD, PLAIN) if colours else ("", "", "")
    head = f"{begin}{harmless(' '.join(columns))}{end} {strong}{event}{end}"
    return "  ".join([head, *map(harmless, _rest(fields))])


def harmless(text: str) -> str:
    """Without what would steer a terminal: a line may hold what people wrote."""
    return CONTROL.sub("·", text)


def _rest(fields: Mapping[str, Any]) -> list[str]:
    ms = [f"{fields['ms']} ms"] if "ms" in fields else []
    marks = ["cold"] if fields.get("cold") else []
    ids = [str(fields["interaction"])] if "interaction" in fields else []
    more = {**fields, **(fields.get("record") or {})}
    hidden = TOLD | HIDDEN | {"record", "time", "type", "request", "requestId", "trace"}
    return ms + marks + ids + [f"{k}={_brief(v)}" for k, v in more.items() if k not in hidden]


def _brief(value: Any) -> str:
    """The last of several places, as there it went wrong."""
    if isinstance(value, list):
        return str(value[-LAST_OF_PLACES]) if value else ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _seconds(said: str) -> float:
    try:
        return datetime.fromisoformat(said).timestamp()
    except ValueError:
        return 0.0
