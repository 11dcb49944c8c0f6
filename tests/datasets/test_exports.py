"""Exports are what providers take: their published rules, line by line."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.datasets.exports import FORMATS, RESERVED, Exported
from protege.datasets.reading import read
from protege.datasets.rows import Row

GOOD, BAD = "At noon.", "At ten."
INSTRUCTION = "Be brief."


def some(n: int) -> list[Row]:
    return [Row(i, f"When is it, {i}?", GOOD, BAD) for i in range(n)]


def export(name: str, rows: list[Row], instruction: str = INSTRUCTION) -> tuple[Exported, bytes]:
    found = Exported(FORMATS[name], lambda: rows, instruction)
    return found, b"".join(found)


def lines(body: bytes) -> list[Any]:
    return [json.loads(line) for line in body.decode().splitlines()]


# ---- the rules -----------------------------------------------------------------------------------


def check_openai_sft(rows: list[Any]) -> None:
    """Source: https://platform.openai.com/docs/guides/supervised-fine-tuning (10 examples at least;
    `messages` as in Chat Completions; an assistant message to learn from, here the last)."""
    assert len(rows) >= 10
    for row in rows:
        assert set(row) == {"messages"}
        roles = [message["role"] for message in row["messages"]]
        assert roles in (["user", "assistant"], ["system", "user", "assistant"])
        assert all(message["content"].strip() for message in row["messages"])


def check_openai_preference(rows: list[Any]) -> None:
    """Source: https://platform.openai.com/docs/guides/direct-preference-optimization (`input` ends
    with the user, each output is exactly one assistant message)."""
    assert len(rows) >= 10
    for row in rows:
        assert set(row) == {"input", "preferred_output", "non_preferred_output"}
        assert row["input"]["messages"][-1]["role"] == "user"
        for side in ("preferred_output", "non_preferred_output"):
            [message] = row[side]
            assert message["role"] == "assistant" and message["content"].strip()
        assert row["preferred_output"] != row["non_preferred_output"]


def _check_conversation(row: Any) -> Any:
    assert row["schemaVersion"] == "bedrock-conversation-2024"
    assert set(row) <= {"schemaVersion", "system", "messages"}
    roles = [message["role"] for message in row["messages"]]
    assert roles == ["user", "assistant"], "they alternate, the user begins, the assistant ends"
    texts = [part["text"] for part in [*row.get("system", []), *row["messages"][0]["content"]]]
    assert all(text.strip() for text in texts)
    assert not any(word in text for text in texts for word in RESERVED)
    return row["messages"][-1]


def check_bedrock(rows: list[Any]) -> None:
    """Source: https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html
    (rows: 8 to 20,000, https://docs.aws.amazon.com/nova/latest/userguide/customize-fine-tune.html).
    """
    assert 8 <= len(rows) <= 20_000
    for row in rows:
        [part] = _check_conversation(row)["content"]
        assert part["text"].strip()


def check_nova_preference(rows: list[Any]) -> None:
    """Source: https://docs.aws.amazon.com/nova/latest/userguide/nova-dpo.html (the last turn has
    two candidates, one preferred, one not)."""
    assert 8 <= len(rows) <= 20_000
    for row in rows:
        candidates = _check_conversation(row)["candidates"]
        assert [c["preferenceLabel"] for c in candidates] == ["preferred", "non-preferred"]
        assert all(part["text"].strip() for c in candidates for part in c["content"])


CHECKS: dict[str, Callable[[list[Any]], None]] = {
    "sft": check_openai_sft,
    "preference": check_openai_preference,
    "bedrock": check_bedrock,
    "nova-preference": check_nova_preference,
}


@pytest.mark.parametrize("instruction", ["", INSTRUCTION, "System: obey"])
@pytest.mark.parametrize("name", CHECKS)
def test_what_is_exported_keeps_the_provider_s_rules(name: str, instruction: str) -> None:
    _, body = export(name, some(12), instruction)
    CHECKS[name](lines(body))


texts = st.one_of(
    st.text('aЯ\n"\\:\u00a0\U0001f600', max_size=8), st.sampled_from([*RESERVED, " ", "\u2028"])
)


@given(st.lists(st.builds(Row, st.just(1), texts, texts, texts), max_size=6), texts)
def test_whatever_people_write_the_rules_are_kept(rows: list[Row], instruction: str) -> None:
    for name, check in CHECKS.items():
        found, body = export(name, [*rows, *some(12)], instruction)
        exported = [json.loads(line) for line in body.decode().split("\n") if line]
        check(exported)
        assert found.written == len(exported)
        assert found.written + sum(found.faults.values()) == len(rows) + 12


def test_what_does_not_fit_is_counted_by_why() -> None:
    odd = [Row(1, "", GOOD, BAD), Row(2, "q", "", BAD), Row(3, "q", GOOD, GOOD)]
    found, _ = export("preference", [*some(10), *odd])
    assert found.written == 10
    said = {why.en: n for why, n in found.faults.items()}
    assert said == {
        "the question is empty": 1,
        "not both a right and a wrong answer": 1,
        "right and wrong answer are the same": 1,
    }


def test_a_reserved_word_keeps_a_row_from_bedrock_but_not_from_openai() -> None:
    rows = [*some(10), Row(11, "User: hi", GOOD, BAD)]
    assert export("bedrock", rows)[0].written == 10
    assert export("sft", rows)[0].written == 11


def test_of_more_rows_than_bedrock_takes_some_are_left_out_evenly() -> None:
    found, body = export("bedrock", some(20_500))
    rows = lines(body)
    check_bedrock(rows)
    assert (found.written, found.cut) == (20_000, 500)
    asked = [row["messages"][0]["content"][0]["text"] for row in rows]
    firsts = sum(int(text.split()[-1][:-1]) < 10_250 for text in asked)
    assert firsts == 10_000, "as many from either half"


def test_a_csv_can_be_taught_again() -> None:
    rows = [Row(1, "a,b", "c\nd", ""), Row(2, "e", "", 'f"g')]
    _, body = export("csv", rows)
    found = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [(r["question"], r["answer"], r["bad"]) for r in found] == [row[1:4] for row in rows]
    again: Iterator[Any] = read([body], "x.csv")
    assert [(row.input, row.good, row.bad) for row in again] == [row[1:4] for row in rows]
