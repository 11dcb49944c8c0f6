"""Faults on demand: what Discord does on a bad day, for tests of those who must bear it."""

from typing import Any, NamedTuple

from playground.faults import Waiting

KINDS = ("rate_limit", "error", "early_404", "timeout")


class Fault(NamedTuple):
    """What befalls a call. `seconds`: retry_after, or how long nothing is answered."""

    kind: str
    status: int
    code: int
    seconds: float


class Plan(Waiting):
    """The faults that still wait for their calls."""

    def add(self, wish: dict[str, Any]) -> None:
        """Plan a fault. Raises ValueError.

        `kind`: rate_limit, error (with `status` and `code`), early_404 or timeout; `count`: how
        many calls (1); `seconds` (0.1); `path`, `method`: only calls whose path contains this.
        """
        if wish.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        self._plan(wish)

    def due(self, method: str, path: str) -> Fault | None:
        """The fault for this call, used up."""
        wish = self._taken(method, path)
        return _fault(wish) if wish else None


def _fault(wish: dict[str, Any]) -> Fault:
    defaults = {"rate_limit": (429, 0), "early_404": (404, 10015), "timeout": (504, 0)}
    status, code = defaults.get(wish["kind"], (int(wish.get("status", 500)), 0))
    code = int(wish.get("code", code))
    return Fault(wish["kind"], status, code, float(wish.get("seconds", 0.1)))
