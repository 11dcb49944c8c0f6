"""A prompt, read: instructions, lessons, corrections, the question."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from protege.learning.wording import normalise

FENCE = re.compile(r"</?(?:answer|question)>")
"""What a prompt puts around people's words."""
BAD = re.compile(r"To (?P<asked>.+?) this answer is BAD:\s*(?P<said>.+)", re.S)
TAUGHT = re.compile(r"answer to a question like this one is:\s*(?P<said>.+)", re.S)
DOCUMENT = re.compile(r"<document>\s*(?P<text>.+?)\s*</document>", re.S)


class Turn(NamedTuple):
    """A message. `role`: system, developer, user or assistant."""

    role: str
    text: str


class Shot(NamedTuple):
    """A question and its answer within the prompt."""

    asked: str
    said: str


class Conversation(NamedTuple):
    """What there is to go by."""

    instructions: str
    shots: tuple[Shot, ...]
    bad: tuple[Shot, ...]
    """What must not be answered."""
    taught: str
    """The answer that the developer gives for this question; empty where none does."""
    question: str
    document: str

    def forbids(self, said: str) -> bool:
        """Whether this answer is marked as a bad one."""
        return normalise(said) in {normalise(shot.said) for shot in self.bad}


def conversation(instructions: str, turns: Sequence[Turn]) -> Conversation:
    """Read a prompt; its last message of a user is the question."""
    told = [turn.text for turn in turns if turn.role in ("system", "developer")]
    found = [m for m in map(BAD.search, told) if m]
    bad = [Shot(_plain(m["asked"]).strip("“”"), _plain(m["said"])) for m in found]
    taught = [_plain(m["said"]) for m in map(TAUGHT.search, told) if m]
    plain = [text for text in told if not BAD.search(text) and not TAUGHT.search(text)]
    asked = [turn.text for turn in turns if turn.role == "user"]
    last = asked[-1] if asked else ""
    document = DOCUMENT.search(last)
    return Conversation(
        "\n\n".join([instructions, *plain]).strip(),
        tuple(_shots(turns)),
        tuple(bad),
        taught[-1] if taught else "",
        DOCUMENT.sub("", last).strip(),
        document["text"] if document else "",
    )


def _plain(said: str) -> str:
    return FENCE.sub("", said).strip()


def _shots(turns: Sequence[Turn]) -> list[Shot]:
    said = [turn for turn in turns if turn.role in ("user", "assistant")]
    pairs = pairwise(said)
    return [Shot(a.text, b.text) for a, b in pairs if (a.role, b.role) == ("user", "assistant")]
