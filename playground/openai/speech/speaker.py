"""One call of a model: what it is asked decides which of its skills answers."""

import threading
from collections import OrderedDict
from typing import NamedTuple

from playground.openai.learner.embedding import Embedding
from playground.openai.learner.workshop import Workshop
from playground.openai.models import MODELS, base
from playground.openai.speech import judging, reflection
from playground.openai.speech.conversation import Turn, conversation
from playground.openai.speech.reading import reply
from playground.openai.speech.tokens import pieces

THOUGHT = 64
"""Tokens that a reasoning model thinks unless it is told not to."""
CACHED_FROM, CACHED_BY = 1024, 128
"""A repeated beginning is cheaper from so many tokens on, and counted in such steps."""
KEPT = 256


class Asked(NamedTuple):
    """A checked request, whichever of the two ways it came."""

    model: str
    instructions: str
    turns: tuple[Turn, ...]
    most: int | None
    """Tokens that may be answered; None: any number."""
    thinks: bool
    cache_key: str

    @property
    def text(self) -> str:
        """All of the prompt."""
        return "\n".join([self.instructions, *(turn.text for turn in self.turns)])


class Said(NamedTuple):
    """The answer in pieces, and what it cost."""

    pieces: list[str]
    cut: bool
    """Whether it had to end early."""
    tokens_in: int
    cached: int
    thought: int

    @property
    def tokens_out(self) -> int:
        """Tokens of the answer, with those that were only thought."""
        return len(self.pieces) + self.thought

    @property
    def text(self) -> str:
        """The answer."""
        return "".join(self.pieces)


class Speaker:
    """Answers for every model there is."""

    def __init__(self, embed: Embedding, workshop: Workshop) -> None:
        self._embed = embed
        self._workshop = workshop
        self._lock = threading.Lock()
        self._prompts: OrderedDict[tuple[str, str], list[str]] = OrderedDict()

    def say(self, asked: Asked) -> Said:
        """The whole answer; the same question always gets the same one."""
        found = pieces(self._reply(asked))
        kept = found if asked.most is None else found[: asked.most]
        prompt = pieces(asked.text)
        thought = THOUGHT if asked.thinks and MODELS[base(asked.model)].reasons else 0
        return Said(kept, len(kept) < len(found), len(prompt), self._cached(asked, prompt), thought)

    def _reply(self, asked: Asked) -> str:
        last = asked.turns[-1].text if asked.turns else ""
        whole = f"{asked.instructions}\n{last}"
        if reflection.asks(whole):
            return reflection.proposal(whole if not reflection.asks(last) else last)
        if judging.asks(whole):
            return judging.grade(last if judging.asks(last) else whole, self._embed)
        prompt = conversation(asked.instructions, asked.turns)
        return reply(prompt, self._workshop.get(asked.model), self._embed)

    def _cached(self, asked: Asked, prompt: list[str]) -> int:
        """Tokens at the prompt's beginning that the last one of the same key had too."""
        with self._lock:
            last = self._prompts.pop((asked.model, asked.cache_key), [])
            self._prompts[(asked.model, asked.cache_key)] = prompt
            if len(self._prompts) > KEPT:
                self._prompts.popitem(last=False)
        pairs = zip(last, prompt, strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(last), len(prompt)))
        return same // CACHED_BY * CACHED_BY if same >= CACHED_FROM else 0
