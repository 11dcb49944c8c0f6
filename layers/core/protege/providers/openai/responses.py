"""The Responses API: OpenAI's own, and Bedrock's for OpenAI's models."""

from collections.abc import Generator, Iterable
from typing import Any

import openai

from protege.config import Config
from protege.errors import UserError
from protege.providers import Usage
from protege.providers.refusals import CUT_SHORT, FILTERED, NOTHING_SAID, TOO_LONG, Passing
from protege.providers.wording import Asked

TEXT = ("response.output_text.delta", "response.refusal.delta")
"""A model that refuses says so in words, which are its answer."""


class Responses:
    """https://developers.openai.com/api/reference/resources/responses"""

    def __init__(self, config: Config) -> None:
        self._effort = config.openai_effort
        self._most = config.openai_max_output_tokens

    def request(self, asked: Asked) -> dict[str, Any]:
        """The request's body. Nothing is stored at the provider."""
        request: dict[str, Any] = {
            "model": asked.model,
            "instructions": asked.instruction,
            "input": [turn._asdict() for turn in asked.turns],
            "store": False,
            "max_output_tokens": self._most,
        }
        if asked.cache_key:
            request["prompt_cache_key"] = asked.cache_key
        if self._effort != "-" and not asked.made:
            request["reasoning"] = {"effort": self._effort}
        return request

    def open(self, client: openai.OpenAI, request: dict[str, Any], timeout_s: float) -> Any:
        """The stream of events; to be closed."""
        return client.responses.create(**request, stream=True, timeout=timeout_s)

    def read(self, events: Iterable[Any]) -> Generator[str, None, Usage]:
        """Pieces of the answer. Raises UserError and Passing."""
        said = False
        for event in events:
            if event.type in TEXT:
                said = True
                yield event.delta
            elif event.type == "response.completed":
                return _usage(event.response)
            elif event.type == "response.incomplete":
                yield _cut_short(event.response, said)
                return _usage(event.response)
            elif event.type in ("response.failed", "error"):
                raise _failed(event)
        raise Passing("the stream broke off")


def _usage(response: Any) -> Usage:
    found = getattr(response, "usage", None)
    return Usage(found.input_tokens, found.output_tokens) if found else Usage()


def _cut_short(response: Any, said: bool) -> str:
    details = response.incomplete_details
    if details and details.reason == "content_filter":
        raise UserError(FILTERED)
    if not said:
        raise UserError(NOTHING_SAID)
    return CUT_SHORT


def _failed(event: Any) -> Exception:
    error = event if event.type == "error" else getattr(event.response, "error", None)
    code = getattr(error, "code", None) or "no reason given"
    return (
        UserError(TOO_LONG) if "context_length" in code else Passing(f"the model gave up: {code}")
    )
