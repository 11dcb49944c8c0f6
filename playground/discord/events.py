"""Telling browsers (and waiting tests) what changed, in order, each person only what is theirs."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

KEPT = 2000
QUIET_S = 15.0
"""A comment is sent after this long without news, so that a gone browser is noticed."""


class Event(NamedTuple):
    """One change. `only_for`: ids of those who may hear of it; None is everybody."""

    number: int
    kind: str
    data: dict[str, Any]
    only_for: frozenset[str] | None


class Hub:
    """The last changes. Numbers grow over restarts too: a browser notices what it missed."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._closed = False
        self._listeners: list[Callable[[Event], None]] = []
        self.last = self._lost = int(time.time() * 1000)

    def listen(self, told: Callable[[Event], None]) -> None:
        """Call `told` at every change, in order, on the thread that made it: return at once."""
        self._listeners.append(told)

    def push(
        self, kind: str, data: dict[str, Any], only_for: Collection[str] | None = None
    ) -> None:
        """Tell a change."""
        with self._news:
            self.last += 1
            if len(self._events) == KEPT:
                self._lost = self._events[0].number
            people = None if only_for is None else frozenset(only_for)
            event = Event(self.last, kind, data, people)
            self._events.append(event)
            self._news.notify_all()
            for told in self._listeners:
                told(event)

    def after(self, number: int, user: str, timeout_s: float) -> list[Event]:
        """What `user` may hear of since `number`; waits up to `timeout_s` for something."""
        ends = time.monotonic() + timeout_s
        with self._news:
            while not self._closed:
                found = [e for e in self._events if e.number > number and _may_hear(e, user)]
                left = ends - time.monotonic()
                if found or left <= 0:
                    return found
                self._news.wait(left)
        return []

    def stream(self, number: int, user: str) -> Iterator[Event | None]:
        """Events without end, None when it was quiet for a while; ends when the hub is closed.

        Begins with a "restart" for somebody who missed events that are no longer kept.
        """
        if number < self._lost:
            number = self.last
            yield Event(number, "restart", {}, None)
        while not self._closed:
            found = self.after(number, user, QUIET_S)
            if found:
                number = found[-1].number
                yield from found
            else:
                yield None

    def close(self) -> None:
        """End all streams."""
        with self._news:
            self._closed = True
            self._news.notify_all()


def _may_hear(event: Event, user: str) -> bool:
    return event.only_for is None or user in event.only_for
