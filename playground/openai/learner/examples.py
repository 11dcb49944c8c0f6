"""Training files as OpenAI checks them.

Sources: https://platform.openai.com/docs/guides/supervised-fine-tuning (formatting your data),
https://platform.openai.com/docs/guides/direct-preference-optimization and the cookbook's "Data
preparation and analysis for chat model fine-tuning".
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

LEAST = 10
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
KEYS = {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call"}
SUPERVISED_KEYS = {"messages", "tools", "functions", "parallel_tool_calls"}
PREFERENCE_KEYS = {"input", "preferred_output", "non_preferred_output"}


class BadFile(Exception):
    """Why a file cannot be trained on; `code` as in the job's error."""

    def __init__(self, message: str, code: str = "invalid_training_file") -> None:
        super().__init__(message)
        self.code = code
        self.param = "training_file"


class Row(NamedTuple):
    """What a person asks, what is to be answered, and what not (empty where nothing is known)."""

    question: str
    answer: str
    bad: str = ""


def rows(content: bytes, method: str) -> list[Row]:
    """The rows of a file. `method`: supervised or dpo. Raises BadFile."""
    read = {"supervised": _supervised, "dpo": _preference}[method]
    found = [read(line, number) for number, line in _lines(content)]
    if len(found) < LEAST:
        message = f"Training file has {len(found)} example(s), but must have at least {LEAST}."
        raise BadFile(message, "invalid_n_examples")
    return found


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadFile("The file is not in UTF-8.", "invalid_file_format") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _object(line, number)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        message = f"Invalid file format. Line {number} is not valid JSON."
        raise BadFile(message, "invalid_jsonl") from error
    _must(isinstance(found, dict), number, "is not a JSON object")
    return dict(found)


def _supervised(line: dict[str, Any], number: int) -> Row:
    _only(line, SUPERVISED_KEYS, "messages", number)
    said = _messages(line["messages"], number, "messages")
    last = said[-1]
    _must(last["role"] == "assistant", number, "must end with a message of the assistant")
    return Row(_asked(said, number), last["content"])


def _preference(line: dict[str, Any], number: int) -> Row:
    for needed in sorted(PREFERENCE_KEYS):
        _only(line, PREFERENCE_KEYS, needed, number)
    given = line["input"]
    _must(isinstance(given, dict) and "messages" in given, number, "has no `input.messages`")
    said = _messages(given["messages"], number, "input.messages")
    _must(said[-1]["role"] != "assistant", number, "must not answer within `input`")
    good, bad = (
        _output(line, name, number) for name in ("preferred_output", "non_preferred_output")
    )
    _must(good != bad, number, "prefers an answer to itself")
    return Row(_asked(said, number), good, bad)


def _output(line: dict[str, Any], name: str, number: int) -> str:
    said = _messages(line[name], number, name)
    alone = len(said) == 1 and said[0]["role"] == "assistant"
    _must(alone, number, f"needs exactly one message of the assistant in `{name}`")
    return str(said[0]["content"])


def _messages(value: Any, number: int, name: str) -> list[dict[str, Any]]:
    _must(isinstance(value, list) and bool(value), number, f"has no messages in `{name}`")
    for message in value:
        _must(isinstance(message, dict), number, f"holds something else in `{name}`")
        _only(message, KEYS, "role", number)
        _must(message["role"] in ROLES, number, f"has an unknown role in `{name}`")
        content = message.get("content")
        _must(isinstance(content, str) and bool(content), number, f"has no content in `{name}`")
        _must(message.get("weight", 1) in (0, 1), number, "has a weight that is not 0 or 1")
    return list(value)


def _asked(said: list[dict[str, Any]], number: int) -> str:
    asked = [str(message["content"]) for message in said if message["role"] == "user"]
    _must(bool(asked), number, "has no message of a user")
    return asked[-1]


def _only(given: dict[str, Any], keys: set[str], needed: str, number: int) -> None:
    _must(needed in given, number, f"has no `{needed}`")
    unknown = sorted(set(given) - keys)
    _must(not unknown, number, f"has the unknown key `{unknown[0] if unknown else ''}`")


def _must(holds: bool, number: int, what: str) -> None:
    if not holds:
        raise BadFile(f"Invalid file format. Line {number} {what}.", "invalid_file_format")
