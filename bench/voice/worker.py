"""The voice worker as a child process, told what to do as the bot's commands do."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from bench.voice.house import House
from bench.voice.processes import children
from bench.voice.script import WORDS
from playground.voice.speaker import VoicePerson
from protege.app import App
from protege.config import Config
from protege.learning import Lesson
from protege.voice.orders import Order

LAST_FRAME_S = 0.5
"""After so much silence it has said all that it had to say."""


class Worker:
    """`marks`: what it told and when, the latest last."""

    def __init__(self, house: House, *, scripted: bool) -> None:
        self.house = house
        self._words = house.folder / "words"
        self.hears("")
        env = house.environment("bot", **{WORDS: str(self._words)})
        self.app = App(Config.read(env), env)
        self._cache = Path(self.app.config.data_dir) / "voice-cache"
        self.marks: list[tuple[str, float]] = []
        self.log = house.folder / "worker.log"
        self._errors = self.log.open("ab")
        command = [sys.executable, "-m", "bench.voice.timed", *["scripted"] * scripted]
        self._child = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Have it leave and end."""
        self._child.terminate()
        self._child.wait()
        self._reader.join()
        cast(IO[str], self._child.stdout).close()
        self._errors.close()

    @property
    def pid(self) -> int:
        """Of the worker."""
        return self._child.pid

    @property
    def hearer(self) -> int:
        """Of the process that recognises speech; raises IndexError where there is none yet."""
        return children(self.pid)[0]

    @property
    def ready(self) -> bool:
        """Whether it takes orders."""
        return self.app.presence.alive() and bool(children(self.pid))

    def _read(self) -> None:
        for line in cast(IO[str], self._child.stdout):
            name, at = line.split()
            self.marks.append((name, float(at)))

    # ---- what the bot's commands would do --------------------------------------------------------

    def teach(self, question: str, answer: str, place: int = 0) -> None:
        """As a correction does."""
        guild = self.house.places[place].guild
        id = self.app.lessons.new_id(guild, str(time.time_ns() >> 10))
        user = self.house.users[place]
        self.app.lessons.add(guild, Lesson(id, question, answer, "", "correction", user))

    def order(self, do: str, place: int = 0, **more: str) -> None:
        """Through its queue."""
        at, user = self.house.places[place], self.house.users[place]
        order = Order(do, at.guild, at.voice, user=user, channel=at.text, **more)  # type: ignore[arg-type]
        self.app.voice_queue.put(order.body(), group=at.guild, once=str(time.time_ns()))

    def joined(self, person: VoicePerson, place: int = 0) -> None:
        """In the voice channel of that guild, where this person hears its greeting to the end."""
        self.app.consent.give(self.house.places[place].guild, person.user)
        self.order("join", place)
        self.house.do(person.wait_heard(self.house.bot, 1, timeout_s=60.0))
        self.quiet(person, 1.0)

    def hears(self, words: str) -> None:
        """What a scripted engine takes everything for."""
        self._words.write_text(words)

    def forget(self) -> None:
        """What it said before, so that it has to be made anew."""
        for folder in self._cache.glob("*"):
            shutil.rmtree(folder, ignore_errors=True)

    def quiet(self, person: VoicePerson, for_s: float = LAST_FRAME_S) -> None:
        """Wait until it says nothing more."""
        self.house.do(person.quiet(self.house.bot, for_s))


@contextmanager
def worker(house: House, *, scripted: bool) -> Iterator[Worker]:
    """One that takes orders already."""
    found = Worker(house, scripted=scripted)
    try:
        house.until(lambda: found.ready)
        yield found
    except BaseException:
        sys.stderr.write(found.log.read_text()[-3000:])
        raise
    finally:
        found.close()
