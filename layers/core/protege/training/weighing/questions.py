"""A question whose right answer is known, with all that a model is told; as JSON and back."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from protege.providers import Example, Prompt
from protege.shapes import in_order


class Row(NamedTuple):
    """A question with all that the model is told."""

    prompt: Prompt
    expected: tuple[str, ...]
    """Right answers; none where the right one is to say that it was not taught."""
    bad: tuple[str, ...]
    """Answers that trainers marked as bad."""


def pack(rows: Iterable[Row]) -> bytes:
    """As a file."""
    return json.dumps(list(rows), ensure_ascii=False).encode()


def unpack(body: bytes) -> list[Row]:
    """What `pack` made."""
    return [read(*row) for row in json.loads(body)]


def read(prompt: list[object], expected: list[str], bad: list[str], *newer: object) -> Row:
    """A row's JSON as a row."""
    made = in_order(Prompt, prompt)
    examples = tuple(in_order(Example, example) for example in made.examples)
    return Row(made._replace(examples=examples), tuple(expected), tuple(bad))


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty, once."""
    return tuple(dict.fromkeys(filter(None, texts)))
