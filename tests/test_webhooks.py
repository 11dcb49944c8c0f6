"""OpenAI tells that a training is over: who may say so, and what comes of it."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.app import App
from protege.providers.standard_webhooks import TOLERANCE_S, verify
from protege.server.endpoint import endpoint
from protege.storage import Delivery
from protege.training.jobs import STALLED_S, Job
from protege.watcher import watch
from protege.webhooks import LARGEST_BODY, hear
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Recorder

KEY = b"a key of thirty-two bytes, about"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "fine_tuning.job.succeeded",
    "created_at": 1790000000,
    "data": {"id": "ftjob-1"},
}


def signed(body: bytes, *, at: float | None = None, key: bytes = KEY) -> dict[str, str]:
    """The headers as the specification says."""
    timestamp = str(int(time.time() if at is None else at))
    content = f"evt_1.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": "evt_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


def event(**changes: Any) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


@pytest.fixture
def bot(discord: Recorder, tmp_path: Path) -> App:
    return configured(discord, str(tmp_path), OPENAI_WEBHOOK_SECRET=SECRET)


def waiting(bot: App, **changes: Any) -> Job:
    """A job that will look at its provider in five minutes."""
    job = Job(
        "j1", "77", "42", "88", "9", "token", "en-US", "", method="sft", step="follow", wait_s=300
    )
    job = bot.jobs.begin(job._replace(provider_job="ftjob-1", **changes))
    bot.jobs.link(job, "ftjob-1")
    return job


def due(bot: App) -> list[dict[str, Any]]:
    """What a worker would be given now."""
    found = []
    while delivery := bot.queue.receive(wait_s=0, lease_s=60):
        found.append(json.loads(delivery.body))
    return found


# ---- who may say so ------------------------------------------------------------------------------


def test_the_sdk_and_we_agree_on_a_signature() -> None:
    body = event()
    headers = signed(body)
    with openai.OpenAI(api_key="k", base_url="http://127.0.0.1:9") as sdk:
        sdk.webhooks.verify_signature(body, headers, secret=SECRET)
    id, timestamp, signature = headers.values()
    assert verify(SECRET, id, timestamp, signature, body, now=time.time())


def test_a_secret_may_be_plain_text_and_one_of_many_signatures_is_enough() -> None:
    id, timestamp, signature = signed(b"{}", key=b"plain").values()
    several = f"v1a,other v1,bm8= {signature}"
    assert verify("plain", id, timestamp, several, b"{}", now=time.time())


@given(st.text(), st.text(), st.text(), st.text(), st.binary())
def test_nothing_else_is_believed_and_nothing_breaks_the_check(
    secret: str, id: str, timestamp: str, signatures: str, body: bytes
) -> None:
    for ours in (secret, f"whsec_{secret}"):
        assert not verify(ours, id, timestamp, signatures, body, now=0.0)
    assert not verify("whsec_ключ", id, "0", f"v1,{signatures}", body, now=0.0)
    assert not verify(SECRET, id, timestamp, f"v1,{signatures}", body, now=0.0)


@pytest.mark.parametrize("off", [-TOLERANCE_S - 1, TOLERANCE_S + 1])
def test_an_event_from_another_time_is_refused(bot: App, off: float) -> None:
    body, now = event(), float(int(time.time()))
    bot.now = lambda: now
    assert hear(bot, body, signed(body, at=now + off)).status == 401
    assert hear(bot, body, signed(body, at=now)).status == 200


def test_what_is_not_signed_by_the_secret_is_refused_unread(bot: App) -> None:
    waiting(bot)
    body = event()
    for headers in (
        {},
        signed(body, key=b"another"),
        {**signed(body), "webhook-id": "evt_2"},
        {**signed(body), "webhook-timestamp": str(int(time.time()) + 1)},
        {**signed(body), "webhook-signature": signed(body)["webhook-signature"][3:]},
    ):
        assert hear(bot, body, headers).status == 401
    assert hear(bot, body + b" ", signed(body)).status == 401
    assert due(bot) == []


def test_without_a_secret_there_is_no_such_place(app: App) -> None:
    body = event()
    assert hear(app, body, signed(body)).status == 404


def test_what_is_too_large_is_not_even_checked(bot: App) -> None:
    body = b" " * (LARGEST_BODY + 1)
    assert hear(bot, body, signed(body)).status == 413


# ---- what comes of it ----------------------------------------------------------------------------


def test_the_job_looks_at_once(bot: App) -> None:
    job = waiting(bot)
    assert due(bot) == []
    body = event()
    assert hear(bot, body, signed(body)).status == 200
    assert due(bot) == [{"job": job.id, "space": "77", "leg": job.leg}]


def test_hearing_it_again_does_no_harm(bot: App) -> None:
    """The copies ask for the same leg, which is done once."""
    job = waiting(bot)
    body = event()
    for _ in range(3):
        assert hear(bot, body, signed(body)).status == 200
    assert due(bot) == [{"job": job.id, "space": "77", "leg": job.leg}] * 3


@pytest.mark.parametrize(
    "body",
    [
        event(data={"id": "ftjob-unknown"}),
        event(type="response.completed"),
        event(type="fine_tuning.job.succeeded", data={"id": ""}),
    ],
)
def test_what_is_none_of_our_jobs_is_heard_and_forgotten(bot: App, body: bytes) -> None:
    waiting(bot)
    assert hear(bot, body, signed(body)).status == 200
    assert due(bot) == []


def test_a_job_that_is_over_is_not_woken(bot: App) -> None:
    job = waiting(bot)
    bot.jobs.close(job, "done")
    body = event()
    assert hear(bot, body, signed(body)).status == 200
    assert due(bot) == []


def test_a_training_that_was_given_up_does_not_wake_the_next(bot: App) -> None:
    job = waiting(bot)
    bot.jobs.save(job, provider_job="ftjob-2")
    body = event()
    assert hear(bot, body, signed(body)).status == 200
    assert due(bot) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"type":"fine_tuning.job.x"}'])
def test_what_is_signed_but_no_event_is_refused(bot: App, body: bytes) -> None:
    assert hear(bot, body, signed(body)).status == 400


# ---- by HTTP -------------------------------------------------------------------------------------


def posted(bot: App, body: bytes, headers: dict[str, str], method: str = "POST") -> str:
    """The status with which `make serve` answers."""
    seen: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/webhooks/openai",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    list(endpoint(bot)(environ, lambda status, _: seen.append(status)))  # type: ignore[arg-type]
    return seen[0]


def test_our_own_endpoint_hears_it(bot: App) -> None:
    waiting(bot)
    body = event()
    assert posted(bot, body, signed(body)) == "200 OK"
    assert len(due(bot)) == 1
    assert posted(bot, body, {}) == "401 Unauthorized"
    assert posted(bot, b"", {}, "GET") == "405 Method Not Allowed"


HANDLER = """
import json, sys
from functions.watcher.app import handler
print(json.dumps(handler(json.load(sys.stdin), None)))
heavy = [name for name in ("openai", "numpy", "boto3") if name in sys.modules]
print(json.dumps(heavy))
"""


@pytest.mark.parametrize("encoded", [False, True])
def test_the_function_hears_it_without_the_sdk(bot: App, encoded: bool) -> None:
    waiting(bot)
    body = event()
    text = base64.b64encode(body).decode() if encoded else body.decode()
    headers = {name.title(): value for name, value in signed(body).items()}
    about = {"requestContext": {"http": {"method": "POST"}}, "headers": headers}
    given = json.dumps({**about, "body": text, "isBase64Encoded": encoded})
    env = {
        "DISCORD_PUBLIC_KEY": "0" * 64,
        "DATA_DIR": bot.config.data_dir,
        "OPENAI_WEBHOOK_SECRET": SECRET,
    }
    said = subprocess.check_output(
        [sys.executable, "-c", HANDLER],
        input=given,
        text=True,
        env=env,
        cwd=Path(__file__).parents[1],
    )
    answer, heavy = map(json.loads, said.splitlines()[-2:])
    assert answer["statusCode"] == 200 and heavy == []
    assert len(due(bot)) == 1


# ---- the safety net ------------------------------------------------------------------------------


def test_nobody_watches_while_nothing_runs(ada: Person, app: App) -> None:
    assert not app.alarm.ringing()
    ada.slash("train", data="What is the wifi password? => Ask at the bar.")
    assert app.alarm.ringing()
    assert watch(app) == 0 and not app.alarm.ringing()


def test_somebody_watches_for_as_long_as_a_job_waits(bot: App) -> None:
    job = waiting(bot)
    bot.alarm.set()
    assert watch(bot) == 0 and bot.alarm.ringing()
    bot.jobs._now = lambda: job.touched_at + STALLED_S + 1
    assert watch(bot) == 1 and bot.alarm.ringing()
    bot.jobs.close(job, "done")
    assert watch(bot) == 0 and not bot.alarm.ringing()


class Began:
    """An alarm at whose turning off somebody begins a job: its setting came a moment too early."""

    def __init__(self, bot: App) -> None:
        self._bot = bot
        self.on = True

    def set(self) -> None:
        self.on = True

    def off(self) -> None:
        waiting(self._bot)
        self.on = False

    def ringing(self) -> bool:
        return self.on


def test_a_job_that_begins_while_the_watcher_goes_to_sleep_is_watched(bot: App) -> None:
    bot.alarm = Began(bot)
    watch(bot)
    assert bot.alarm.ringing()


class Broken:
    """An alarm that nobody can set."""

    def set(self) -> None:
        from protege.errors import Unavailable

        raise Unavailable("no such rule")

    def off(self) -> None:
        self.set()

    def ringing(self) -> bool:
        return False


def test_a_job_is_done_even_where_the_alarm_cannot_be_set(ada: Person, app: App) -> None:
    app.alarm = Broken()
    payload = ada.command("train", data="What is the wifi password? => Ask at the bar.")
    assert work(app, [Delivery("m0", json.dumps(payload), "", 1)]) == []
    ada.wait()
    assert "**v1**" in ada.sees
