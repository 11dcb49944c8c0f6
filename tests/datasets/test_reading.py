"""Training data in every shape that people bring."""

import codecs
import json
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from protege.datasets.reading import DEFAULT, Limits, decode, read
from protege.datasets.rows import Problem, Row, negated
from protege.errors import UserError

ROW = ("When do you open?", "At nine.")
RUSSIAN = ("Когда вы открываетесь?", "В девять утра.")
SAMPLES = Path(__file__).parent / "samples"
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
    "sharegpt": json.dumps(
        {"conversations": [{"from": "human", "value": ROW[0]}, {"from": "gpt", "value": ROW[1]}]}
    ),
    "prompt": json.dumps({"prompt": ROW[0], "completion": ROW[1]}),
    "input": json.dumps({"input": ROW[0], "expected": ROW[1]}),
    "russian names": json.dumps({"Вопрос": ROW[0], "Ответ": ROW[1]}),
    "array": json.dumps([{"question": ROW[0], "answer": ROW[1]}]),
    "pretty array": json.dumps([{"question": ROW[0], "answer": ROW[1]}], indent=2),
    "pretty object": json.dumps({"question": ROW[0], "answer": ROW[1]}, indent=2),
    "data": json.dumps({"about": {"by": "us"}, "data": [{"q": ROW[0], "a": ROW[1]}]}),
    "rows": json.dumps({"rows": [{"q": ROW[0], "a": ROW[1]}]}, indent=1),
    "pairs": json.dumps([list(ROW)]),
    "commas after lines": json.dumps({"q": ROW[0], "a": ROW[1]}) + ",\n",
    "csv": f'question,answer\n"{ROW[0]}",{ROW[1]}\n',
    "semicolons": f"Question;Answer\n{ROW[0]};{ROW[1]}\n",
    "pipes": f"Question|Answer\n{ROW[0]}|{ROW[1]}\n",
    "tsv": f"text\tlabel\n{ROW[0]}\t{ROW[1]}\n",
    "excel": f"sep=;\r\nВопрос;Ответ\r\n{ROW[0]};{ROW[1]}\r\n;;\r\n",
    "other columns": f"id,Customer question,Our answer,tag\n7,{ROW[0]},{ROW[1]},x\n",
    "markdown table": f"| Вопрос | Ответ |\n|---|:--|\n| {ROW[0]} | {ROW[1]} |\n",
    "arrow": f"{ROW[0]} => {ROW[1]}",
    "tab": f"{ROW[0]}\t{ROW[1]}",
    "text": f"Q: {ROW[0]}\nA: {ROW[1]}\n",
    "numbered": f"Question 1. {ROW[0]}\nAnswer 1. {ROW[1]}\n",
    "russian text": f"В: {ROW[0]}\nО: {ROW[1]}\n",
    "bold marks": f"**Q:** {ROW[0]}\n\n**A:** {ROW[1]}\n",
    "bold letters": f"**Q** {ROW[0]}\n**A** {ROW[1]}\n",
    "bold questions": f"**{ROW[0]}**\n{ROW[1]}\n",
    "headings": f"# FAQ\n\n## {ROW[0]}\n\n{ROW[1]}\n",
    "list": f"- {ROW[0]}: {ROW[1]}\n",
}


def all_of(body: bytes | str, *, answers: bool = True, limits: Limits = DEFAULT) -> list[object]:
    """Rows as (question, answer, what not to say), problems as (number, why)."""
    raw = body.encode() if isinstance(body, str) else body
    found = read([raw], "data", answers=answers, limits=limits)
    return [tuple(i[1:4]) if isinstance(i, Row) else (i.number, i.why.en) for i in found]


def rows_of(body: bytes | str, *, answers: bool = True) -> list[Row]:
    raw = body.encode() if isinstance(body, str) else body
    return [item for item in read([raw], "data", answers=answers) if isinstance(item, Row)]


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_row(name: str) -> None:
    assert all_of(FILES[name]) == [(*ROW, "")]


