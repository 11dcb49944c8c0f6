"""A thousand at once, ten workers, and faults on top; trainings whose workers keep dying."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from protege.app import App
from protege.training.jobs import job_id
from tests.chaos.clocks import until_empty
from tests.chaos.front import Fault, Request
from tests.chaos.house import Payload, body, drain, hand_in, house, mixed, person
from tests.chaos.mortal import Workers, crowd
from tests.chaos.running import Case, counted
from tests.chaos.services import AFTER, BUSY, DOWN, EARLY, Plans
from tests.chaos.tally import letters
from tests.chaos.witness import Witness

PROCESSES, THREADS = 2, 5
PATIENCE_S = 60
ROWS = "What is the wifi password? => Ask at the bar.\nWhere is the exit? => Behind you."


def burst(at: Path, count: int, seed: int) -> Case:
    """All handed in at once; one in ten meets faults of Discord, one in twenty comes twice."""
    dice = random.Random(seed)
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        payloads, plans = mixed(ada, count, 25), Plans()
        unlucky = dice.sample(payloads, count // 10)
        plans.of = {p["token"]: [dice.choice((BUSY, DOWN, EARLY, AFTER))] for p in unlucky}
        witness.fault = plans
        with crowd(app._env, PROCESSES, THREADS), ThreadPoolExecutor(4) as pool:
            quarters = [payloads[n::4] for n in range(4)]
            waiting = [p for some in pool.map(lambda q: hand_in(ada, q), quarters) for p in some]
            for payload in (again := dice.sample(waiting, count // 20)):
                app.queue.put(body(payload))
            until_empty(app)
        drain(app)
        faults = witness.injected + len(again)
        return counted(witness, waiting, letters(app.dead_letters), faults)


def trainings_killed(at: Path, count: int, seed: int) -> Case:
    """Each training's worker dies at another of the messages in which it shows its progress."""
    dice = random.Random(seed)
    with house(at, PROVIDER="local") as (app, witness, _):
        workers = Workers(app._env, lease_s=0)
        try:
            verdicts = [
                _trained(app, witness, workers, str(900 + n), dice.choice(("before", "after")), n)
                for n in range(count)
            ]
        finally:
            workers.stop()
        case = counted(witness, [], letters(app.dead_letters), workers.deaths)
        for verdict in verdicts:
            case = case.also(
                verdict, 1, "" if verdict == "answered" else f"a training is {verdict}"
            )
        return case


def _trained(
    app: App, witness: Witness, workers: Workers, guild: str, when: str, number: int
) -> str:
    """What becomes of a training whose worker dies at the so manieth call of Discord."""
    calls = iter(range(1 << 20))

    def fault(request: Request) -> Fault | None:
        return Fault(cut=when, then=workers.kill) if next(calls) == number else None

    ada = person(app, witness)
    ada.guild, witness.fault = guild, fault
    payload: Payload = ada.command("train", data=ROWS)
    ada.hand_in(payload)
    id = job_id(payload["id"])
    with witness.changed:
        witness.changed.wait_for(lambda: _announced(witness, id), PATIENCE_S)
    until_empty(app)
    told = [content for content in _announced(witness, id) if "**v1** knows 2 lessons" in content]
    known = app.models.pointer(guild).version == 1 and app.jobs.get(guild, id).state == "done"
    return "doubled" if len(told) > 1 else "answered" if told and known else "lost"


def _announced(witness: Witness, id: str) -> list[str]:
    return [post.content for post in witness.posts if post.nonce == f"job-{id}"]
