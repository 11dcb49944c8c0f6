"""From a file's bytes to rows: what is asked, what to answer, what not to."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from protege.errors import UserError
from protege.text import Text

LONGEST_INPUT = 4000
LONGEST_ANSWER = 8000
MOST_ROWS = 200_000
INPUTS = ("input", "prompt", "question", "q", "text", "query", "вопрос", "запрос")
GOODS = (
    "expected",
    "output",
    "completion",
    "answer",
    "response",
    "a",
    "label",
    "category",
    "ответ",
)
PAIR = re.compile(r"^(.+?)\s*(?:=>|->|→|\t)\s*(.+)$")
ASKED = re.compile(r"^\s*(?:Q|Question|В|Вопрос)\s*[:.]\s*", re.IGNORECASE)
ANSWERED = re.compile(r"^\s*(?:A|Answer|О|Ответ)\s*[:.]\s*", re.IGNORECASE)

NOT_TEXT = Text(
    en="“{name}” is not text: I read JSONL, JSON, CSV, TSV and plain text in UTF-8.",
    ru="«{name}» — не текст: я читаю JSONL, JSON, CSV, TSV и простой текст в UTF-8.",
)


class Row(NamedTuple):
    """One row. Either answer may be empty; in data to test with both may be."""

    number: int
    """Where it stands in the file, from 1."""
    input: str
    good: str
    bad: str
    file: str = ""
    """The file it stands in, where there are several."""
    author: str = ""
    """Discord id of the person who gave it."""


class Problem(NamedTuple):
    """A row that could not be used, and why."""

    number: int
    why: Text
    file: str = ""
    raw: str = ""
    """The row's own text, cut to 20,000 characters."""


class Parsed(NamedTuple):
    """What was found in a file; no row is dropped without a problem that names it."""

    rows: list[Row]
    problems: list[Problem]


NO_INPUT = Text(en="no question in it", ru="нет вопроса")
NO_ANSWER = Text(en="no answer in it", ru="нет ответа")
NOT_JSON = Text(en="not JSON", ru="не JSON")
BROKEN_TABLE = Text(
    en="the table breaks off here: a quote is not closed or a cell is too long",
    ru="здесь таблица обрывается: не закрыта кавычка или слишком длинная ячейка",
)
NOT_A_ROW = Text(en="neither an object nor a question", ru="не объект и не вопрос")
TOO_LONG = Text(en="longer than {limit} characters", ru="длиннее {limit} символов")
TOO_MANY = Text(en="more than {limit} rows", ru="больше {limit} строк")


def decode(name: str, body: bytes) -> str:
    """The text of a file. Raises UserError where it is none."""
    try:
        found = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(NOT_TEXT, name=name) from None
    if "\0" in found:
        raise UserError(NOT_TEXT, name=name)
    return found


