"""GEPA's search for a better instruction (arXiv 2507.19457), repeatable from its first step."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from gepa.api import optimize
from gepa.core.adapter import EvaluationBatch, GEPAAdapter
from gepa.core.callbacks import GEPACallback, ValsetEvaluatedEvent
from gepa.core.state import GEPAState
from gepa.utils import StopperProtocol

from protege.training.tuning.asking import Asking
from protege.training.tuning.reflection import record
from protege.training.tuning.rows import Rows
from protege.training.weighing.calls import Interrupted, OutOfCalls, Paid
from protege.training.weighing.questions import Row

NAME = "instruction"
AT_A_TIME = 3
"""Examples in one request for a proposal, as in the paper."""
MOST_ROUNDS = 40
PATIENCE = 8
"""Rounds without a better instruction after which the search ends."""
PERFECT = 0.999
Trace = tuple[Row, Paid]


class Found(NamedTuple):
    """The best instruction, and the best score after each round that was evaluated in full.

    `over`: whether the search has ended; `why`: what interrupted it.
    """

    text: str
    score: float
    points: list[tuple[int, float]]
    why: Interrupted | None

    @property
    def over(self) -> bool:
        return self.why is None or isinstance(self.why, OutOfCalls)


def search(instruction: str, rows: Rows, asking: Asking) -> Found:
    """Search as far as calls and time allow."""
    seen, why = _Seen(instruction), None
    try:
        optimize(
            seed_candidate={NAME: instruction},
            trainset=rows.study,
            valset=rows.choose,
            adapter=_Adapter(asking),
            reflection_minibatch_size=min(AT_A_TIME, len(rows.study)),
            stop_callbacks=_Enough(seen),
            callbacks=[cast(GEPACallback, seen)],  # every method of a callback is optional
            logger=_Quiet(),
            track_best_outputs=False,
            seed=0,
        )
    except Interrupted as error:
        why = error
    return Found(seen.text, seen.score, seen.points, why)


class _Adapter(GEPAAdapter[Row, Trace, str]):
    """How the library asks, and gets proposals."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.propose_new_texts = self._proposed

    def evaluate(
        self, batch: list[Row], candidate: dict[str, str], capture_traces: bool = False
    ) -> EvaluationBatch[Trace, str]:
        paid = self._asking.answers(candidate[NAME], batch)
        traces = list(zip(batch, paid, strict=True))
        return EvaluationBatch([one.text for one in paid], [one.score for one in paid], traces)

    def make_reflective_dataset(
        self,
        candidate: dict[str, str],
        eval_batch: EvaluationBatch[Trace, str],
        components_to_update: list[str],
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {NAME: [record(row, paid) for row, paid in eval_batch.trajectories or ()]}

    def _proposed(
        self,
        candidate: dict[str, str],
        reflective_dataset: Mapping[str, Sequence[Mapping[str, Any]]],
        components_to_update: list[str],
    ) -> dict[str, str]:
        return {NAME: self._asking.proposal(candidate[NAME], reflective_dataset[NAME])}


class _Seen:
    """What is best so far: the library tells, so that nothing is lost when it is interrupted."""

    def __init__(self, instruction: str) -> None:
        self.text, self.score, self.at = instruction, 0.0, 0
        self.points: list[tuple[int, float]] = []

    def on_valset_evaluated(self, event: ValsetEvaluatedEvent) -> None:
        if not self.points or event["average_score"] > self.score:
            self.text, self.score = event["candidate"][NAME], event["average_score"]
            self.at = event["iteration"]
        self.points.append((event["iteration"], round(self.score, 4)))


class _Enough(StopperProtocol):
    """Whether the search is over."""

    def __init__(self, seen: _Seen) -> None:
        self._seen = seen

    def __call__(self, gepa_state: GEPAState[Any, Any]) -> bool:
        last = min(MOST_ROUNDS, self._seen.at + PATIENCE)
        return self._seen.score >= PERFECT or gepa_state.i + 1 >= last


class _Quiet:
    """The library would print what it is told, and messages are never logged."""

    def log(self, message: str) -> None:
        """Say nothing."""
