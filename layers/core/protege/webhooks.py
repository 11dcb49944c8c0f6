"""A provider says that its part of a job is over: the job goes on at once, not at its next look."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from protege.app import App
from protege.config import ConfigError
from protege.errors import Missing, Unavailable
from protege.journal import note, trouble
from protege.providers.standard_webhooks import verify

LARGEST_BODY = 1 << 16
"""Bytes; an event has a few hundred."""
ABOUT_JOBS = "fine_tuning.job."
JOB = re.compile(r"[\w.:-]{1,200}", re.ASCII).fullmatch
"""How a provider names its jobs."""
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Answer(NamedTuple):
    """An HTTP answer. With any but 2xx the provider tells it again, for up to three days."""

    status: int
    body: bytes = b"{}"


def hear(app: App, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Check and follow one event. `headers`: names in small letters.

    Hearing an event again is harmless: it only has the job look once more.
    """
    if len(body) > LARGEST_BODY:
        return Answer(413)
    try:
        secret = app.secret("openai_webhook_secret")
    except ConfigError:
        return Answer(404)
    except Unavailable as error:
        trouble("webhook", error)
        return Answer(503)
    id, timestamp, signatures = (headers.get(name, "") for name in HEADERS)
    if not verify(secret, id, timestamp, signatures, body, now=app.now()):
        return Answer(401)
    return _follow(app, body)


def _follow(app: App, body: bytes) -> Answer:
    job = _job(body)
    if job is None:
        return Answer(400)
    try:
        woken = bool(job) and _wake(app, job)
    except Unavailable as error:
        trouble("webhook", error)
        return Answer(503)
    note("webhook", job=job, woken=woken)
    return Answer(200)


def _job(body: bytes) -> str | None:
    """The provider's id of the job that an event is about; empty: of none, None: no event."""
    try:
        event: Any = json.loads(body)
        about = event["type"]
        id = event["data"]["id"] if about.startswith(ABOUT_JOBS) else ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return id if isinstance(id, str) and (not id or JOB(id)) else None


def _wake(app: App, provider_job: str) -> bool:
    """Put the job's next leg into the queue; whether there is any.

    It may be there already, to come later: of the two the first to arrive does the work.
    """
    try:
        found = app.records.get("provider-job", provider_job).fields
        job = app.jobs.get(found["space"], found["job"])
    except Missing:
        return False
    if not job.running or job.provider_job != provider_job:
        return False
    app.jobs.enqueue(job._replace(wait_s=0))
    return True
