"""Asking a model, and scoring what it says."""

from collections.abc import Sequence

from protege.learning import Embedder
from protege.providers import ChatModel
from protege.providers.persevering import whole
from protege.training.weighing.calls import Call, Calls, Paid, key_of
from protege.training.weighing.questions import Row
from protege.training.weighing.scoring import worth


def answers(
    chat: ChatModel, calls: Calls, embedder: Embedder, rows: Sequence[Row], most: int
) -> list[Paid]:
    """The answers to the rows' prompts, with what they are worth. `most`: see `Calls.ask`.

    Raises `calls.Interrupted`.
    """
    keys = [key_of("answer", row.prompt.model or chat.model, repr(row.prompt)) for row in rows]
    wanted = {k: _call(chat, embedder, row) for k, row in zip(keys, rows, strict=True)}
    paid = calls.ask(wanted, most)
    return [paid[key] for key in keys]


def _call(chat: ChatModel, embedder: Embedder, row: Row) -> Call:
    return Call(
        row.prompt.model or chat.model,
        lambda: whole(chat.answer(row.prompt)),
        lambda said: worth(row, said, embedder),
    )
