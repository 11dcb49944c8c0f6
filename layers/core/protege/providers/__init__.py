"""Models behind small protocols: `local` (embedded, offline), `openai` (any such API)."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Example(NamedTuple):
    """A lesson near the question: what to answer, or what not to. Either text may be empty."""

    input: str
    good: str
    bad: str


class Prompt(NamedTuple):
    """All that a model is told before it answers."""

    instruction: str
    examples: tuple[Example, ...]
    """Nearest last, as models weigh what comes last most."""
    question: str
    document: str
    """Text of a file that came with the question; may be empty."""
    taught: str
    """The answer that was taught for this question; empty where none was."""
    locale: str
    cache_key: str
    """Same for prompts that share their beginning."""


class ChatModel(Protocol):
    """Answers a question, in pieces as they come."""

    def answer(self, prompt: Prompt) -> Iterator[str]:
        """Raises Unavailable where the model is down, UserError where it refuses."""
