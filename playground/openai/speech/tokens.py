"""Tokens as this model counts them: words and marks."""

import re

PIECE = re.compile(r"\s*(?:\w+|[^\w\s])|\s+$")


def pieces(text: str) -> list[str]:
    """The text cut into tokens; joined they are the text again."""
    return PIECE.findall(text)


def count(text: str) -> int:
    """How many tokens a text has."""
    return len(pieces(text))
