"""`python -m voice_worker.listening.hearer`: the process that recognises speech.

It lives apart because engines are native code that may crash, and because they hold Python's lock
while they reckon, which would hold up the frames that the worker sends every 20 ms.
"""

import os
import queue
import sys
import threading
from collections.abc import Sequence
from typing import BinaryIO

from protege.config import ConfigError
from protege.errors import UserError
from protege.journal import trouble
from protege.providers.hearing import Transcriber
from voice_worker.listening.wire import HEAD, Record, head, telling

HERE, ELSEWHERE = 8, 64
"""Utterances at once, by an engine on this machine (offline, each takes 125 MB) and by a service.
Whoever speaks beside so many is heard a little later; their sound waits."""


class Hearer:
    """Every utterance has a thread of its own: a slow service must not hold up another's words."""

    def __init__(self, transcriber: Transcriber, out: BinaryIO) -> None:
        self._transcriber = transcriber
        self._out = out
        self._lock = threading.Lock()
        self._open: dict[int, queue.SimpleQueue[Record]] = {}
        self._room = threading.Semaphore(ELSEWHERE if transcriber.model else HERE)

    def tell(self, record: Record) -> None:
        """Say something to the worker."""
        with self._lock:
            self._out.write(record.packed())
            self._out.flush()

    def take(self, record: Record) -> None:
        """Do what the worker says."""
        if record.kind == "begin":
            self._begin(record)
        elif record.number in self._open:
            self._open[record.number].put(record)
        if record.kind in ("end", "drop"):
            self._open.pop(record.number, None)

    def _begin(self, record: Record) -> None:
        waiting = self._open[record.number] = queue.SimpleQueue[Record]()
        about = (record.number, record.said["language"], record.said["hints"], waiting)
        threading.Thread(target=self._hear, args=about, daemon=True).start()

    def _hear(
        self,
        number: int,
        language: str,
        hints: Sequence[str],
        waiting: "queue.SimpleQueue[Record]",
    ) -> None:
        try:
            with self._room:
                words = self._words(language, hints, waiting)
        except UserError as error:
            self.tell(telling("trouble", number, en=error.to("en"), ru=error.to("ru")))
        except Exception as error:
            trouble("hearing", error)
            self.tell(telling("trouble", number, why=f"{type(error).__name__}: {error}"))
        else:
            if words is not None:
                self.tell(telling("words", number, text=words))

    def _words(
        self, language: str, hints: Sequence[str], waiting: "queue.SimpleQueue[Record]"
    ) -> str | None:
        transcription = self._transcriber.begin(language, hints)
        while True:
            record = waiting.get()
            if record.kind == "drop":
                transcription.drop()
                return None
            if record.kind == "end":
                return transcription.end()
            transcription.feed(record.body)


def main() -> int:
    """Recognise until the worker closes our standard input, or is gone."""
    from protege.app import app

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no record
    try:
        transcriber = app().outside.transcriber()
    except ConfigError as error:
        out.write(telling("trouble", 0, why=str(error)).packed())
        out.flush()
        return 1
    hearer = Hearer(transcriber, out)
    hearer.tell(telling("ready", 0, model=transcriber.model))
    while raw := sys.stdin.buffer.read(HEAD.size):
        kind, number, length = head(raw)
        hearer.take(Record(kind, number, sys.stdin.buffer.read(length)))
    out.flush()
    os._exit(0)  # threads that still wait for a service hold nothing that anybody needs


if __name__ == "__main__":
    sys.exit(main())
