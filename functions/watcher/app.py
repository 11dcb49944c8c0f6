"""EventBridge -> protege.watcher.watch; a provider's webhook -> protege.webhooks.hear."""

import binascii
from typing import Any

from protege.app import app
from protege.invocation import invocation
from protege.watcher import watch
from protege.webhooks import hear


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Look after running jobs, or hear that a provider is done with one."""
    bot = app()
    with invocation("watcher", bot.config, context):
        if "requestContext" not in event:
            return {"woken": watch(bot)}
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        status, body = hear(bot, _body(event), headers)
    about = {"content-type": "application/json"}
    return {"statusCode": status, "headers": about, "body": body.decode()}


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    try:
        return (
            binascii.a2b_base64(body, strict_mode=True)
            if event.get("isBase64Encoded")
            else body.encode()
        )
    except ValueError:
        return b""
