"""Sentences as the recogniser sees them: words in lower case, without punctuation."""

import re

WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
MOST_WORDS = 25
"""Longer sentences are not expected to be said word for word."""


def words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence; empty where it has none, or too many to be a hint."""
    found = tuple(word.replace("’", "'") for word in WORDS.findall(sentence.lower()))
    return found if len(found) <= MOST_WORDS else ()
