"""A provider's fine-tuning, followed from outside."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, Protocol

from protege.text import Text

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class Order(NamedTuple):
    """What is to be trained."""

    name: str
    """Ours, and unique: a job that was begun under this name is never begun twice."""
    method: Literal["sft", "preference"]
    base: str
    """The model to start from; empty: the configured one."""
    training: Callable[[], Iterator[bytes]]
    """The rows as JSONL, in chunks of any size, the same at every call."""
    validation: Callable[[], Iterator[bytes]] | None
    epochs: int
    """How often every row is seen; 0 leaves that to the provider."""
    key: str
    """Prefix of the job's own files, for providers that read them from our bucket."""


class Point(NamedTuple):
    """A loss along the way."""

    step: int
    train: float
    valid: float | None = None


class Progress(NamedTuple):
    """How far a provider's job is."""

    state: State
    share: float | None = None
    """0 to 1 where the provider tells."""
    points: tuple[Point, ...] = ()
    model: str = ""
    """What the training made, for `Tuner.serve`; set when it is done."""
    tokens: int = 0
    """Trained, as the provider bills them."""
    why: Text | None = None
    """Why it failed, in words for people."""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed", "cancelled")


class Tuner(Protocol):
    """Fine-tuning. Raises UserError where the provider refuses, Unavailable where it is down."""

    @property
    def provider(self) -> str:
        """Who serves what this makes: `Prompt.provider`."""

    @property
    def base(self) -> str:
        """The configured model to start from; empty where none is."""

    def begin(self, order: Order) -> str:
        """Begin a job, return the provider's id of it; the same again for the same order's name."""

    def look(self, job: str) -> Progress:
        """How far a job is. Raises also Missing where the provider knows no such job."""

    def cancel(self, job: str) -> None:
        """End a job; no error where it is over."""

    def serve(self, name: str, model: str) -> str:
        """Let a model answer under a stable name; return its id for `Prompt.model`.

        What takes a while raises Unavailable until it is there; asked again, it goes on.
        """

    def remove(self, model: str) -> None:
        """Delete a model or what serves it; no error where there is none."""
