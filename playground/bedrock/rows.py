"""Training files in the format `bedrock-conversation-2024`.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-prepare.html
"""

import json
from typing import Any

from playground.bedrock.catalogue import LEAST_ROWS, MOST_ROWS
from playground.openai.learner.examples import Row

SCHEMA = "bedrock-conversation-2024"
KEYS = {"schemaVersion", "system", "messages"}


class BadFile(Exception):
    """Why a file cannot be trained on."""


def rows(content: bytes) -> list[Row]:
    """What is asked and answered in each line. Raises BadFile."""
    try:
        lines = [json.loads(line) for line in content.decode().split("\n") if line.strip()]
    except ValueError as error:
        raise BadFile(f"The file is not JSON lines in UTF-8: {error}") from error
    if not LEAST_ROWS <= len(lines) <= MOST_ROWS:
        found = f"{len(lines)} rows found"
        raise BadFile(f"{found}, between {LEAST_ROWS} and {MOST_ROWS} are needed.")
    return [_row(line, number) for number, line in enumerate(lines, 1)]


def _row(line: Any, number: int) -> Row:
    _must(isinstance(line, dict) and not set(line) - KEYS, number, "has unknown keys")
    _must(line.get("schemaVersion") == SCHEMA, number, f"is not of schema {SCHEMA}")
    messages = line.get("messages")
    _must(isinstance(messages, list) and len(messages) >= 2, number, "has no two messages")
    for n, message in enumerate(messages):
        wanted = "assistant" if n % 2 else "user"
        _must(message.get("role") == wanted, number, f"needs the role {wanted} at message {n + 1}")
    _must(len(messages) % 2 == 0, number, "does not end with the assistant")
    return Row(_text(messages[-2], number), _text(messages[-1], number))


def _text(message: dict[str, Any], number: int) -> str:
    content = message.get("content")
    fits = isinstance(content, list) and all(
        isinstance(it, dict) and "text" in it for it in content
    )
    _must(fits and bool(content), number, "has a content that is no list of texts")
    return "\n".join(str(it["text"]) for it in content or [])


def _must(holds: bool, number: int, what: str) -> None:
    if not holds:
        raise BadFile(f"Line {number} {what}.")
