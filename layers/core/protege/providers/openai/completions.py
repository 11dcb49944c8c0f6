"""Chat Completions, for servers that have no Responses API: Ollama, vLLM, llama.cpp, Nebius ..."""

from collections.abc import Generator, Iterable
from typing import Any

import openai

from protege.config import Config
from protege.errors import UserError
from protege.providers import Usage
from protege.providers.refusals import CUT_SHORT, FILTERED, NOTHING_SAID, Passing
from protege.providers.wording import Asked


class Completions:
    """https://developers.openai.com/api/reference/resources/chat"""

    def __init__(self, config: Config) -> None:
        self._effort = config.openai_effort
        self._most = config.openai_max_output_tokens

    def request(self, asked: Asked) -> dict[str, Any]:
        """The request's body, of nothing but what all such servers know.

        What we say goes before the conversation: many models' templates refuse it in between.
        """
        ours = [turn.content for turn in asked.turns if turn.role == "developer"]
        talk = [turn._asdict() for turn in asked.turns if turn.role != "developer"]
        told = "\n\n".join([asked.instruction, *ours])
        request: dict[str, Any] = {
            "model": asked.model,
            "messages": [{"role": "system", "content": told}, *talk],
            "max_tokens": self._most,
            "stream_options": {"include_usage": True},
        }
        if self._effort != "-" and not asked.made:
            request["reasoning_effort"] = self._effort
        return request

    def open(self, client: openai.OpenAI, request: dict[str, Any], timeout_s: float) -> Any:
        """The stream of chunks; to be closed."""
        return client.chat.completions.create(**request, stream=True, timeout=timeout_s)

    def read(self, chunks: Iterable[Any]) -> Generator[str, None, Usage]:
        """Pieces of the answer. Raises UserError and Passing."""
        usage, said, why = Usage(), False, None
        for chunk in chunks:
            if chunk.usage:  # the last chunk has it, and no choices
                usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
            for choice in chunk.choices or []:
                piece = choice.delta.content or choice.delta.refusal
                why = choice.finish_reason or why
                if piece:
                    said = True
                    yield piece
        if why is None:
            raise Passing("the stream broke off")
        if ending := _ending(why, said):
            yield ending
        return usage


def _ending(why: str, said: bool) -> str:
    if why == "content_filter":
        raise UserError(FILTERED)
    if why == "length" and not said:
        raise UserError(NOTHING_SAID)
    return CUT_SHORT if why == "length" else ""
