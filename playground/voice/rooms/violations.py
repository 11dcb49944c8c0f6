"""What clients did that Discord would not take, or that people would hear."""

import threading
from collections import Counter

from playground.discord.journal import Journal
from playground.discord.world import World


class Violations:
    """Each rule once per person, with how often it was broken in `counts`."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._lock = threading.Lock()
        self.found: list[str] = []
        self.counts: Counter[tuple[str, str]] = Counter()

    def note(self, user: str, rule: str, detail: str = "") -> None:
        """Write down that `user` broke `rule`, and show it in the journal."""
        name = self._world.users.get(user, {}).get("username", user or "somebody")
        text = f"{name}: {rule}" + (f" ({detail})" if detail else "")
        with self._lock:
            self.counts[user, rule] += 1
            first = self.counts[user, rule] == 1
            if first:
                self.found.append(text)
        if first:
            self._journal.violation("", "voice", text)

    def forgive(self) -> None:
        """Forget them, after a test that made them on purpose."""
        with self._lock:
            self.found.clear()
            self.counts.clear()
