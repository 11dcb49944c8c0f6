"""A bot in front of a witness, and the queue between its halves worked off."""

import json
import os
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import openai  # noqa: F401  # here, as that takes seconds and a scenario counts them

from protege.app import App
from protege.config import Config
from protege.learning import Embedder
from protege.providers.local import MiniLM
from protege.worker import work
from tests.chaos.front import opened
from tests.chaos.witness import Witness
from tests.person import DISCORD_EPOCH_MS, Person, configured
from tests.recorder import Recorder
from tests.scripted import Asked, Said, Scripted, chunk, scripted, stream

if TYPE_CHECKING:  # with moto, which a worker does not need
    from tools.cloud import Cloud

Payload = dict[str, Any]
LINES = 60
MARKS = tuple(f"<{n:02}>" for n in range(LINES))
WORDS = "and so on, as it is written in the book of the house, line after line, to the very end"
USAGE = {"prompt_tokens": 50, "completion_tokens": 900, "total_tokens": 950}
ASKED = "POST /chat/completions"
_environment = threading.Lock()


@contextmanager
def house(folder: Path, **more: str) -> Iterator[tuple[App, Witness, Scripted]]:
    """On one machine, with a model that gives long answers."""
    with opened(Witness()) as witness, scripted() as model:
        model.routes[ASKED] = long
        env = {**of_model(model), **more}
        app = configured(cast("Recorder", witness), str(folder), **env)
        app._loaded_embedder = embedder()
        yield app, witness, model


@cache
def embedder() -> Embedder:
    """One for all houses: loading it takes seconds."""
    found = MiniLM()
    found.embed(["warm"])
    return found


def long(request: Asked) -> Said:
    """An answer of three messages; each of its lines can be told apart, also from those of other
    questions' answers.
    """
    about = asked(request)[-12:]
    lines = (chunk(f"<{n:02}> {about} {WORDS}\n\n") for n in range(LINES))
    usage: Payload = {"choices": [], "usage": USAGE}
    return stream(*lines, chunk(why="stop"), usage, done=True)


def of_model(model: Scripted) -> dict[str, str]:
    """Settings."""
    return {
        "PROVIDER": "openai",
        "OPENAI_API": "chat",
        "OPENAI_EFFORT": "-",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "sk-sample",
        "OPENAI_TIMEOUT_S": "1",
        "OPENAI_ANSWER_S": "8",
        "RATE_PERSON": "0",  # one person asks for all here
        "RATE_GUILD": "0",
    }


def of_cloud(
    cloud: "Cloud", url: str, witness: Witness, queues: Mapping[str, str]
) -> dict[str, str]:
    """Settings on AWS, behind a proxy at `url`; `queues` instead of the stack's, by their names."""
    values = {**cloud.values, **queues}
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "BUCKET": values["Bucket"],
        "TABLE": values["Table"],
        "WORK_QUEUE_URL": values["WorkQueue"],
        "DEAD_LETTERS_URL": values["DeadLetters"],
        "DISCORD_API": witness.url,
    }


def app_on(env: Mapping[str, str], *, light: bool = False) -> App:
    """An app on AWS; boto3 takes its endpoint from the environment, which others use too."""
    with _environment:
        before = {name: os.environ.get(name) for name in env if name.startswith("AWS_")}
        os.environ.update({name: env[name] for name in before})
        try:
            app = App(Config.read(env), env, light=light)
            _ = app.queue, app.records, app.files, light or app.dead_letters
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
    return app


def person(app: App, witness: Witness) -> Person:
    """Somebody in front of it."""
    return Person(app, cast("Recorder", witness))


def mixed(somebody: Person, count: int, asks: int = 4) -> list[Payload]:
    """Interactions: every so manieth a question with a long answer, the others remarks."""
    return [
        somebody.command("ask", question=f"What is written on page {n}?")
        if asks and n % asks == 0
        else somebody.command("feedback", feedback_text=f"remark {n}")
        for n in range(count)
    ]


def hand_in(somebody: Person, payloads: Iterable[Payload]) -> list[Payload]:
    """Through the front door; return those that wait for the worker."""
    return [payload for payload in payloads if somebody.hand_in(payload)["type"] == 5]


def marks(payload: Payload) -> Sequence[str]:
    """What the answer to an interaction of `mixed` holds."""
    return MARKS if payload["data"]["name"] == "ask" else ("Thank you, noted.",)


def aged(payload: Payload, seconds: float) -> Payload:
    """The same as if it had been sent so long ago."""
    late = int(payload["id"]) - (int(seconds * 1000) << 22)
    assert late >> 22 < DISCORD_EPOCH_MS
    return {**payload, "id": str(late)}


def drain(
    app: App, threads: int = 4, worker: Callable[..., list[str]] = work, again_s: int = 1
) -> None:
    """Work the queue off. `again_s`: when a message that failed comes again."""

    def work_off(_: int) -> None:
        while True:
            delivery = app.queue.receive(wait_s=0.05, lease_s=60)
            if delivery is None:
                depth = app.queue.depth()
                if not (depth.waiting or depth.in_flight):
                    return
            elif worker(app, [delivery]):
                app.queue.release(delivery.receipt, delay_s=again_s)
            else:
                app.queue.done(delivery.receipt)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work_off, range(threads)))


def shuffled(app: App, dice: random.Random) -> None:
    """Deal the waiting messages anew."""
    bodies = []
    while delivery := app.queue.receive(wait_s=0, lease_s=60):
        bodies.append(delivery.body)
        app.queue.done(delivery.receipt)
    dice.shuffle(bodies)
    for body in bodies:
        app.queue.put(body)


def body(payload: Payload) -> str:
    """As the queue carries it."""
    return json.dumps(payload)


def asked(request: Asked) -> str:
    """The question that the model is asked."""
    return str(request.json["messages"][-1]["content"])


def said(*answers: Said) -> Callable[[Asked], Said]:
    """The model's answers to each question, one after another; then the long one."""
    lock, given = threading.Lock(), dict[str, int]()

    def answer(request: Asked) -> Said:
        with lock:
            number = given.get(asked(request), 0)
            given[asked(request)] = number + 1
        return answers[number] if number < len(answers) else long(request)

    return answer
