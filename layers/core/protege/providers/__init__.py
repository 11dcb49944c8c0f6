"""Models behind small protocols: `local` (embedded, offline), `openai` (any such API)."""

from collections.abc import Generator
from typing import NamedTuple, Protocol


class Usage(NamedTuple):
    """What a call cost: tokens, as the provider counted them, or sound."""

    input: int = 0
    output: int = 0
    seconds: float = 0
    """Of sound that was listened to."""

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.input + self.output


class Completion(NamedTuple):
    """A whole answer, and what it cost."""

    text: str
    usage: Usage


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
    provider: str = ""
    """Who serves `model`: `openai`, `tuning` or `bedrock`; empty: whoever is configured."""
    model: str = ""
    """The provider's id of a model made by training (`ft:…`, a deployment's ARN); empty: the
    configured one.
    """


class ChatModel(Protocol):
    """Answers questions. Raises Unavailable where the model is down, UserError where it refuses."""

    @property
    def model(self) -> str:
        """Id of the configured model, by which its use is priced; empty where it costs nothing."""

    @property
    def can_complete(self) -> bool:
        """Whether there is a language model to `complete` with."""

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        """The answer in pieces as they come; the generator returns what it cost."""

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """One plain call, without lessons: to judge, to reflect. `model`: another than configured.

        Raises also NotImplementedError where `can_complete` is False.
        """
