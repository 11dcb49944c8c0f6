"""AWS on its bad days: throttles, conflicts, errors, lost answers, no queue to send to."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from protege.app import App
from protege.storage.aws.signed import SignedQueue, SignedRecords
from tests.chaos.front import Fault, Request, opened
from tests.chaos.house import (
    ASKED,
    Payload,
    app_on,
    drain,
    embedder,
    hand_in,
    long,
    mixed,
    of_cloud,
    of_model,
    person,
)
from tests.chaos.proxy import Proxy, broken, conflicting, operation, throttled
from tests.chaos.running import Case, counted
from tests.chaos.tally import letters
from tests.chaos.witness import Witness
from tests.person import APPLICATION, KEY
from tests.scripted import Scripted, scripted
from tests.storage.listening import PATIENT_S
from tools.cloud import Cloud, cloud

KINDS: tuple[Callable[[Request], Fault], ...] = (
    throttled,
    broken,
    conflicting,
    lambda request: Fault(cut="before"),
    lambda request: Fault(cut="after"),
)


class Region(NamedTuple):
    """A bot on AWS, with a proxy between."""

    app: App
    light: App
    """As in the ingress."""
    witness: Witness
    model: Scripted
    proxy: Proxy
    cloud: Cloud
    env: dict[str, str]


@contextmanager
def region(it: Cloud, **queues: str) -> Iterator[Region]:
    """On a cloud that is there already."""
    with opened(Witness()) as witness, scripted() as model, opened(Proxy(it.url)) as proxy:
        model.routes[ASKED] = long
        env = {
            "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
            "DISCORD_APPLICATION_ID": APPLICATION,
            "DISCORD_BOT_TOKEN": "bot-token",
            **of_model(model),
            **of_cloud(it, proxy.url, witness, queues),
        }
        app, light = app_on(env), patient(app_on(env, light=True), env)
        app._loaded_embedder = embedder()
        yield Region(app, light, witness, model, proxy, it, env)


def patient(light: App, env: Mapping[str, str]) -> App:
    """Of the ingress' two seconds a busy machine may need more; nobody is slow here on purpose."""
    vars(light)["queue"] = SignedQueue(light.config.work_queue_url, env, PATIENT_S)
    vars(light)["records"] = SignedRecords(light.config.table, env, limit_s=PATIENT_S)
    return light


def storage_down(at: Path, count: int, seed: int) -> Case:
    """One request of eight fails, each in one of five ways."""
    dice = random.Random(seed)
    with cloud() as it, region(it) as here:

        def fault(request: Request) -> Fault | None:
            if operation(request).startswith("SQS") or dice.random() > 0.125:
                return None
            return dice.choice(KINDS)(request)

        ada = person(here.light, here.witness)
        waiting = hand_in(ada, mixed(ada, count))
        here.proxy.fault = fault
        drain(here.app, 6)
        here.proxy.fault = lambda request: None
        dead = letters(here.app.dead_letters)
        case = counted(here.witness, waiting, dead, here.proxy.injected)
        return _stored(here.app, waiting, dead, case)


def burst_on_aws(at: Path, count: int, seed: int) -> Case:
    """Ten workers on moto; one request of fifty fails."""
    return _crowded(count, random.Random(seed))


def _crowded(count: int, dice: random.Random) -> Case:
    with cloud() as it, region(it) as here:

        def fault(request: Request) -> Fault | None:
            spared = operation(request).startswith("SQS") or dice.random() > 0.02
            return None if spared else dice.choice(KINDS)(request)

        ada = person(here.light, here.witness)
        waiting = hand_in(ada, mixed(ada, count, 25))
        here.proxy.fault = fault
        drain(here.app, 10)
        here.proxy.fault = lambda request: None
        dead = letters(here.app.dead_letters)
        case = counted(here.witness, waiting, dead, here.proxy.injected)
        return _stored(here.app, waiting, dead, case)


def no_queue(at: Path, count: int, seed: int) -> Case:
    """SendMessage fails, or its answer is lost: people read at once that they should try again."""
    dice = random.Random(seed)
    with cloud() as it, region(it) as here:

        def fault(request: Request) -> Fault | None:
            if operation(request) != "SQS.SendMessage" or dice.random() > 0.5:
                return None
            return dice.choice(KINDS)(request)

        here.proxy.fault = fault
        ada = person(here.light, here.witness)
        payloads = mixed(ada, count)
        waiting = hand_in(ada, payloads)
        refused = len(payloads) - len(waiting)
        here.proxy.fault = lambda request: None
        drain(here.app)
        dead = letters(here.app.dead_letters)
        case = counted(here.witness, waiting, dead, here.proxy.injected, strict=True)
        return case.also("answered", refused)


def _stored(app: App, waiting: list[Payload], dead: object, case: Case) -> Case:
    """Every remark that was thanked for is there, once."""
    kept = [record.id for record in app.records.find("remark#77")]
    thanked = [
        p["id"] for p in waiting if p["data"]["name"] == "feedback" and p["id"] not in str(dead)
    ]
    lost = set(thanked) - set(kept)
    return case.also("lost", len(lost), "a remark was thanked for and is not there")
