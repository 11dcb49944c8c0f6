"""Discord and the model on their bad days."""

import random
import re
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.front import Answer, Fault, Request
from tests.chaos.house import ASKED, Payload, drain, hand_in, house, marks, mixed, person, said
from tests.chaos.running import Case, counted
from tests.chaos.tally import letters
from tests.chaos.witness import EXPIRED, UNKNOWN
from tests.scripted import Said, chunk, refused, stream

SOON = {"Retry-After": "0.01"}
BUSY = Fault(Answer(429, SOON, b'{"message": "slow down", "retry_after": 0.01, "global": false}'))
GLOBAL = Fault(
    Answer(429, {**SOON, "X-RateLimit-Global": "true"}, b'{"retry_after": 0.01, "global": true}')
)
SHARED = Fault(Answer(429, {**SOON, "X-RateLimit-Scope": "shared"}, b'{"retry_after": 0.01}'))
NO_JSON = Fault(Answer(429, SOON, b"error code: 1015"))
DOWN = Fault(Answer(503, SOON, b"upstream connect error"))
BAD_GATEWAY = Fault(Answer(502, SOON, b"<html>cloudflare</html>"))
BEFORE, AFTER = Fault(cut="before"), Fault(cut="after")
EARLY = Fault(UNKNOWN)
OVER = Fault(EXPIRED)
TRIES = 15
"""Five in each of three deliveries."""
PLANS: Sequence[Sequence[Fault]] = (
    [BUSY, BUSY],
    [GLOBAL, SHARED, NO_JSON],
    [DOWN, BAD_GATEWAY],
    [BEFORE],
    [AFTER],
    [EARLY],
    [DOWN] * 6,
    [DOWN] * TRIES,
    [BUSY, DOWN, BEFORE],
)
TOKEN = re.compile(r"/webhooks/\d+/([^/?]+)").search


class Plans:
    """For each token the faults that its calls meet, one after another."""

    def __init__(self) -> None:
        self.of: dict[str, list[Fault]] = {}

    def __call__(self, request: Request) -> Fault | None:
        found = TOKEN(request.path)
        left = self.of.get(found[1], []) if found else []
        return left.pop(0) if left else None


def discord_down(at: Path, count: int, seed: int) -> Case:
    """Rate limits of every kind, 5xx, connections that break before and after."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        payloads, plans = mixed(ada, count, 3), Plans()
        dice = random.Random(seed)
        plans.of = {payload["token"]: list(dice.choice(PLANS)) for payload in payloads}
        witness.fault = plans
        waiting = hand_in(ada, payloads)
        drain(app, 8)
        return counted(witness, waiting, letters(app.dead_letters), witness.injected)


def follow_ups_broken(at: Path, count: int, seed: int) -> Case:
    """The second and third message of an answer are accepted, and nobody says so."""
    broken: Counter[str] = Counter()

    def fault(request: Request) -> Fault | None:
        if request.method != "POST" or not TOKEN(request.path):
            return None
        broken[request.path] += 1
        kinds = (AFTER, Fault(Answer(504, SOON, b"timed out")), None, BEFORE)
        kind = kinds[broken[request.path] % len(kinds)]
        if kind and kind.answer:
            witness.serve(request)
        return kind

    with house(at) as (app, witness, _):
        witness.fault = fault
        waiting = hand_in(ada := person(app, witness), mixed(ada, count, 1))
        drain(app, 8)
        return counted(witness, waiting, letters(app.dead_letters), witness.injected)


def discord_silent(at: Path, count: int, seed: int) -> Case:
    """Discord takes the call and never answers."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        payloads, plans = mixed(ada, count), Plans()
        plans.of = {payloads[seed % count]["token"]: [Fault(silent=True)]}
        witness.fault = plans
        waiting = hand_in(ada, payloads)
        drain(app)
        return counted(witness, waiting, letters(app.dead_letters), witness.injected)


def tokens_over(at: Path, count: int, seed: int) -> Case:
    """Discord knows no token any more; and who is to be answered in private lets nobody write."""
    with house(at) as (app, witness, _):
        ada = person(app, witness)
        waiting = hand_in(ada, mixed(ada, count))
        witness.over = {payload["token"] for payload in waiting}

        def fault(request: Request) -> Fault | None:
            shut = b"Thank you" in request.body and "/channels/" in request.path
            return Fault(Answer(403, {}, b'{"code": 50007}')) if shut else None

        witness.fault = fault
        drain(app)
        return counted(witness, waiting, letters(app.dead_letters), count)


CUT = stream(chunk("<00> begun, and then"), cut=True)
QUOTA = refused(429, "insufficient_quota")
MODEL: Sequence[Sequence[Said]] = (
    [refused(429, "rate_limit_exceeded")],
    [refused(500, "server_error"), refused(503)],
    [CUT],
    [CUT, refused(500), CUT],
    [Said(200, b"<html>", "text/html")],
    [refused(500)] * 9,
    [QUOTA],
)


def model_down(at: Path, count: int, seed: int) -> Case:
    """The model refuses, breaks, stops in the middle of a sentence, or says nothing at all."""
    answers = list(MODEL)
    random.Random(seed).shuffle(answers)
    silence = threading.Event()
    with house(at) as (app, witness, model):
        ada = person(app, witness)
        payloads = mixed(ada, count, 1)
        plans = {
            p["data"]["options"][0]["value"]: answers[n % len(answers)]
            for n, p in enumerate(payloads)
        }
        given: Counter[str] = Counter()
        by_question = {question: said(*plan) for question, plan in plans.items()}

        def answer(request):
            question = next(q for q in plans if q in str(request.json["messages"][-1]))
            given[question] += 1
            if question.endswith(" 0?") and given[question] == 1:
                silence.wait(3)
            return by_question[question](request)

        def holds(payload: Payload) -> Sequence[str]:
            told = QUOTA in plans[payload["data"]["options"][0]["value"]]
            return () if told else marks(payload)  # an account without money is told at once

        model.routes[ASKED] = answer
        waiting = hand_in(ada, payloads)
        drain(app, 8)
        faults = sum(given.values()) - count
        return counted(witness, waiting, letters(app.dead_letters), faults, expected=holds)