def parse(text: str, *, answers: bool = True) -> Parsed:
    """Rows from JSON, JSONL, CSV, TSV or question-and-answer text, recognised by content.

    `answers`: whether a row without an answer is a problem (to learn from) or fine (to test with).
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, found in enumerate(_found(text), 1):
        if number > MOST_ROWS:
            problems.append(Problem(number, _with(TOO_MANY, MOST_ROWS)))
            break
        row = _safely(number, found)
        why = row if isinstance(row, Text) else _complaint(row, answers)
        if why:
            problems.append(Problem(number, why))
        elif isinstance(row, Row):
            rows.append(row)
    return Parsed(rows, problems)


def negated(rows: Iterable[Row]) -> list[Row]:
    """The same rows as examples of what not to say."""
    return [row._replace(good="", bad=row.good or row.bad) for row in rows]


def _safely(number: int, found: Mapping[str, Any] | Text) -> Row | Text:
    if isinstance(found, Text):
        return found
    try:
        return _row(number, found)
    except RecursionError:
        return NOT_A_ROW


def _complaint(row: Row, answers: bool) -> Text | None:
    if not row.input.strip():
        return NO_INPUT
    if answers and not (row.good.strip() or row.bad.strip()):
        return NO_ANSWER
    if len(row.input) > LONGEST_INPUT:
        return _with(TOO_LONG, LONGEST_INPUT)
    if max(len(row.good), len(row.bad)) > LONGEST_ANSWER:
        return _with(TOO_LONG, LONGEST_ANSWER)
    return None


def _with(text: Text, limit: int) -> Text:
    return Text(text.to("en", limit=limit), text.to("ru", limit=limit))


def _found(text: str) -> Iterator[Mapping[str, Any] | Text]:
    """Each row as a mapping, or what is wrong with it."""
    start = text.lstrip()[:1]
    if start in ("{", "["):
        yield from _json(text)
    elif (dialect := _dialect(text)) is not None:
        yield from _table(text, dialect)
    else:
        yield from _pairs(text)


def _json(text: str) -> Iterator[Mapping[str, Any] | Text]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            if line.strip():
                yield from _line(line)
        return
    rows = whole if isinstance(whole, list) else whole.get("data", whole.get("rows", whole))
    for row in rows if isinstance(rows, list) else [whole]:
        yield _item(row)


def _line(line: str) -> Iterator[Mapping[str, Any] | Text]:
    try:
        yield _item(json.loads(line))
    except (ValueError, RecursionError):
        yield NOT_JSON


def _item(row: Any) -> Mapping[str, Any] | Text:
    if isinstance(row, str):
        return {"input": row}
    if isinstance(row, list) and len(row) == 2:
        return {"input": row[0], "output": row[1]}
    return row if isinstance(row, Mapping) else NOT_A_ROW


def _dialect(text: str) -> type[csv.excel] | None:
    """CSV or TSV whose first line names a column that we know; None for anything else."""
    head = text.lstrip().partition("\n")[0]
    for separator in (",", ";", "\t"):
        names = {name.strip().strip('"').lower() for name in head.split(separator)}
        if len(names) > 1 and names & set(INPUTS):
            return type("Dialect", (csv.excel,), {"delimiter": separator})
    return None


def _table(text: str, dialect: type[csv.excel]) -> Iterator[Mapping[str, Any] | Text]:
    try:
        yield from csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    except csv.Error:
        yield BROKEN_TABLE


def _pairs(text: str) -> Iterator[Mapping[str, Any] | Text]:
    """`question => answer` a line, or `Q:` and `A:` blocks."""
    block: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if ASKED.match(line):
            if block:
                yield block
            block, last = {"input": ASKED.sub("", line)}, "input"
        elif ANSWERED.match(line) and "input" in block:
            block["output"], last = ANSWERED.sub("", line), "output"
        elif last and line.strip():
            block[last] += f"\n{line}"
        elif not last and line.strip():
            pair = PAIR.match(line)
            yield {"input": pair[1], "output": pair[2]} if pair else {"input": line}
    if block:
        yield block


def _row(number: int, found: Mapping[Any, Any]) -> Row:
    fields = {str(name).strip().lower(): value for name, value in found.items()}
    if isinstance(fields.get("messages"), list):
        return Row(
            number, _said(fields["messages"], "user"), _said(fields["messages"], "assistant"), ""
        )
    if "preferred_output" in fields or "non_preferred_output" in fields:
        good = _content(fields.get("preferred_output"))
        return Row(number, _asked(fields), good, _content(fields.get("non_preferred_output")))
    bad = fields.get("bad") or fields.get("rejected") or ""
    good = _first(fields, ("good", "chosen", *GOODS))
    return Row(number, _asked(fields), good, _content(bad))


def _asked(fields: Mapping[str, Any]) -> str:
    return _first(fields, INPUTS)


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((_content(fields[n]) for n in names if fields.get(n) not in (None, "")), "")


def _said(messages: list[Any], role: str) -> str:
    said = [m for m in messages if isinstance(m, Mapping) and m.get("role") == role]
    return _content(said[-1].get("content")) if said else ""


def _content(value: Any) -> str:
    """Text out of a string, a number, a list of messages or of content parts."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case list():
            return "\n".join(filter(None, map(_content, value)))
        case Mapping():
            return _content(value.get("content") or value.get("text") or value.get("messages"))
        case _:
            return str(value)
