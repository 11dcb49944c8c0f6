"""Answers from OpenAI's API, or any server that speaks it: asked again when trouble is passing."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import openai

from protege.config import Config
from protege.providers import Completion, Prompt
from protege.providers.openai.completions import Completions
from protege.providers.openai.faults import fault
from protege.providers.openai.keys import Key, Renewing
from protege.providers.openai.responses import Responses
from protege.providers.persevering import Pieces, persevere, whole
from protege.providers.refusals import Passing
from protege.providers.wording import Asked, Turn, asked


class OpenAIChat:
    """Streams answers; lessons go along as few-shot examples."""

    can_complete = True

    def __init__(
        self,
        config: Config,
        key: Key,
        *,
        client: openai.OpenAI | None = None,
        setting: str = "OPENAI_API_KEY",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`client`: one signed in otherwise than by `key`; `setting`: what a refusal names."""
        self.model = config.openai_model
        self._api = Completions(config) if config.openai_api == "chat" else Responses(config)
        self._timeout_s = float(config.openai_timeout_s)
        self._most_s = float(config.openai_answer_s)
        self._client = client or connect(config, key)
        self._setting = setting
        self._sleep = sleep

    def __enter__(self) -> "OpenAIChat":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def answer(self, prompt: Prompt) -> Pieces:
        """Pieces of text as they arrive. Raises UserError and Unavailable."""
        return self._persevere(asked(prompt, self.model))

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """The whole answer to a text. Raises UserError and Unavailable."""
        return whole(
            self._persevere(Asked(model or self.model, instruction, (Turn("user", text),)))
        )

    def _persevere(self, asked: Asked) -> Pieces:
        return persevere(lambda ends: self._once(asked, ends), self._most_s, self._sleep)

    def _once(self, asked: Asked, ends: float) -> Pieces:
        left_s = min(self._timeout_s, max(0.001, ends - time.monotonic()))
        try:
            with self._api.open(self._client, self._api.request(asked), left_s) as events:
                return (yield from self._api.read(_until(ends, events)))
        except openai.OpenAIError as error:
            raise fault(error, asked.model, self._setting) from None
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise Passing("the stream makes no sense") from None


def connect(config: Config, key: Key) -> openai.OpenAI:
    """The SDK's client. It does not try again by itself: that would not know how long we have."""
    given, http = key, None
    if not isinstance(key, str):
        given, http = "in each request", openai.DefaultHttpxClient(auth=Renewing(key))
    return openai.OpenAI(
        api_key=str(given),
        http_client=http,
        base_url=config.openai_base_url,
        timeout=float(config.openai_timeout_s),
        max_retries=0,
    )


def _until(ends: float, events: Iterable[Any]) -> Iterator[Any]:
    """The timeout is for each read; a server that drips would outlive the worker."""
    for event in events:
        if time.monotonic() > ends:
            raise Passing("the answer took too long")
        yield event
