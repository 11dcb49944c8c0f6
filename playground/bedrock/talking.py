"""Converse and ConverseStream: the deployment's model answers, or a base model as it is."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from playground.bedrock.catalogue import BASES
from playground.bedrock.deployments import Deployments
from playground.bedrock.errors import AwsError, wrong
from playground.bedrock.eventstream import event
from playground.bedrock.store import Store
from playground.openai.learner.embedding import Embedding
from playground.openai.learner.tuned import Tuned
from playground.openai.speech import judging, reflection
from playground.openai.speech.conversation import Turn, conversation
from playground.openai.speech.reading import reply
from playground.openai.speech.tokens import count, pieces
from playground.openai.store import Json

ALIKE = ("messages", "system", "inferenceConfig", "modelId", "requestMetadata")
"""Fields that are heeded."""


class Said(NamedTuple):
    """The answer in pieces, and what it cost."""

    pieces: list[str]
    cut: bool
    tokens_in: int

    @property
    def reason(self) -> str:
        """Why it ended."""
        return "max_tokens" if self.cut else "end_turn"

    @property
    def usage(self) -> dict[str, int]:
        """Tokens."""
        used, made = self.tokens_in, len(self.pieces)
        return {"inputTokens": used, "outputTokens": made, "totalTokens": used + made}


class Talking:
    """Answers."""

    def __init__(self, store: Store, deployments: Deployments, embed: Embedding) -> None:
        self._store, self._deployments, self._embed = store, deployments, embed

    def say(self, wish: Json) -> Said:
        """The whole answer. Raises AwsError."""
        model = self._model(wish["modelId"])
        for name in wish:
            if name not in ALIKE:
                raise wrong(f"{name} is not offered here.")
        system = "\n".join(block.get("text", "") for block in wish.get("system") or [])
        turns = tuple(_turn(message) for message in wish.get("messages") or [])
        _must_alternate(turns)
        found = pieces(self._reply(system, turns, model))
        most = (wish.get("inferenceConfig") or {}).get("maxTokens")
        kept = found if most is None else found[:most]
        used = count(system) + sum(count(turn.text) for turn in turns)
        return Said(kept, len(kept) < len(found), used)

    def _reply(self, system: str, turns: tuple[Turn, ...], model: Tuned | None) -> str:
        last = turns[-1].text
        if reflection.asks(last):
            return reflection.proposal(last)
        if judging.asks(last):
            return judging.grade(last, self._embed)
        return reply(conversation(system, turns), model, self._embed)

    def _model(self, id: str) -> Tuned | None:
        if ":custom-model-deployment/" not in id:
            if id.rsplit("/", 1)[-1] not in BASES.values():
                raise wrong("The provided model identifier is invalid.")
            return None
        deployment = self._deployments.look(id)
        if deployment["status"] != "Active":
            raise AwsError("ModelNotReadyException", "The model is not ready for inference.")
        return self._store.weights(deployment["modelArn"])


def whole(said: Said) -> Json:
    """What Converse answers."""
    message = {"role": "assistant", "content": [{"text": "".join(said.pieces)}]}
    about = {"stopReason": said.reason, "usage": said.usage, "metrics": {"latencyMs": 1}}
    return {"output": {"message": message}, **about}


def streamed(said: Said) -> Iterator[tuple[bytes, bool]]:
    """What ConverseStream answers: events, each with whether it carries a piece."""
    yield event("messageStart", {"role": "assistant"}), False
    for piece in said.pieces:
        delta = {"contentBlockIndex": 0, "delta": {"text": piece}}
        yield event("contentBlockDelta", delta), True
    yield event("contentBlockStop", {"contentBlockIndex": 0}), False
    yield event("messageStop", {"stopReason": said.reason}), False
    yield event("metadata", {"usage": said.usage, "metrics": {"latencyMs": 1}}), False


def _turn(message: Json) -> Turn:
    if unknown := [name for block in message["content"] for name in block if name != "text"]:
        raise wrong(f"Content of kind {unknown[0]} is not offered here.")
    return Turn(message["role"], "\n".join(block["text"] for block in message["content"]))


def _must_alternate(turns: tuple[Turn, ...]) -> None:
    if not turns or turns[0].role != "user" or turns[-1].role != "user":
        raise wrong("A conversation must start and end with a user message.")
    if any(a.role == b.role for a, b in pairwise(turns)):
        raise wrong("Roles must alternate between user and assistant.")
    if not all(turn.text.strip() for turn in turns):
        raise wrong("The text field in the ContentBlock object is blank.")
