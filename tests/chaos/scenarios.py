"""Every scenario on one screen."""

from typing import NamedTuple

from tests.chaos import clocks, crowds, kills, messages, services, storage
from tests.chaos.running import Scenario


class Row(NamedTuple):
    """`few`: interactions in the tests; `many`: with `make chaos`."""

    name: str
    scenario: Scenario
    few: int
    many: int


SCENARIOS = (
    Row("messages come three times", messages.duplicated, 12, 60),
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
    Row("many at once on AWS, with faults", storage.burst_on_aws, 0, 300),
)
"""Where `few` is 0, only `make chaos` does it."""
