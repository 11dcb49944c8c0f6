"""Grading an answer against the one that was expected, by likeness in meaning."""

import json
import re
from collections.abc import Callable, Sequence

from protege.learning import Vectors
from protege.learning.wording import normalise

Embed = Callable[[Sequence[str]], Vectors]
FIELD = r"^{name}:[ \t]*\n?(?P<text>.*?)(?=^[A-Z]{{4,}}:|\Z)"


def asks(text: str) -> bool:
    """Whether a prompt asks for a grade: lines `EXPECTED:` and `ANSWER:`, and JSON with a score."""
    both = all(re.search(f"^{name}:", text, re.M) for name in ("EXPECTED", "ANSWER"))
    return both and '"score"' in text


def grade(text: str, embed: Embed) -> str:
    """JSON with `score` (0 to 1) and `why`."""
    expected, answer = _field(text, "EXPECTED"), _field(text, "ANSWER")
    if normalise(expected) == normalise(answer):
        return _said(1.0, "It is the same.")
    one, other = embed([expected, answer])
    score = max(0.0, min(1.0, float(one @ other)))
    why = "It means nearly the same." if score >= 0.8 else "It says something else."
    return _said(score, why)


def _field(text: str, name: str) -> str:
    found = re.search(FIELD.format(name=name), text, re.M | re.S)
    return found["text"].strip() if found else ""


def _said(score: float, why: str) -> str:
    return json.dumps({"score": round(score, 3), "why": why})
