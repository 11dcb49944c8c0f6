"""boto3 behind one function, loaded when it is first needed."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from protege.errors import Unavailable
from protege.storage.aws.faults import fault
from protege.tracing import span, traced

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]
"""(operation such as `PutItem`, request) -> answer, both as in AWS' JSON protocol."""
CONNECT_S, READ_S, ATTEMPTS = 3, 30, 4
"""A long poll takes 20 s, so reading may take longer than that."""


def client(service: str) -> Any:
    """A boto3 client; region, credentials and endpoint come from the environment."""
    import boto3
    from botocore.config import Config

    logging.getLogger("botocore").setLevel(logging.WARNING)  # at INFO it tells of every cold start
    config = Config(
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "virtual"} if service == "s3" else None,
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    found = boto3.session.Session().client(service, config=config)  # type: ignore[call-overload]
    if traced():
        found.meta.events.register("before-call", _begun)
        found.meta.events.register("after-call", _ended)
        found.meta.events.register("after-call-error", _ended)
    return found


def _begun(model: Any, context: dict[str, Any], **_: Any) -> None:
    """Times a call for X-Ray.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html
    """
    context["span"] = span(model.service_model.service_id, model.name)
    context["span"].__enter__()


def _ended(
    context: dict[str, Any], http_response: Any = None, exception: Any = None, **_: Any
) -> None:
    if http_response is not None and http_response.status_code >= 500:
        exception = Unavailable("")
    context["span"].__exit__(type(exception) if exception else None)


def asking(boto: Any) -> Ask:
    """A boto3 client as a function. What it raises: see `faults`."""

    def ask(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        method = getattr(boto, re.sub(r"\B([A-Z])", r"_\1", operation).lower())
        with faults():
            answer: dict[str, Any] = method(**request)
        return answer

    return ask


@contextmanager
def faults() -> Iterator[None]:
    """Turn botocore's errors into Missing, Conflict, Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        found: Any = error.response
        about = found.get("Error", {})
        raise fault(about.get("Code", ""), about.get("Message", ""), found.get("Item")) from error
    except BotoCoreError as error:
        raise fault(type(error).__name__, str(error)) from error
