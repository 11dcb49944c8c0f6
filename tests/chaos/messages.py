"""What a queue may do to messages: bring them twice, in any order, late, or spoiled."""

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from protege.app import App
from protege.storage import Delivery
from protege.worker import work
from tests.chaos.house import aged, body, drain, hand_in, house, mixed, person, shuffled
from tests.chaos.running import Case, counted
from tests.chaos.tally import letters

POISON = (
    "not json",
    "[]",
    "{}",
    "null",
    '"a text"',
    "[" * 5000,
    '{"job": "zz"}',
    '{"job": "zz", "space": "77", "leg": "first"}',
    '{"id": "1", "type": 99}',
    '{"id": "x", "type": 2, "token": "t", "data": {"name": "ask"}}',
)
UNKNOWN_JOB = '{"job": "zz", "space": "77", "leg": 0}'


def duplicated(at: Path, count: int, seed: int) -> Case:
    """Each message three times, eight workers at once."""
    with house(at) as (app, witness, _):
        waiting = hand_in(ada := person(app, witness), mixed(ada, count))
        for payload in waiting * 2:
            app.queue.put(body(payload))
        shuffled(app, random.Random(seed))
        drain(app, 8, again_s=3)
        return counted(witness, waiting, letters(app.dead_letters), 2 * count, strict=True)


def at_two_at_once(at: Path, count: int, seed: int) -> Case:
    """One message handed to two workers at the same time, as a standard queue may do."""
    with house(at) as (app, witness, _), ThreadPoolExecutor(8) as pool:

        def both(app: App, deliveries: list[Delivery]) -> list[str]:
            shared = [delivery._replace(alone=False) for delivery in deliveries]
            other = pool.submit(work, app, shared)
            return [*work(app, shared), *other.result()]

        waiting = hand_in(ada := person(app, witness), mixed(ada, count))
        shuffled(app, random.Random(seed))
        drain(app, 8, both, again_s=3)
        return counted(witness, waiting, letters(app.dead_letters), count, strict=True)


def reordered(at: Path, count: int, seed: int) -> Case:
    """Messages in any order: thumbs may come before the answer that they are about."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        asked = mixed(ada, count)
        thumbs = [
            ada.payload(3, {"custom_id": f"thumb_up:{payload['id']}", "component_type": 2})
            | {"message": {"id": "500", "content": "", "author": {"id": "1"}}}
            for payload in asked[::4]
        ]
        waiting = hand_in(ada, [*asked, *thumbs])
        shuffled(app, random.Random(seed))
        drain(app, 8)
        return counted(witness, waiting, letters(app.dead_letters), len(waiting), strict=True)


def delayed(at: Path, count: int, seed: int) -> Case:
    """Messages that come when their interaction's fifteen minutes are over."""
    dice = random.Random(seed)
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        late = [aged(payload, dice.uniform(16 * 60, 60 * 60)) for payload in mixed(ada, count)]
        witness.over = {payload["token"] for payload in late}
        waiting = hand_in(ada, late)
        drain(app)
        return counted(witness, waiting, letters(app.dead_letters), count, strict=True)


def poisoned(at: Path, count: int, seed: int) -> Case:
    """Nonsense between good messages."""
    bad = [*POISON, UNKNOWN_JOB]
    with house(at) as (app, witness, _):
        waiting = hand_in(ada := person(app, witness), mixed(ada, count))
        for nonsense in bad:
            app.queue.put(nonsense)
        shuffled(app, random.Random(seed))
        drain(app)
        dead = letters(app.dead_letters)
        case = counted(witness, waiting, dead, len(bad), strict=True)
        return case.with_letters(bad, _reasoned(dead.values()))


def _reasoned(dead: Iterable[Delivery]) -> list[str]:
    return [letter.body for letter in dead if letter.about.get("reason")]
