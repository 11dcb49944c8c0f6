"""What a message of the work queue asks for."""

import json
from typing import Any, NamedTuple

from protege.discord.interaction import Interaction
from protege.errors import BotError, Malformed

MOST_TRIES = 3
"""So often something is tried; on AWS, six minutes apart, while an interaction's token lives."""


class Busy(BotError):
    """Another worker is at it; the queue is to bring it again."""


class Cut(BotError):
    """Those who tried before were killed, or ran out of time: one more would be, too."""


class Undelivered(BotError):
    """The answer is there, but did not reach Discord. `gone`: there is nowhere to bring it to;
    `refused`: Discord does not take it. In both cases another try would not help.
    """

    def __init__(self, why: str, *, gone: bool = False, refused: bool = False) -> None:
        super().__init__(why)
        self.gone = gone
        self.refused = refused


class Work(NamedTuple):
    """Either an interaction to be answered or a job's next leg. `name`: of the claim on it."""

    name: str
    space: str
    id: str
    """Of the interaction, or of the job."""
    command: str
    interaction: Interaction | None = None

    @property
    def job(self) -> str:
        """Id of the job; empty for an interaction."""
        return "" if self.interaction else self.id

    def about(self) -> dict[str, str]:
        """What every log line about it says."""
        kind = "interaction" if self.interaction else "job"
        return {kind: self.id, "guild": self.space, "command": self.command}


def read(body: str) -> Work:
    """What a message asks for. Raises Malformed."""
    try:
        found: Any = json.loads(body)
        if "job" in found:
            space, job, leg = str(found["space"]), str(found["job"]), int(found["leg"])
            return Work(f"job-{job}-{leg}", space, job, "job")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed(f"no work: {type(error).__name__}") from None
    asked = Interaction.parse(body.encode(errors="replace"))
    return Work(f"interaction-{asked.id}", asked.space, asked.id, asked.name, asked)
