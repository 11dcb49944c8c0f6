"""What developers see of a stand-in and may arrange there, over HTTP."""

from typing import Any, NamedTuple

from playground.discord.line import Line

Json = dict[str, Any]


class Outcome(NamedTuple):
    """What a person sees at once. Absent parts are empty."""

    id: str
    """The interaction's id."""
    kind: str
    """message, thinking, update, deferred_update, choices, form or failed."""
    message: Json
    form: Json
    choices: list[Json]
    why: str
    """Why it failed, for developers."""


class Onlooker:
    """Looks at a stand-in at `address`. Every method raises Refusal for what makes no sense."""

    def __init__(self, address: str) -> None:
        line = Line(address)
        self._get, self._call = line.get, line.call

    def exchange(self, outcome: Outcome) -> Json:
        """The signed request, the answer, and the bot's calls so far."""
        found = self._get("/playground/exchanges")["exchanges"]
        return next(e for e in found if e["id"] == outcome.id)

    def exchange_of(self, message: Json) -> Json:
        """The same, of the interaction that made a message."""
        found = self._get("/playground/exchanges")["exchanges"]
        return next(e for e in found if e["id"] == message["interaction_metadata"]["id"])

    def hop(self, outcome: Outcome) -> Any:
        """The way through the bot's queue; None where there was none."""
        return self._get(f"/playground/exchanges/{outcome.id}/hop")

    def arrange(self, what: str, **wish: Any) -> None:
        """Arrange a bad day: `faults` (see `faults.Plan.add`) or the `clock` (see the page's)."""
        self._call("POST", f"/playground/{what}", json=wish)

    def forgive(self) -> None:
        """Forget the violations."""
        self._call("DELETE", "/playground/violations")

    def violations(self) -> list[Json]:
        """What Discord's API description forbids, or what was refused."""
        found: list[Json] = self._get("/playground/violations")
        return found
