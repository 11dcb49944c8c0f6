"""Running a scenario, and counting what came of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from protege.storage import Delivery
from tests.chaos.house import Payload, marks
from tests.chaos.tally import Tally, described, judged
from tests.chaos.witness import Witness

SHOWN = 3


class Case(NamedTuple):
    """What became of a scenario's interactions: how many of each verdict."""

    faults: int
    verdicts: Mapping[str, int]
    wrong: tuple[str, ...] = ()

    def with_letters(self, bodies: Sequence[str], dead: Iterable[str]) -> "Case":
        """Messages that are no interaction: each is to be a dead letter with a reason, once."""
        found, verdicts, wrong = Counter(dead), Counter(self.verdicts), list(self.wrong)
        for body in bodies:
            verdict = {0: "lost", 1: "dead"}.get(found[body], "doubled")
            verdicts[verdict] += 1
            wrong += [f"{verdict}: {body[:40]}"] * (verdict != "dead")
        return Case(self.faults, verdicts, tuple(wrong))

    def also(self, verdict: str, count: int, why: str = "") -> "Case":
        """The same, and so many more of a verdict."""
        verdicts = Counter(self.verdicts)
        verdicts[verdict] += count
        return Case(self.faults, verdicts, (*self.wrong, *([why] if count and why else [])))


def together(cases: Iterable[Case]) -> Case:
    """Several as one."""
    faults, verdicts, wrong = 0, Counter[str](), list[str]()
    for case in cases:
        faults, wrong = faults + case.faults, [*wrong, *case.wrong]
        verdicts.update(case.verdicts)
    return Case(faults, verdicts, tuple(wrong))


Scenario = Callable[[Path, int, int], Case]


def counted(
    witness: Witness,
    payloads: Iterable[Payload],
    dead: Mapping[str, Delivery],
    faults: int,
    *,
    strict: bool = False,
    expected: Callable[[Payload], Sequence[str]] = marks,
) -> Case:
    """The verdict on each interaction. `expected`: what its answer holds; () for a button's."""
    verdicts: Counter[str] = Counter()
    wrong = []
    for payload in payloads:
        holds = expected(payload) if "name" in payload["data"] else ()
        verdict = judged(witness, payload, dead, holds, strict=strict)
        verdicts[verdict] += 1
        if verdict in ("lost", "doubled"):
            wrong.append(described(witness, payload, verdict))
    return Case(faults, verdicts, tuple(wrong))


def run(name: str, scenario: Scenario, at: Path, count: int, seed: int) -> Tally:
    """One row of the table."""
    at.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    case = scenario(at, count, seed)
    seconds = time.monotonic() - began
    by = Counter(case.verdicts)
    whole = sum(by.values())
    kinds = (by["answered"], by["dead"], by["lost"], by["doubled"])
    return Tally(name, case.faults, whole, *kinds, round(seconds, 1), case.wrong[:SHOWN])
