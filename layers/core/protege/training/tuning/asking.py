"""Asking the model under an instruction, and asking for another instruction; paid for once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from protege.learning import Embedder
from protege.providers import ChatModel
from protege.training.tuning import LONGEST, reflection
from protege.training.weighing.answering import answers
from protege.training.weighing.calls import Call, Calls, Paid, key_of
from protege.training.weighing.questions import Row


class Asking:
    """`model`: who proposes; empty: who answers. `most`: calls there may be in all.

    Every method raises `calls.Interrupted`.
    """

    def __init__(
        self, chat: ChatModel, model: str, calls: Calls, embedder: Embedder, most: int
    ) -> None:
        self._chat = chat
        self._model = model
        self._calls = calls
        self._embedder = embedder
        self._most = most
        self._again: Counter[str] = Counter()

    def answers(self, instruction: str, rows: Sequence[Row]) -> list[Paid]:
        """The model's answers under an instruction, with what they are worth."""
        told = [
            row._replace(prompt=row.prompt._replace(instruction=instruction[:LONGEST]))
            for row in rows
        ]
        return answers(self._chat, self._calls, self._embedder, told, self._most)

    def proposal(self, instruction: str, records: Sequence[Mapping[str, Any]]) -> str:
        """Another instruction; asked for again with the same records, another one still."""
        text = reflection.rendered(instruction, records)
        self._again[text] += 1
        key = key_of("propose", text, str(self._again[text]))
        said = self._calls.ask({key: self._proposal(text)}, self._most)[key].text
        return reflection.proposed(said, instruction)

    def _proposal(self, text: str) -> Call:
        return Call(
            self._model or self._chat.model,
            lambda: self._chat.complete(reflection.RULES, text, model=self._model),
            lambda said: 0.0,
        )
