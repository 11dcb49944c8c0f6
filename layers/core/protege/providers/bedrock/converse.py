"""Models on Bedrock by its Converse API: Amazon's own, and those that customisation made.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from protege.config import Config
from protege.errors import Conflict, Missing, UserError
from protege.providers import Completion, Prompt, Usage
from protege.providers.bedrock.clients import client, faults, gone
from protege.providers.persevering import Pieces, persevere, whole
from protege.providers.refusals import CUT_SHORT, FILTERED, NOTHING_SAID, Passing
from protege.providers.wording import Asked, Turn, asked

FILTERS = ("content_filtered", "guardrail_intervened")
LONGEST = ("max_tokens", "model_context_window_exceeded")
"""Reasons to stop."""


class Converse:
    """Streams answers; a prompt's model is the id of a model or the ARN of a deployment."""

    can_complete = True

    def __init__(
        self,
        config: Config,
        *,
        runtime: Any = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.model = config.bedrock_model
        self._most_tokens = config.openai_max_output_tokens
        self._most_s = float(config.openai_answer_s)
        self._runtime = runtime or client("bedrock-runtime", config, config.openai_timeout_s)
        self._sleep = sleep

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
        try:
            with faults(asked.model):
                stream = self._runtime.converse_stream(**request(asked, self._most_tokens))
                events = stream["stream"]
                try:
                    return (yield from _read(events, ends))
                finally:
                    events.close()
        except Missing:
            raise gone(asked.model) from None
        except Conflict as error:
            raise Passing(str(error)) from None


def request(asked: Asked, most_tokens: int) -> dict[str, Any]:
    """The request. What we say goes before the conversation, which begins with the person."""
    ours = [turn.content for turn in asked.turns if turn.role == "developer"]
    talk = [turn for turn in asked.turns if turn.role != "developer"]
    return {
        "modelId": asked.model,
        "system": [{"text": "\n\n".join([asked.instruction, *ours])}],
        "messages": [{"role": turn.role, "content": [{"text": turn.content}]} for turn in talk],
        "inferenceConfig": {"maxTokens": most_tokens},
    }


def _read(events: Iterable[Any], ends: float) -> Pieces:
    said, why, usage = False, "", None
    for event in events:
        if time.monotonic() > ends:
            raise Passing("the answer took too long")
        if piece := event.get("contentBlockDelta", {}).get("delta", {}).get("text"):
            said = True
            yield piece
        why = event.get("messageStop", {}).get("stopReason", why)
        usage = event.get("metadata", {}).get("usage", usage)
    if not why:
        raise Passing("the stream broke off")
    if ending := _ending(why, said):
        yield ending
    return Usage(usage["inputTokens"], usage["outputTokens"]) if usage else Usage()


def _ending(why: str, said: bool) -> str:
    if why in FILTERS:
        raise UserError(FILTERED)
    if why in LONGEST and not said:
        raise UserError(NOTHING_SAID)
    return CUT_SHORT if why in LONGEST else ""