@pytest.mark.parametrize("name", FILES)
def test_every_format_may_arrive_a_byte_at_a_time(name: str) -> None:
    body = FILES[name].encode("utf-8-sig")
    found = list(read((body[at : at + 1] for at in range(len(body))), "data"))
    assert [tuple(item[1:3]) for item in found] == [ROW]


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
        *("cp1251", "koi8-r", "cp866"),
    ],
)
@pytest.mark.parametrize("name", ["text", "csv", "arrow", "jsonl"])
def test_russian_comes_out_right_in_every_encoding(encoding: str, name: str) -> None:
    bodies = {
        "text": f"Вопрос: {RUSSIAN[0]}\r\nОтвет: {RUSSIAN[1]}\r\n",
        "csv": f'вопрос;ответ\n"{RUSSIAN[0]}";{RUSSIAN[1]}\n',
        "arrow": f"{RUSSIAN[0]} => {RUSSIAN[1]}",
        "jsonl": json.dumps({"input": RUSSIAN[0], "output": RUSSIAN[1]}, ensure_ascii=False),
    }
    assert all_of(bodies[name].encode(encoding)) == [(*RUSSIAN, "")]


def test_a_code_page_is_seen_also_where_russian_begins_late() -> None:
    body = "When? => Now.\n" * 20_000 + f"{RUSSIAN[0]} => {RUSSIAN[1]}\n"
    *_, last = rows_of(body.encode("cp1251"))
    assert (last.input, last.good) == RUSSIAN


@pytest.mark.parametrize("text", ["Où est le café? => Là-bas, à côté.", "Öffnet ihr früh? => Ja."])
def test_western_letters_are_not_taken_for_russian(text: str) -> None:
    [row] = rows_of(text.encode("cp1252"))
    assert f"{row.input} => {row.good}" == text


def test_a_damaged_letter_spoils_its_row_and_no_other() -> None:
    lines = [f"{question} => Да, конечно." for question in ("Можно?", "Нужно?", "Важно?")]
    body = "\n".join(lines).encode()
    broken = body.replace("Нужно".encode(), "Нужно".encode()[:-1])
    assert all_of(broken) == [
        ("Можно?", "Да, конечно.", ""),
        (2, "some letters are damaged: save the file as UTF-8"),
        ("Важно?", "Да, конечно.", ""),
    ]


def test_preference_rows_carry_both_answers() -> None:
    asked = [{"role": "user", "content": ROW[0]}]
    good, bad = ([{"role": "assistant", "content": text}] for text in (ROW[1], "Never."))
    lines = [
        {"input": {"messages": asked}, "preferred_output": good, "non_preferred_output": bad},
        {"input": ROW[0], "preferred_output": ROW[1], "non_preferred_output": "Never."},
        {"prompt": ROW[0], "chosen": ROW[1], "rejected": "Never."},
        {"prompt": asked, "chosen": [*asked, *good], "rejected": [*asked, *bad]},
    ]
    assert all_of("\n".join(map(json.dumps, lines))) == [(*ROW, "Never.")] * 4


