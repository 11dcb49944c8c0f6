"""CloudFormation custom resource -> protege.registrar.resources.resource."""

import os
from typing import Any

from protege.app import app
from protege.config import ConfigError
from protege.invocation import invocation
from protege.registrar.resources import misconfigured, resource


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say who the application is, or register its commands; answer CloudFormation."""
    try:
        bot = app(keyless=True)
    except ConfigError as error:
        return misconfigured(event, error, os.environ)
    with invocation("registrar", bot.config, context, resource=event.get("LogicalResourceId")):
        return resource(bot, event, lambda: context.get_remaining_time_in_millis() / 1000)
