"""Jobs worked through in the background, one after another, until the server ends."""

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable

from playground.openai.store import Json

GLANCE_S = 0.1
"""How soon it is noticed that a job was stopped."""


class Background(ABC):
    """`over`: set when the server ends; `unfinished`: ids of jobs that a restart interrupted."""

    def __init__(self, over: threading.Event, unfinished: Iterable[str]) -> None:
        self._over = over
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for id in unfinished:
            self._waiting.put(id)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Wait until the work rests; `over` must be set."""
        self._waiting.put("")
        self._thread.join()

    def submit(self, id: str) -> None:
        """A new job."""
        self._waiting.put(id)

    @abstractmethod
    def _run(self, id: str) -> None:
        """Bring a job to its end, whatever happens."""

    @abstractmethod
    def _look(self, id: str) -> Json:
        """The job; raises what ends the work where it was stopped or the server ends."""

    def _work(self) -> None:
        while not self._over.is_set():
            if id := self._waiting.get():
                self._run(id)

    def _pause(self, id: str, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self._look(id)
            self._over.wait(min(left, GLANCE_S))
