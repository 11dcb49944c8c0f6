"""How often one person may be answered. Pure: told of the time, it says so."""

from collections import OrderedDict, deque
from typing import Literal

MOST, WITHIN_S = 5, 20.0
PEOPLE = 10_000
"""So many people at most are remembered."""
Verdict = Literal["yes", "tell", "no"]
"""`tell`: not now, and say so; `no`: not now, and it was said before."""


class Cooldown:
    """Everybody's: `most` answers within `within_s` seconds."""

    def __init__(self, most: int = MOST, within_s: float = WITHIN_S) -> None:
        self._most = most
        self._within_s = within_s
        self._people: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: set[str] = set()

    def may(self, user: str, now: float) -> Verdict:
        """Whether this person is to be answered now; if so, it counts."""
        times = self._people.setdefault(user, deque())
        self._people.move_to_end(user)
        while times and now - times[0] >= self._within_s:
            times.popleft()
        if len(times) < self._most:
            self._told.discard(user)
            times.append(now)
            self._forget()
            return "yes"
        told = user in self._told
        self._told.add(user)
        return "no" if told else "tell"

    def wait_s(self, user: str, now: float) -> float:
        """How long until the next one."""
        times = self._people.get(user)
        return max(0.0, times[0] + self._within_s - now) if times else 0.0

    def _forget(self) -> None:
        if len(self._people) > PEOPLE:
            user, _ = self._people.popitem(last=False)
            self._told.discard(user)
