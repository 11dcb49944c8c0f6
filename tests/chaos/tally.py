"""What became of every interaction that the bot took on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from protege.burying import GIVEN_UP
from protege.replying import DOWN
from protege.storage import Delivery, Queue
from protege.ui.dispatch import BROKEN
from tests.chaos.witness import Witness

APOLOGIES = tuple(text.en.partition("{")[0] for text in (GIVEN_UP, DOWN, BROKEN))


class Tally(NamedTuple):
    """One row of the table. `wrong`: in words, the first few that were lost or doubled."""

    scenario: str
    faults: int
    interactions: int
    answered: int
    dead: int
    lost: int
    doubled: int
    seconds: float
    wrong: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether each was answered once, or put aside with a reason and told so."""
        whole = self.answered + self.dead == self.interactions
        return whole and not self.lost and not self.doubled


class Fate(NamedTuple):
    """What one person sees of one interaction in the end."""

    answers: tuple[str, ...]
    """All messages that answer it: the first as it reads now, follow-ups, late ones in channels."""
    sorry: bool
    fills: int
    """How often the first message was filled with an answer."""


def fate(witness: Witness, payload: Mapping[str, Any]) -> Fate:
    """What became of an interaction, as its person sees it."""
    token, id = payload["token"], payload["id"]
    filled = witness.filled[token]
    last = filled[-1:] if filled and not sorry(filled[-1]) else []
    late = [p.content for p in witness.posts if p.nonce.rpartition("-")[0] == id]
    said = [content for content in late if not sorry(content)]
    fills = sum(not sorry(content) for content in filled)
    told = len(filled) > len(last) or len(late) > len(said)
    return Fate((*last, *witness.further[token], *said), told, fills)


def sorry(content: str) -> bool:
    """Whether this is an apology and no answer."""
    return content.startswith(APOLOGIES)


def letters(queue: Queue) -> dict[str, Delivery]:
    """All dead letters, by their interaction (or themselves, where nobody could read them)."""
    found = {}
    while letter := queue.receive(wait_s=0, lease_s=600):
        found[letter.about.get("interaction") or letter.id] = letter
    return found


def whole(answers: Iterable[str], marks: Iterable[str]) -> str:
    """What is wrong with an answer that should hold every mark once; "": nothing."""
    text = "\n".join(answers)
    counts = {mark: text.count(mark) for mark in marks}
    missing = [mark for mark, times in counts.items() if not times]
    twice = [mark for mark, times in counts.items() if times > 1]
    return "lost" if missing else "doubled" if twice else ""


def judged(
    witness: Witness,
    payload: Mapping[str, Any],
    dead: Mapping[str, Delivery],
    marks: Iterable[str] = (),
    *,
    strict: bool = False,
) -> str:
    """`answered`, `dead`, `lost` or `doubled`.

    `marks`: what the answer must hold, once each. `strict`: nothing was killed and no service
    failed, so that even filling in the same message twice is once too often.
    """
    found = fate(witness, payload)
    if max(Counter(found.answers).values(), default=0) > 1 or (strict and found.fills > 1):
        return "doubled"
    if payload["id"] in dead:
        reason = dead[payload["id"]].about.get("reason")
        silent = not (found.sorry or found.answers) and payload["token"] not in witness.over
        return "lost" if not reason or silent else "dead"
    if not found.answers:
        return "lost"
    return whole(found.answers, marks) or "answered"


def described(witness: Witness, payload: Mapping[str, Any], verdict: str) -> str:
    """For whoever looks for the reason."""
    found = fate(witness, payload)
    seen = [answer[:40] for answer in found.answers]
    name = payload["data"].get("name", "a button")
    return f"{verdict}: {payload['id']} ({name}), {found.fills} fills, sorry {found.sorry}: {seen}"
