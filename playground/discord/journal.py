"""What went to and fro: every interaction with its answer, the calls that followed, violations."""

import threading
import time
from collections import deque
from typing import Any

from playground.discord.events import Hub

Json = dict[str, Any]
KEPT = 300


class Journal:
    """The last interactions, REST calls and violations; for the developer panel and for tests."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._lock = threading.Lock()
        self._exchanges: dict[str, Json] = {}
        self._loose: deque[Json] = deque(maxlen=KEPT)
        self._violations: deque[Json] = deque(maxlen=KEPT)

    def sent(self, id: str, exchange: Json) -> None:
        """An interaction is on its way."""
        with self._lock:
            self._exchanges[id] = {"id": id, "at": time.time(), "calls": [], **exchange}
            while len(self._exchanges) > KEPT:
                del self._exchanges[next(iter(self._exchanges))]
        self._tell(id)

    def answered(self, id: str, **more: Any) -> None:
        """What came of it: `response`, `outcome`, `problem`."""
        with self._lock:
            self._exchanges.get(id, {}).update(more)
        self._tell(id)

    def called(self, id: str, call: Json) -> None:
        """A REST call of the bot. `id`: the interaction it belongs to, "" where unknown."""
        with self._lock:
            exchange = self._exchanges.get(id)
            (self._loose if exchange is None else exchange["calls"]).append(call)
        self._tell(id) if exchange is not None else self._hub.push("call", call)

    def violation(self, id: str, where: str, what: str) -> None:
        """Something that Discord's API description forbids, or that Discord refused."""
        found = {"at": time.time(), "interaction": id, "where": where, "what": what}
        with self._lock:
            self._violations.append(found)
        self._hub.push("violation", found)

    def violations(self) -> list[Json]:
        """All violations since the start or the last `forgive`."""
        with self._lock:
            return list(self._violations)

    def forgive(self) -> None:
        """Forget the violations, after a test that made them on purpose."""
        with self._lock:
            self._violations.clear()

    def exchanges(self) -> list[Json]:
        """All kept interactions, oldest first."""
        with self._lock:
            return [self._shown(e) for e in self._exchanges.values()]

    def exchange(self, id: str) -> Json | None:
        """One interaction."""
        with self._lock:
            found = self._exchanges.get(id)
            return None if found is None else self._shown(found)

    def ids(self) -> list[str]:
        """Ids of all kept interactions."""
        with self._lock:
            return list(self._exchanges)

    def loose(self) -> list[Json]:
        """Calls that belong to no interaction, such as the registration of commands."""
        with self._lock:
            return list(self._loose)

    def _shown(self, exchange: Json) -> Json:
        mine = [v for v in self._violations if v["interaction"] == exchange["id"]]
        return {**exchange, "calls": list(exchange["calls"]), "violations": mine}

    def _tell(self, id: str) -> None:
        found = self.exchange(id)
        if found is not None:
            self._hub.push("exchange", found)
