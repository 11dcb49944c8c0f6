"""Training data in every shape that people bring."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.datasets.rows import Row, decode, negated, parse
from protege.errors import UserError

ROW = ("When do you open?", "At nine.")
FILES = {
    "chat": json.dumps(
        {
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": ROW[0]},
                {"role": "assistant", "content": ROW[1]},
            ]
        }
    ),
    "prompt": json.dumps({"prompt": ROW[0], "completion": ROW[1]}),
    "input": json.dumps({"input": ROW[0], "expected": ROW[1]}),
    "array": json.dumps([{"question": ROW[0], "answer": ROW[1]}]),
    "pairs": json.dumps([list(ROW)]),
    "csv": f'question,answer\n"{ROW[0]}",{ROW[1]}\n',
    "semicolons": f"Question;Answer\n{ROW[0]};{ROW[1]}\n",
    "tsv": f"text\tlabel\n{ROW[0]}\t{ROW[1]}\n",
    "arrow": f"{ROW[0]} => {ROW[1]}",
    "text": f"Q: {ROW[0]}\nA: {ROW[1]}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_row(name: str) -> None:
    parsed = parse(FILES[name])
    assert [(row.input, row.good) for row in parsed.rows] == [ROW] and not parsed.problems


def test_preference_rows_carry_both_answers() -> None:
    line = {
        "input": {"messages": [{"role": "user", "content": ROW[0]}]},
        "preferred_output": [{"role": "assistant", "content": ROW[1]}],
        "non_preferred_output": [{"role": "assistant", "content": "Never."}],
    }
    assert parse(json.dumps(line)).rows == [Row(1, *ROW, "Never.")]


def test_broken_rows_are_named_and_good_ones_kept() -> None:
    lines = ['{"input": "a", "output": "b"}', "{broken", '{"input": ""}', "7", '{"input": "c"}']
    parsed = parse("\n".join(lines))
    assert [row.input for row in parsed.rows] == ["a"]
    assert [problem.number for problem in parsed.problems] == [2, 3, 4, 5]
    assert all(problem.why.en and problem.why.ru for problem in parsed.problems)


def test_negative_data_says_what_not_to_answer() -> None:
    assert negated(parse(FILES["csv"]).rows) == [Row(1, ROW[0], "", ROW[1])]


def test_rows_to_test_with_need_no_answer() -> None:
    assert parse('{"input": "When?"}', answers=False).rows == [Row(1, "When?", "", "")]
    assert parse('["When?", "Where?"]', answers=False).rows[1].input == "Where?"


def test_answers_may_go_over_several_lines() -> None:
    [row] = parse("В: Кто вы?\nО: Я бот,\nкоторого учат.").rows
    assert row.good == "Я бот,\nкоторого учат."


def test_what_is_not_text_is_refused_by_name() -> None:
    for body in (b"\xff\xfe\x00", b"PK\x03\x04\x00"):
        with pytest.raises(UserError, match=r"pic\.png"):
            decode("pic.png", body)


@given(st.text())
def test_no_text_makes_it_crash(text: str) -> None:
    parse(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_makes_it_crash(value: object) -> None:
    parse(json.dumps(value))
    parse(json.dumps({"messages": value, "input": value}))


@pytest.mark.parametrize("deep", ["[" * 5000 + "]" * 5000, '{"input":' * 2000 + "1" + "}" * 2000])
def test_deep_json_is_a_problem_and_not_a_crash(deep: str) -> None:
    assert parse(deep).rows == []
