"""Rows that were set aside: mended in the table and handed in again, they are good rows."""

import csv
import io
import json

import pytest

from protege.datasets.reading import read
from protege.datasets.report import Rejects, set_aside
from protege.datasets.rows import Problem, Row
from protege.text import Text

WHY = Text("not right", "неверно")
Cells = dict[str, str]


def problems(body: bytes, name: str = "faq") -> list[Problem]:
    return [found for found in read([body], name) if isinstance(found, Problem)]


def table(body: bytes) -> list[Cells]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def saved(cells: list[Cells], encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """The table as a spreadsheet writes it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(cells[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue().encode(encoding, "replace")


BROKEN = {
    "no answer": (
        '{"prompt": "Where, “here”?"}\n{"prompt": "a", "completion": "b"}',
        lambda row: row.update(answer='Here;\nand there, "too"'),
        ("Where, “here”?", 'Here;\nand there, "too"'),
    ),
    "not JSON": (
        '{"prompt": "When?", "completion": "At \\"nine\\"."\n{"prompt": "a", "completion": "b"}',
        lambda row: None,
        ("When?", 'At "nine".'),
    ),
    "too long": (
        json.dumps({"input": "When?", "output": "word " * 2000}),
        lambda row: row.update(answer=row["answer"][:100]),
        ("When?", ("word " * 20).strip()),
    ),
    "cells missing": (
        "id,question,answer\n1,When?,Now.\n2,Where?\n",
        lambda row: row.update(question="Where?", answer="Here."),
        ("Where?", "Here."),
    ),
    "formula": (
        '{"question": "=cmd()"}\n{"prompt": "a", "completion": "b"}',
        lambda row: row.update(answer="+7 and so on"),
        ("=cmd()", "+7 and so on"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ","), ("utf-16", "\t")])
def test_mended_rows_are_read_again(name: str, encoding: str, separator: str) -> None:
    text, mend, mended = BROKEN[name]
    [row] = table(set_aside(problems(text.encode()), "en"))
    mend(row)
    [again] = read([saved([row], encoding, separator)], "rejected_rows.csv")
    assert isinstance(again, Row) and (again.input, again.good, again.bad) == (*mended, "")


def test_a_russian_table_is_read_again_as_russian_excel_saves_it() -> None:
    text = '{"вопрос": "Где ключ?"}\n{"question": "Когда?", "answer": '
    rows = table(set_aside(problems(text.encode()), "ru"))
    assert [row["вопрос"] for row in rows] == ["Где ключ?", "Когда?"]
    assert [row["что не так"] for row in rows] == ["нет ответа", "не JSON"]
    for row, answer in zip(rows, ("На полке.", "В девять."), strict=True):
        row["ответ"] = answer
    again = list(read([saved(rows, "cp1251", ";")], "rejected_rows.csv"))
    assert [(row.input, row.good) for row in again if isinstance(row, Row)] == [
        ("Где ключ?", "На полке."),
        ("Когда?", "В девять."),
    ]


def test_rows_that_nobody_mended_are_set_aside_again() -> None:
    text = '{"prompt": "Where?"}\n{"prompt": ""}\n{broken\n[1]\n"a"'
    first = problems(text.encode())
    assert len(first) == 5
    assert len(problems(set_aside(first, "en"))) == 5


def test_preference_rows_and_talks_keep_what_they_hold() -> None:
    pair = {
        "input": {"messages": [{"role": "user", "content": ""}]},
        "preferred_output": [{"role": "assistant", "content": "Now."}],
        "non_preferred_output": [{"role": "assistant", "content": "Never."}],
    }
    talk = {"messages": [{"role": "user", "content": "Where?"}]}
    raw = [json.dumps(pair), json.dumps(talk)]
    found = table(set_aside([Problem(n, WHY, "x.jsonl", r) for n, r in enumerate(raw, 1)], "en"))
    assert [(row["question"], row["answer"], row["wrong"]) for row in found] == [
        ("", "Now.", "Never."),
        ("Where?", "", ""),
    ]
    assert [(row["row"], row["file"], row["problem"]) for row in found] == [
        ("1", "x.jsonl", "not right"),
        ("2", "x.jsonl", "not right"),
    ]
    assert [row["original"] for row in found] == raw


def test_the_table_is_bounded_and_counts_what_it_leaves_out() -> None:
    rejects = Rejects("en", most_bytes=1000)
    for number in range(100):
        rejects.see(Problem(number, WHY, "", "x" * 50))
    assert len(rejects.body()) < 1200
    assert rejects.kept + rejects.left_out == 100 and rejects.kept >= 8


def test_without_text_to_mend_there_is_no_table() -> None:
    assert set_aside([], "en") == b""
    assert set_aside([Problem(0, WHY, "a.zip", " ")], "en") == b""


def test_no_cell_is_a_formula_to_a_spreadsheet() -> None:
    for start in ("=", "+", "-", "@", "\t"):
        body = set_aside([Problem(1, WHY, f"{start}f", f"{start}cmd()")], "en")
        assert not any(cell.startswith(start) for cell in table(body)[0].values())


def test_secrets_are_masked_because_others_may_see_the_table() -> None:
    body = set_aside([Problem(1, WHY, "", '{"q": "password=hunter2", "x": "a@gmail.com"')], "en")
    assert b"hunter2" not in body and b"a@gmail.com" in body
