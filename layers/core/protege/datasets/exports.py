"""Rows as files that providers train on: what fits is written, what does not is counted and said.

The rules are the providers' own; each format names where they stand.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from protege.datasets.rows import Row
from protege.datasets.writing import cells
from protege.text import Text

SCHEMA = "bedrock-conversation-2024"
RESERVED = ("User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]")
"""A training of Nova fails where a prompt has one of these. Source: fine-tune-prepare-data-
understanding, see `FORMATS`."""
EMPTY = Text("the question is empty", "пустой вопрос")
NO_ANSWER = Text("no right answer", "нет верного ответа")
NO_PAIR = Text("not both a right and a wrong answer", "нет одного из двух ответов")
SAME = Text("right and wrong answer are the same", "верный и неверный ответ совпадают")
KEYWORD = Text(
    "a word that the provider reserves, like “User:”", "слово, занятое провайдером, вроде «User:»"
)
Rows = Callable[[], Iterable[Row]]


class Format(NamedTuple):
    """A kind of file. `fault`: why a row does not fit, or None; `line`: a row that does, with the
    instruction that the model is to follow (may be empty)."""

    ending: str
    about: Text
    fault: Callable[[Row], Text | None]
    line: Callable[[Row, str], bytes]
    least: int = 1
    most: int = 10**9
    most_bytes: int = 1 << 40
    head: bytes = b""


class Exported:
    """One export, written as it is iterated; afterwards the figures say what became of it."""

    def __init__(self, format: Format, rows: Rows, instruction: str = "") -> None:
        self._format = format
        self._rows = rows
        self._instruction = instruction
        self.written = self.cut = 0
        self.faults: dict[Text, int] = {}
        """How many rows did not fit, by why."""

    def __iter__(self) -> Iterator[bytes]:
        """The file, a line at a time. Of too many rows some are left out all along the way."""
        fits = sum(1 for row in self._rows() if self._format.fault(row) is None)
        self.cut = max(0, fits - self._format.most)
        yield self._format.head
        place = 0
        for row in self._rows():
            fault = self._format.fault(row)
            if fault:
                self.faults[fault] = self.faults.get(fault, 0) + 1
                continue
            place += 1
            kept = fits - self.cut
            if place * kept // fits > (place - 1) * kept // fits:
                self.written += 1
                yield self._format.line(row, self._instruction)


def _fault(row: Row) -> Text | None:
    if not row.input.strip():
        return EMPTY
    return None if row.good.strip() else NO_ANSWER


def _pair_fault(row: Row) -> Text | None:
    if not row.input.strip():
        return EMPTY
    if not (row.good.strip() and row.bad.strip()):
        return NO_PAIR
    return SAME if row.good.strip() == row.bad.strip() else None


def _reserved(fault: Callable[[Row], Text | None]) -> Callable[[Row], Text | None]:
    return lambda row: (
        fault(row) or (KEYWORD if _has_keyword(row.input, row.good, row.bad) else None)
    )


def _has_keyword(*texts: str) -> bool:
    return any(word in text for text in texts for word in RESERVED)


def _chat(row: Row, instruction: str) -> bytes:
    return _line({"messages": [*_asked(row, instruction), _said(row.good)]})


def _preference(row: Row, instruction: str) -> bytes:
    return _line(
        {
            "input": {"messages": _asked(row, instruction)},
            "preferred_output": [_said(row.good)],
            "non_preferred_output": [_said(row.bad)],
        }
    )


def _asked(row: Row, instruction: str) -> list[dict[str, str]]:
    system = [{"role": "system", "content": instruction}] if instruction.strip() else []
    return [*system, {"role": "user", "content": row.input}]


def _said(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _bedrock(row: Row, instruction: str) -> bytes:
    answer = {"role": "assistant", "content": [{"text": row.good}]}
    return _conversation(row, instruction, answer)


def _nova_preference(row: Row, instruction: str) -> bytes:
    candidates = [
        {"content": [{"text": row.good}], "preferenceLabel": "preferred"},
        {"content": [{"text": row.bad}], "preferenceLabel": "non-preferred"},
    ]
    return _conversation(row, instruction, {"role": "assistant", "candidates": candidates})


def _conversation(row: Row, instruction: str, answer: dict[str, Any]) -> bytes:
    """An instruction with a reserved word would spoil every row: then it is left out."""
    fits = instruction.strip() and not _has_keyword(instruction)
    system = {"system": [{"text": instruction}]} if fits else {}
    asked = {"role": "user", "content": [{"text": row.input}]}
    return _line({"schemaVersion": SCHEMA, **system, "messages": [asked, answer]})


def _csv(row: Row, instruction: str) -> bytes:
    return cells(row.input, row.good, row.bad).encode()


def _line(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


OPENAI_BYTES = 512 << 20
FORMATS: dict[str, Format] = {
    "sft": Format(
        "jsonl", Text("OpenAI chat (SFT)", "OpenAI, диалоги (SFT)"), _fault, _chat,
        least=10, most_bytes=OPENAI_BYTES,
    ),
    "preference": Format(
        "jsonl", Text("OpenAI preferences (DPO)", "OpenAI, предпочтения (DPO)"), _pair_fault,
        _preference, least=10, most_bytes=OPENAI_BYTES,
    ),
    "bedrock": Format(
        "jsonl", Text("Bedrock conversations (SFT)", "Bedrock, диалоги (SFT)"), _reserved(_fault),
        _bedrock, least=8, most=20_000,
    ),
    "nova-preference": Format(
        "jsonl", Text("Amazon Nova preferences (DPO)", "Amazon Nova, предпочтения (DPO)"),
        _reserved(_pair_fault), _nova_preference, least=8, most=20_000,
    ),
    "csv": Format(
        "csv", Text("CSV: all rows", "CSV: все строки"), lambda row: None, _csv,
        head=cells("question", "answer", "bad").encode("utf-8-sig"),
    ),
}  # fmt: skip
"""By name. Sources: at least 10 examples, https://platform.openai.com/docs/guides/supervised-fine-tuning;
pairs, https://platform.openai.com/docs/guides/direct-preference-optimization; 512 MB a file,
https://platform.openai.com/docs/api-reference/files/create; 8 to 20,000 rows, roles and reserved
words, https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html;
candidates, https://docs.aws.amazon.com/nova/latest/userguide/nova-dpo.html.
"""
