"""EventBridge -> protege.watcher.watch; a provider's webhook -> protege.webhooks.hear."""

from typing import Any

from protege.app import app
from protege.invocation import invocation
from protege.unwrapping import body, headers
from protege.watcher import watch
from protege.webhooks import hear


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Look after running jobs, or hear that a provider is done with one."""
    bot = app()
    with invocation("watcher", bot.config, context):
        if "requestContext" not in event:
            return {"woken": watch(bot)}
        status, answer = hear(bot, body(event), headers(event))
    about = {"content-type": "application/json"}
    return {"statusCode": status, "headers": about, "body": answer.decode()}
