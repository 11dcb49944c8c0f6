"""Whatever fails around the bot: each interaction is answered once, or given up with a reason."""

from pathlib import Path

import pytest

from protege.claims import Claims, Verdict
from protege.worker import work
from tests.chaos.house import body, drain, hand_in, house, mixed, person
from tests.chaos.running import Case, counted
from tests.chaos.scenarios import SCENARIOS, Row, survived
from tests.chaos.tally import letters

pytestmark = pytest.mark.real
HERE = [row for row in SCENARIOS if not row.apart]


@pytest.mark.parametrize("row", HERE, ids=[row.name for row in HERE])
def test_nothing_is_lost_or_doubled_when(row: Row, tmp_path: Path) -> None:
    survived(row, tmp_path)


class Careless(Claims):
    """Takes whatever there is, as if claims had never been thought of."""

    def take(
        self, work: str, owner: str, lease_s: float, *, fresh: bool = False, alone: bool = True
    ) -> Verdict:
        super().take(work, owner, 0)
        self.reopen(work)
        self.mark(work, 0)
        return "mine"


def twice(at: Path, *, careless: bool) -> Case:
    """Six interactions, each delivered twice."""
    with house(at) as (app, witness, _):
        waiting = hand_in(ada := person(app, witness), mixed(ada, 6))
        for payload in waiting:
            app.queue.put(body(payload))
        if careless:
            app.__dict__["claims"] = Careless(app.records)
        drain(app, 1)
        return counted(witness, waiting, letters(app.dead_letters), len(waiting), strict=True)


def test_the_count_sees_answers_that_come_twice(tmp_path: Path) -> None:
    assert twice(tmp_path / "good", careless=False).verdicts == {"answered": 6}
    assert twice(tmp_path / "bad", careless=True).verdicts == {"doubled": 6}


def test_the_count_sees_answers_that_never_come(tmp_path: Path) -> None:
    with house(tmp_path) as (app, witness, _):
        waiting = hand_in(ada := person(app, witness), mixed(ada, 6))
        forgetful = iter(range(6))
        drain(app, 1, lambda app, found: [] if next(forgetful) % 2 else work(app, found))
        case = counted(witness, waiting, letters(app.dead_letters), 3)
        assert case.verdicts == {"answered": 3, "lost": 3}


def test_the_count_sees_what_was_given_up_without_a_word(tmp_path: Path) -> None:
    with house(tmp_path) as (app, witness, _):
        waiting = hand_in(ada := person(app, witness), mixed(ada, 2, 0))
        for payload, reason in zip(waiting, ({"reason": "failed"}, {}), strict=True):
            app.dead_letters.put(body(payload), about={"interaction": payload["id"], **reason})
        case = counted(witness, waiting, letters(app.dead_letters), 2)
        assert case.verdicts == {"lost": 2}, "one has no reason, and nobody was told of the other"