def test_of_several_turns_the_last_answered_question_is_taken() -> None:
    turns = [
        {"role": "user", "content": "Hi!"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": [{"type": "text", "text": ROW[0]}]},
        {"role": "assistant", "content": ROW[1]},
        {"role": "user", "content": "Thanks"},
    ]
    body = json.dumps({"messages": turns})
    assert all_of(body) == [(*ROW, "")]
    assert all_of(body, answers=False) == [("Thanks", "", "")]
    unweighted = [*turns, {"role": "assistant", "content": "Not this.", "weight": 0}]
    assert all_of(json.dumps({"messages": unweighted})) == [(*ROW, "")]


def test_an_instruction_stands_before_its_input() -> None:
    body = json.dumps({"instruction": "Translate.", "input": "cat", "output": "кот"})
    assert all_of(body) == [("Translate.\ncat", "кот", "")]
    body = json.dumps({"instruction": ROW[0], "input": "", "output": ROW[1]})
    assert all_of(body) == [(*ROW, "")]


def test_broken_rows_are_named_with_their_text_and_good_ones_kept() -> None:
    lines = ['{"input": "a", "output": "b"}', "{broken", '{"input": ""}', "7", '{"input": "c"}']
    found = list(read(["\n".join(lines).encode()], "rows.jsonl"))
    assert [item.number for item in found] == [1, 2, 3, 4, 5]
    assert [item.input for item in found if isinstance(item, Row)] == ["a"]
    problems = [item for item in found if isinstance(item, Problem)]
    assert [problem.raw for problem in problems] == lines[1:]
    assert all(problem.why.en and problem.why.ru for problem in problems)
    assert {item.file for item in found} == {"rows.jsonl"}


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_a_broken_element_of_an_array_costs_no_other(indent: int | None) -> None:
    rows = [{"q": f"question {n}", "a": "yes"} for n in range(5)]
    for envelope in ("{}", '{{"about": 1, "data": {}, "by": "us"}}'):
        body = envelope.format(json.dumps(rows, indent=indent)).replace(
            '"question 2"', '"question 2'
        )
        found = all_of(body)
        assert (3, "not JSON") in found and len(found) == 5
        assert [row.input[-1] for row in rows_of(body)] == ["0", "1", "3", "4"]


def test_a_quote_that_is_not_closed_costs_only_its_own_row() -> None:
    body = 'q;a\n"broken;x\nq2;a2\n"q3";a3\n"He said "hi" to me";ok\nq5;"open'
    assert all_of(body) == [
        (1, "a quote in the table is not closed"),
        ("q2", "a2", ""),
        ("q3", "a3", ""),
        ('He said "hi" to me', "ok", ""),
        (5, "a quote in the table is not closed"),
    ]


def test_ragged_rows_are_problems_with_their_numbers() -> None:
    body = "question,answer,tag\na,b,c\nalone\nd,e\nf,g,h,i\n,,\nj,k,l,,\n"
    found = all_of(body)
    assert found[0] == ("a", "b", "") and found[2] == ("d", "e", "") and found[4] == ("j", "k", "")
    assert found[1][0] == 2 and "1 cells where 3 belong" in found[1][1]  # type: ignore[index]
    assert found[3][0] == 4 and "4 cells where 3 belong" in found[3][1]  # type: ignore[index]


def test_two_columns_without_names_are_question_and_answer() -> None:
    for separator in (";", "|", ",", "\t"):
        body = f'"When, or where?"{separator}Here\nWho?{separator}"Me; or ""you"""\n'
        assert all_of(body) == [("When, or where?", "Here", ""), ("Who?", 'Me; or "you"', "")]


def test_columns_that_nothing_tells_apart_are_explained() -> None:
    why = "no telling which column is which: name them question and answer in the first line"
    assert all_of("1;x;y;z\n2;x;y;z\n") == [(1, why), (2, why)]


def test_lines_with_commas_are_not_taken_for_a_table() -> None:
    questions = "Hi, are you open?\nSay, do you ship?\n"
    assert [row.input for row in rows_of(questions, answers=False)] == questions.splitlines()


def test_answers_may_go_over_several_lines() -> None:
    [row] = rows_of("В: Кто вы?\nО: Я бот,\n\nкоторого учат.\n- и учат\n")
    assert row.good == "Я бот,\n\nкоторого учат.\n- и учат"
    [row] = rows_of('вопрос;ответ\r\n"Кто\nвы?";"Я бот,\nкоторого ""учат""."\r\n')
    assert (row.input, row.good) == ("Кто\nвы?", 'Я бот,\nкоторого "учат".')


def test_code_in_an_answer_is_no_heading() -> None:
    [row] = rows_of("## How to install?\n```\n# as root\npip install it\nQ: none\n```\n")
    assert row.good == "```\n# as root\npip install it\nQ: none\n```"


def test_headings_stand_above_pairs_or_sections() -> None:
    assert all_of("# Wi-Fi\nName? => Guest\nCode? => 42\n") == [
        ("Name?", "Guest", ""),
        ("Code?", "42", ""),
    ]
    assert all_of("# Shop\n## Open?\nYes.\n## Closed?\nNo.\n") == [
        ("Open?", "Yes.", ""),
        ("Closed?", "No.", ""),
    ]


def test_negative_data_says_what_not_to_answer() -> None:
    [row] = negated(rows_of(FILES["csv"]))
    assert row[:4] == (1, ROW[0], "", ROW[1])


def test_rows_to_test_with_need_no_answer() -> None:
    assert all_of('{"input": "When?"}', answers=False) == [("When?", "", "")]
    assert all_of('["When?", "Where?"]', answers=False) == [("When?", "", ""), ("Where?", "", "")]
    assert all_of("When?\nWhere?", answers=False) == [("When?", "", ""), ("Where?", "", "")]


def test_numbers_and_truths_are_answers_too() -> None:
    body = '{"text": "spam?", "label": 0}\n{"text": "ham?", "label": false}'
    assert all_of(body) == [("spam?", "0", ""), ("ham?", "false", "")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "office document"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "recording"),
        (bytes(range(256)) * 20, "binary data"),
        (codecs.BOM_UTF8 + b"\0" * 50, "binary data"),
    ],
)
def test_what_is_not_text_is_refused_by_name(body: bytes, kind: str) -> None:
    with pytest.raises(UserError, match=rf"“a\.txt” is not text but .*{kind}") as caught:
        list(read([body], "a.txt"))
    assert "JSONL" in caught.value.to("en") and "не текст" in caught.value.to("ru")
    with pytest.raises(UserError):
        decode("a.txt", body)


