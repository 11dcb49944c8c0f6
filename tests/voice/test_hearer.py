"""The process that recognises speech, from the inside: how much of it at once."""

import io
import queue
import threading
from collections.abc import Sequence

from voice_worker.listening.hearer import HERE, Hearer
from voice_worker.listening.wire import HEAD, Record, head, telling


class Counting:
    """An engine that takes much memory for each utterance; one in three breaks it."""

    model = ""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.full = threading.Event()

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Counting":
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now == HERE:
                self.full.set()
        return self

    def feed(self, pcm: bytes) -> None:
        if pcm == b"broken":
            with self.lock:
                self.now -= 1
            raise ValueError("broken")

    def end(self) -> str:
        with self.lock:
            self.now -= 1
        return "words"

    def drop(self) -> None:
        self.end()


class Answers(io.BytesIO):
    """Where the hearer writes; its records can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.came: queue.SimpleQueue[Record] = queue.SimpleQueue()

    def write(self, raw: object) -> int:
        assert isinstance(raw, bytes)
        kind, number, _ = head(raw[: HEAD.size])
        self.came.put(Record(kind, number, raw[HEAD.size :]))
        return len(raw)


def test_many_who_speak_at_once_are_all_heard_without_more_memory() -> None:
    engine, answers = Counting(), Answers()
    hearer = Hearer(engine, answers)
    everybody = range(1, 3 * HERE + 1)
    for number in everybody:
        hearer.take(telling("begin", number, language="en-US", hints=[]))
    assert engine.full.wait(20)
    for number in everybody:
        hearer.take(Record("feed", number, b"broken" if number % 3 == 0 else b"sound"))
        hearer.take(Record("end", number))
    found = [answers.came.get(timeout=20) for _ in everybody]
    assert {record.number for record in found} == set(everybody)
    assert [record.kind for record in found].count("words") == 2 * HERE
    assert engine.most == HERE and engine.now == 0
