"""What it costs to hear people: processor time of the worker, and of what recognises speech."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench.voice.processes import cpu_s, peak_mb
from bench.voice.turns import QUESTION, shortened, squeezed
from bench.voice.worker import Worker
from playground.voice.speaker import VoicePerson
from playground.voice.speech import speech

SPEAKERS = (0, 1, 3)
WINDOW_S = 4.0
ROUNDS = 2
LEAD_S = 0.6
"""They have begun to speak when measuring begins."""
STORY = "Once upon a time there was a king who counted all the stars above his castle. "


class Cost(NamedTuple):
    """Parts of a core."""

    worker: float
    hearer: float


def costs(
    worker: Worker, people: Sequence[VoicePerson], counts: Sequence[int] = SPEAKERS * ROUNDS
) -> Iterator[tuple[int, Cost]]:
    """With so many who speak at once, each in turn."""
    talk = squeezed(speech(STORY * 8))
    for count in counts:
        yield count, worker.house.do(_window(worker, people[:count], talk))
        worker.quiet(people[0], 1.0)


async def _window(worker: Worker, people: Sequence[VoicePerson], talk: bytes) -> Cost:
    talk = talk[: round((WINDOW_S + 2 * LEAD_S) * 48_000) * 2]
    talking = [asyncio.create_task(person.say(talk)) for person in people]
    await asyncio.sleep(LEAD_S)
    before, began = [cpu_s(pid) for pid in (worker.pid, worker.hearer)], time.monotonic()
    await asyncio.sleep(WINDOW_S)
    took = time.monotonic() - began
    after = [cpu_s(pid) for pid in (worker.pid, worker.hearer)]
    await asyncio.gather(*talking)
    return Cost(*((b - a) / took for a, b in zip(before, after, strict=True)))


def fill(worker: Worker, people: Sequence[VoicePerson]) -> None:
    """A call in a guild of their own for each of these people, who ask something."""
    house, sound = worker.house, shortened(speech(QUESTION))
    numbers = [house.users.index(person.user) for person in people]
    for number, person in zip(numbers, people, strict=True):
        worker.app.consent.give(house.places[number].guild, person.user)
        worker.order("join", number)
    for person in people:
        house.do(person.wait_heard(house.bot, 1, timeout_s=60.0))
    for person in people:
        worker.quiet(person, 1.0)
        house.do(person.say(sound))
    for person in people:
        worker.quiet(person, 2.0)


def memory(worker: Worker) -> tuple[float, float]:
    """The most that the worker and its recognising process have had, in MB."""
    return peak_mb(worker.pid), peak_mb(worker.hearer)