@pytest.mark.parametrize("body", ["", " \n\n", "\ufeff", "[]", '{"data": []}', "question;answer\n"])
def test_an_empty_file_is_one_problem(body: str) -> None:
    assert all_of(body) == [(0, "there is nothing in the file")]


def test_prose_gives_problems_and_no_exception() -> None:
    found = all_of("It was a dark and stormy night.\nThe rain fell.\n")
    assert found == [(1, "no answer in it"), (2, "no answer in it")]


def test_a_document_is_read_in_its_encoding() -> None:
    assert decode("a.txt", "Привет, мир! Как дела?".encode("cp1251")) == "Привет, мир! Как дела?"
    assert decode("a.txt", "Привет".encode("utf-16")) == "Привет"


@pytest.mark.parametrize("name", ["messy.csv", "cp1251.csv", "utf16.tsv", "ragged.csv", "faq.md"])
def test_files_as_people_have_them(name: str) -> None:
    expected = json.loads((SAMPLES / f"{name}.json").read_text())
    found = list(read([(SAMPLES / name).read_bytes()], name))
    rows = [[item.input, item.good] for item in found if isinstance(item, Row)]
    assert rows == expected["rows"]
    assert [item.number for item in found if isinstance(item, Problem)] == expected["problems"]


# ---- bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("deep", ["[" * 5000 + "]" * 5000, '{"input":' * 2000 + "1" + "}" * 2000])
def test_deep_json_is_a_problem_and_not_a_crash(deep: str) -> None:
    assert rows_of(deep) == []
    assert rows_of(f'{deep}\n{{"q": "a", "a": "b"}}')[-1:] != []


@pytest.mark.parametrize("start", ['{"q": "', "q;a\n", 'q;a\n"', "Q: ", "", '[{"q": "', "# "])
def test_a_line_without_end_is_a_problem_and_what_follows_is_read(start: str) -> None:
    limits = Limits(line=5000, raw=100)
    good = '{"q": "What?", "a": "This."}' if start.startswith(("{", "[")) else "What?;This."
    good = "What? => This." if start in ("Q: ", "", "# ") else good
    body = f"{start}{'x' * 20_000}\n{good}\n"
    found = list(read([body.encode()], "f", limits=limits))
    assert isinstance(found[0], Problem) and len(found[0].raw) <= 100
    assert "longer than" in found[0].why.en
    assert [item.input for item in found if isinstance(item, Row)] == ["What?"]


def test_endless_data_are_read_only_as_far_as_asked() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b'{"q": "What?", "a": "This."}\n' * 1000

    assert len(list(islice(read(endless(), "f"), 5000))) == 5000
    assert taken < 20
    assert len(list(read(endless(), "f", limits=Limits(rows=7000)))) == 7001


def test_more_rows_than_the_bound_are_named() -> None:
    body = "a => b\n" * 12
    *rows, last = read([body.encode()], "f", limits=Limits(rows=10))
    assert len(rows) == 10 and isinstance(last, Problem) and "more than 10" in last.why.en


@pytest.mark.parametrize("kind", ["lines", "array", "table", "prose"])
def test_memory_stays_flat_however_long_the_file(kind: str) -> None:
    def chunks() -> Iterator[bytes]:
        first, row = {
            "lines": (b"", b'{"q": "What is it?", "a": "%s"}\n' % (b"x" * 500)),
            "array": (b"[", b'{"q": "What is it?", "a": "%s"},\n' % (b"x" * 500)),
            "table": (b"q;a\n", b'"What is it?";"%s"\n' % (b"x" * 500)),
            "prose": (b"", b"Q: What is it?\nA: %s\n\n" % (b"x" * 500)),
        }[kind]
        yield first
        for _ in range(40):
            yield row * 1000

    tracemalloc.start()
    count = sum(isinstance(item, Row) for item in read(chunks(), "f"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 40_000 and peak < 12 << 20
