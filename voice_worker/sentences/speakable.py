"""What is written, as it is said."""

import re

MARKS = re.compile(r"[*_`~|#>]+")


def spoken(text: str, language: str = "en-US") -> str:
    """The text without what only eyes understand; empty where nothing is left."""
    return " ".join(MARKS.sub("", text).split())
