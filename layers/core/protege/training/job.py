"""A job on record, and its id."""

from collections.abc import Sequence
from typing import Any, NamedTuple

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Job(NamedTuple):
    """A job. `state`: asking (waits for a person's consent; nothing runs), running, cancelling (to
    end at its next step), ending (all done, not yet announced), done, failed, cancelled.
    """

    id: str
    space: str
    author: str
    channel: str
    interaction: str
    token: str
    """The interaction's token: progress is shown through it while it lives."""
    locale: str
    intro: str
    """What the person was told at the start; progress is shown below it."""
    kind: str = "train"
    """What does it: see `legs`."""
    about: str = ""
    """What it works on, in the person's words, for lists of jobs."""
    started_at: float = 0.0
    state: str = "running"
    step: str = "snapshot"
    done: int = 0
    total: int = 0
    version: int = 0
    leg: int = 0
    failures: int = 0
    parent: int = 0
    revision: int = 0
    touched_at: float = 0.0
    report: dict[str, Any] = {}  # noqa: RUF012  # replaced, never changed
    error: dict[str, str] = {}  # noqa: RUF012
    method: str = "lessons"
    """How it trains: see `plan.METHODS`."""
    plan: Sequence[str] = ()
    """Names of its steps in their order; empty: its method's."""
    provider_job: str = ""
    """What a provider calls its part of the job."""
    estimate: dict[str, Any] = {}  # noqa: RUF012
    """What it was expected to cost when it was begun."""
    points: Sequence[Any] = ()
    """Losses along the training, for a picture."""
    scratch: dict[str, Any] = {}  # noqa: RUF012
    """How far the current step is: small, and empty when the next one begins."""
    wait_s: int = 0
    """The next leg is not to begin before so many seconds."""
    confirmed: str = ""
    """The interaction in which somebody agreed to what it costs."""
    message: str = ""
    """Id of the message that shows its progress, once known."""
    cost: dict[str, Any] = {}  # noqa: RUF012
    """What its part at a provider came to: `tokens`, and `usd` where the price is known."""

    @property
    def folder(self) -> str:
        """Prefix of the job's own files."""
        return f"guilds/{self.space}/jobs/{self.id}/"

    @property
    def running(self) -> bool:
        """Whether there is anything left to do."""
        return self.state in ("running", "cancelling", "ending")


def job_id(interaction: str) -> str:
    """A short id, the same for the same interaction: starting a job twice starts it once."""
    number, digits = int(interaction), ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
