"""Proposing a better instruction, as the GEPA library asks for it.

Source: gepa 0.1.4, strategies/instruction_proposal.py: the current instruction within ```, then
examples with the assistant's responses and feedback; the new one is to be answered within ```.
"""

import re
from collections.abc import Mapping

from playground.openai.speech.manners import DIRECTIVES, HABITS, obeyed

ASKED = re.compile(r"new instructions? .{0,60}within ``` blocks", re.I | re.S)
CURRENT = re.compile(r"```\n?(?P<text>.*?)\n?```", re.S)


def _own(habit: str) -> tuple[str, ...]:
    """How a habit begins, in every language."""
    return tuple(getattr(own, habit).partition("{")[0].strip() for own in HABITS.values())


SIGNS: Mapping[str, tuple[str, ...]] = {
    "greeting": (*_own("greeting"), "greeting", "preamble"),
    "closing": (*_own("closing"), "closing", "offer of help"),
    "words": (*_own("hedge"), "paraphras", "own words", "trainers' words", "word for word"),
    "untaught": (*_own("made_up"), "made up", "not taught", "not been taught", "never taught"),
    "short": ("too long", "shorter", "one sentence"),
}
"""What in the examples calls for which directive: the model knows its own habits by sight."""


def asks(text: str) -> bool:
    """Whether a prompt asks for a new instruction."""
    return bool(ASKED.search(text)) and bool(CURRENT.search(text))


def proposal(text: str) -> str:
    """The current instruction and the directives that are called for most, within ```."""
    found = CURRENT.search(text)
    current = found["text"].strip() if found else ""
    shown = text[found.end() :] if found else text
    missing = [name for name in SIGNS if name not in obeyed(current)]
    calls = {name: _calls(shown, name) for name in missing}
    most = max(calls.values(), default=0)
    urgent = [DIRECTIVES[name].wording for name in missing if 0 < most <= 2 * calls[name]]
    better = "\n".join([current, *urgent])
    return f"Here is the improved instruction.\n```\n{better.strip()}\n```"


def _calls(shown: str, name: str) -> int:
    return sum(shown.count(sign) for sign in SIGNS[name])
