"""CloudFormation's custom resources: it waits for an answer whatever happens.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from protege.app import App
from protege.config import ConfigError
from protege.errors import BotError
from protege.journal import trouble
from protege.registrar.answering import Answering
from protege.registrar.identity import identity
from protege.registrar.image import IMAGE, begin
from protege.registrar.registration import Order, carry_out

APPLICATION = "Custom::DiscordApplication"
LAST_S = 6.0
"""This long before the function would be ended, it answers itself, whatever still runs."""
LATE = "Discord, or the endpoint, took too long. Deploy again; if it repeats, see the logs."
LeftS = Callable[[], float]


class Made(NamedTuple):
    """A resource. `data`: what `Fn::GetAtt` finds; nothing of it is secret."""

    physical: str
    data: dict[str, Any]


def resource(app: App, event: dict[str, Any], left_s: LeftS = lambda: 300.0) -> dict[str, Any]:
    """Carry out an event and answer CloudFormation; return the answer, too.

    `left_s`: how many seconds the function may still run. Raises nothing but Unavailable, where
    the answer may not or cannot be brought to the address that the event names.
    """
    answering = Answering(event, app.aws)
    late = threading.Timer(max(0.0, left_s() - LAST_S), answering.failed, [LATE])
    late.daemon = True
    late.start()
    made = _tried(app, event, left_s)
    late.cancel()
    if isinstance(made, str):
        return answering.failed(made)
    if made is None:
        return {}
    return answering.succeeded(made.physical, made.data)


def misconfigured(
    event: dict[str, Any], error: ConfigError, env: Mapping[str, str]
) -> dict[str, Any]:
    """The same where a setting of the function makes no sense; what it kept from being made can be
    deleted nevertheless. Raises Unavailable."""
    answering = Answering(event, env.get("AWS_ENDPOINT_URL", ""))
    if event["RequestType"] == "Delete":
        return answering.succeeded(event["PhysicalResourceId"], {})
    return answering.failed(str(error))


def _tried(app: App, event: dict[str, Any], left_s: LeftS) -> Made | str | None:
    """What was made, or why nothing was; None where somebody else will answer."""
    try:
        return _made(app, event, left_s)
    except (BotError, ConfigError) as error:
        return str(error)
    except Exception as error:
        trouble("registration", error)
        # Its text may quote anything.
        return f"An unforeseen {type(error).__name__}: see the log of the function Registrar."


def _made(app: App, event: dict[str, Any], left_s: LeftS) -> Made | None:
    """Deleting does nothing: what is deleted may just be replaced, and Discord is not ours."""
    if event["RequestType"] == "Delete":
        return Made(event["PhysicalResourceId"], {})
    if event.get("ResourceType") == IMAGE:
        begin(app.builder, event, app.aws)
        return None
    if event.get("ResourceType") == APPLICATION:
        us = identity(app.discord)
        data = {"ApplicationId": us.id, "PublicKey": us.public_key, "Name": us.name}
        return Made(f"discord-application-{us.id}", data)
    found = carry_out(app.discord, _order(event), left_s)
    names = {name.title(): len(some) for name, some in found._asdict().items()}
    return Made("discord-registration", {"Commands": found.total, **names})


def _order(event: dict[str, Any]) -> Order:
    wanted = event.get("ResourceProperties") or {}
    before = event.get("OldResourceProperties") or {}
    return Order(wanted.get("EndpointUrl", ""), wanted.get("Guild", ""), before.get("Guild", ""))
