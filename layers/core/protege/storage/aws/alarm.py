"""The watcher's alarm clock: a rule of EventBridge, which costs nothing while it is disabled."""

from typing import Any

from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults


class RuleAlarm:
    """A scheduled rule. Raises Unavailable.

    The role needs events:EnableRule, events:DisableRule and events:DescribeRule, each for the call
    of that name.
    """

    def __init__(self, rule: str, client: Any = None) -> None:
        self._rule = rule
        self._events = client or connect("events")

    def set(self) -> None:
        """Enable the rule; no effect where it is enabled."""
        with faults():
            self._events.enable_rule(Name=self._rule)

    def off(self) -> None:
        """Disable the rule; no effect where it is disabled."""
        with faults():
            self._events.disable_rule(Name=self._rule)

    def ringing(self) -> bool:
        """Whether the rule is enabled."""
        with faults():
            found = self._events.describe_rule(Name=self._rule)
        return bool(found["State"] == "ENABLED")
