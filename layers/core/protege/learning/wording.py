"""Texts as they are compared: what makes two the same, their words, their script."""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

WORD = re.compile(r"\w+")
LATIN_UP_TO = "\u024f"
"""Last letter of Latin Extended-B (unicode.org/charts)."""


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Same for texts that differ in case, spaces, width of characters, ё/е, or marks at the ends.

    Text of marks only (`?!`) stays what it is, so that it never equals empty text.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = folded.replace("ё", "е")
    spaced = " ".join(folded.split())
    return spaced.strip(" .,!?;:…\"'«»“”„()[]*_~`") or spaced


def words(text: str) -> list[str]:
    """The words of normalised text; digits and letters, no marks."""
    return WORD.findall(normalise(text))


def latin_share(text: str) -> float:
    """Share of the letters that are Latin, 0 to 1; 1 where there are no letters."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return 1.0
    return sum(char <= LATIN_UP_TO for char in letters) / len(letters)


def draw(text: str) -> int:
    """A number that looks random and is always the same for texts that `normalise` makes equal."""
    return int.from_bytes(blake2b(normalise(text).encode(), digest_size=8).digest())
