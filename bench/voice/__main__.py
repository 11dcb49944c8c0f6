"""`python -m bench.voice`: measure the voice worker in one run and print the README's tables.

`--write` puts them into README.md, between the marks; `--check` ends with 1 where a target is
missed. Takes less than five minutes; what it is at is told on stderr.
"""

import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from bench import readme
from bench.voice import hearing, playing, tables, turns
from bench.voice.hearing import Cost
from bench.voice.house import GUILDS, House
from bench.voice.playing import Played
from bench.voice.processes import busy, load
from bench.voice.turns import Turns
from bench.voice.worker import worker

TURNS = 10
OFFLINE, SCRIPTED = "offline engines", "engines that take no time"
FREE = "offline engines, a question like none that was taught"
_began = time.monotonic()


class Figures(NamedTuple):
    """All that was measured."""

    answers: dict[str, Turns]
    interruptions: list[float]
    played: dict[str, Played]
    hearing: dict[int, list[Cost]]
    offline: Cost
    memory: dict[int, tuple[float, float]]
    machine: str


def progress(what: str) -> None:
    """To whoever waits."""
    sys.stderr.write(f"{time.monotonic() - _began:5.0f} s  load {load()}  {what}\n")


def measure() -> Figures:
    """Everything, on one stand-in."""
    before, loads = busy(), list[str]()
    with House() as house:
        played = with_players(house)
        loads.append(load())
        scripted = with_script(house)
        loads.append(load())
        offline = with_engines(house)
        loads.append(load())
    machine = f"load {', '.join(loads)}; {busy().since(before)}"
    answers = {OFFLINE: offline[0], FREE: offline[1], SCRIPTED: scripted[0]}
    return Figures(answers, scripted[1], played, scripted[2], offline[2], offline[3], machine)


def with_players(house: House) -> dict[str, Played]:
    """Bots that only play."""
    found: dict[str, Played] = defaultdict(lambda: Played([], []))
    for name, one in playing.measure(house):
        found[name].steps.extend(one.steps)
        found[name].cpu.extend(one.cpu)
        late = tables.part(one.steps, 0.99)
        progress(f"played, {tables.TITLES[name]}: p99 {1000 * late:.1f} ms, {one.cpu[0]:.1%}")
    return found


def with_script(house: House) -> tuple[Turns, list[float], dict[int, list[Cost]]]:
    """The worker with engines that take no time: what is left is ours."""
    costs: dict[int, list[Cost]] = defaultdict(list)
    with worker(house, scripted=True) as it, house.people(max(hearing.SPEAKERS)) as people:
        for person in people:
            it.app.consent.give(house.places[0].guild, person.user)
        it.joined(people[0])
        for count, cost in hearing.costs(it, people):
            costs[count].append(cost)
            progress(f"heard {count}: {cost.worker:.1%}")
        it.hears(turns.QUESTION)
        answers = turns.taught(it, people[0], TURNS)
        progress(f"answered by {SCRIPTED}")
        silent = turns.interruptions(it, people[0], TURNS)
        progress("interrupted")
    return answers, silent, costs


def with_engines(house: House) -> tuple[Turns, Turns, Cost, dict[int, tuple[float, float]]]:
    """The worker as it comes."""
    memory: dict[int, tuple[float, float]] = {}
    with worker(house, scripted=False) as it, house.people() as [vera]:
        memory[0] = hearing.memory(it)
        it.joined(vera)
        answers = turns.taught(it, vera, TURNS)
        progress(f"answered by {OFFLINE}, {answers.missed} not understood")
        free = turns.answers(it, vera, TURNS, turns.OTHER)
        progress(f"answered what is not taught, {free.missed} not understood")
        memory[1] = hearing.memory(it)
        [(_, cost)] = hearing.costs(it, [vera], (1,))
        progress(f"recognised: {cost.hearer:.0%}")
        with house.others() as people:
            hearing.fill(it, people)
            memory[GUILDS] = hearing.memory(it)
        progress(f"{GUILDS} calls")
    return answers, free, cost, memory


def tabled(found: Figures) -> Iterator[str]:
    """The README's lines."""
    library = statistics.median(found.played["ffmpeg"].cpu)
    yield from tables.answers(found.answers)
    yield ""
    yield from tables.interrupted(found.interruptions)
    yield ""
    yield from tables.playing(found.played)
    yield ""
    yield from tables.hearing(found.hearing, found.offline, library)
    yield ""
    yield from tables.memory(found.memory)
    yield ""
    yield f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    yield f"Bot, people and stand-in shared them: {found.machine}."


def missed(found: Figures) -> Iterator[str]:
    """Targets that were not reached."""
    answers = statistics.median(turn.total for turn in found.answers[OFFLINE].turns)
    if answers * 1000 > tables.ANSWER_MS:
        yield f"first sound after {tables.ANSWER_MS} ms"
    if statistics.median(found.interruptions) * 1000 > tables.SILENT_MS:
        yield f"silent {tables.SILENT_MS} ms after an interruption"


def main(arguments: list[str]) -> int:
    """Measure, print, perhaps write; how many targets were missed, if that was asked."""
    found = measure()
    text = "\n".join([*tabled(found), ""])
    sys.stdout.write(text)
    if "--write" in arguments:
        readme.write("bench-voice", text)
    failed = list(missed(found))
    sys.stdout.writelines(f"missed: {name}\n" for name in failed)
    return len(failed) if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
