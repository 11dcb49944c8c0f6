"""Every scenario on one screen."""

import os
from pathlib import Path
from typing import NamedTuple

from tests.chaos import clocks, crowds, kills, messages, services, storage
from tests.chaos.running import Scenario, run

SEED = int(os.environ.get("CHAOS_SEED", "1"))


class Row(NamedTuple):
    """`few`: interactions in the tests; `many`: with `make chaos`."""

    name: str
    scenario: Scenario
    few: int
    many: int

    @property
    def apart(self) -> bool:
        """Whether it needs processes or a cloud of its own."""
        return self.scenario.__module__.rpartition(".")[2] in (
            "clocks",
            "crowds",
            "kills",
            "storage",
        )


SCENARIOS = (
    Row("messages come three times", messages.duplicated, 12, 60),
    Row("messages come to two at once", messages.at_two_at_once, 12, 60),
    Row("messages come in any order", messages.reordered, 12, 60),
    Row("messages come after 15 minutes", messages.delayed, 8, 40),
    Row("poisoned messages in between", messages.poisoned, 8, 40),
    Row("Discord: 429, 5xx, resets, 404", services.discord_down, 12, 60),
    Row("Discord: follow-ups, no answer", services.follow_ups_broken, 6, 30),
    Row("Discord: silence", services.discord_silent, 4, 8),
    Row("Discord: expired tokens", services.tokens_over, 8, 40),
    Row("model: 429, 500, cut, silent", services.model_down, 8, 28),
    Row("S3, DynamoDB: throttles, conflicts", storage.storage_down, 10, 60),
    Row("SQS: sending fails", storage.no_queue, 12, 60),
    Row("clocks ten minutes off", clocks.clocks_off, 8, 40),
    Row("kill -9 at every step of an answer", kills.killed_at_every_step, 6, 1000),
    Row("kill -9 of trainings", crowds.trainings_killed, 3, 8),
    Row("a thousand at once, with faults", crowds.burst, 1000, 1000),
    Row("many at once on AWS, with faults", storage.burst_on_aws, 0, 150),
)
"""Where `few` is 0, only `make chaos` does it."""


def survived(row: Row, at: Path) -> None:
    """Run it as often as the tests do; nothing may be lost or doubled."""
    tally = run(row.name, row.scenario, at, row.few, SEED)
    assert tally.good, tally
    assert tally.faults > 0 and tally.interactions >= row.few, "something did happen"
