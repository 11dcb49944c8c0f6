"""API Gateway (payload 2.0) -> protege.ingress.respond."""

import os
from typing import Any

from protege.app import app
from protege.ingress import respond
from protege.invocation import invocation
from protege.unwrapping import body, headers

if "WORK_QUEUE_URL" in os.environ:  # on Lambda: its start has a whole processor, a request has not
    app(light=True).queue  # noqa: B018


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Unwrap the request, answer it, wrap the answer."""
    bot = app(light=True)
    told = headers(event)
    signature = told.get("x-signature-ed25519", "")
    timestamp = told.get("x-signature-timestamp", "")
    with invocation("ingress", bot.config, context):
        response = respond(bot, body(event), signature, timestamp, since=_since(event))
    return {
        "statusCode": response.status,
        "headers": {"content-type": "application/json"},
        "body": response.body.decode(),
    }


def _since(event: dict[str, Any]) -> float:
    """When API Gateway got it: a cold start counts among the seconds that Discord waits."""
    found = (event.get("requestContext") or {}).get("timeEpoch")
    return found / 1000 if isinstance(found, int) else 0.0
