"""What a trainer is told about their data, counted row by row."""

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from protege.datasets.reading.words import NO_ANSWER, NOT_JSON, TOO_LONG, filled
from protege.datasets.report import (
    Finding,
    Inspector,
    Lengths,
    Place,
    Price,
    Report,
    estimates,
    picture,
    words,
)
from protege.datasets.report.methods import PRICES
from protege.datasets.rows import Problem, Row
from protege.text import Text

Item = Row | Problem


def inspected(items: Iterable[Item]) -> Report:
    inspector = Inspector()
    for item in items:
        inspector.see(item)
    return inspector.report()


def rows(*pairs: tuple[str, str] | tuple[str, str, str]) -> list[Item]:
    return [Row(n, pair[0], pair[1], (*pair, "")[2]) for n, pair in enumerate(pairs, 1)]


def kinds(*pairs: tuple[str, str] | tuple[str, str, str]) -> list[str]:
    return [finding.kind for finding in inspected(rows(*pairs)).findings]


def only(report: Report) -> Finding:
    [finding] = report.findings
    return finding


# ---- rejected rows -------------------------------------------------------------------------------


def test_rejected_rows_are_counted_by_reason_with_the_first_rows_and_what_to_do() -> None:
    problems: list[Item] = [Problem(n, NOT_JSON) for n in range(1, 8)]
    report = inspected([*problems, Problem(9, NO_ANSWER), Row(10, "When?", "Now.", "")])
    assert (report.rows, report.good, report.rejected) == (9, 1, 8)
    assert [(f.what, f.times) for f in report.findings] == [(NOT_JSON, 7), (NO_ANSWER, 1)]
    english, russian = words(report, "en-US"), words(report, "ru")
    assert "rows 1, 2, 3, 4, 5 … (7 in all): not JSON\n> Check its quotes" in english
    assert "row 9: no answer in it\n> Write the answer." in english
    assert "строки 1, 2, 3, 4, 5 … (всего 7): не JSON\n> Проверьте кавычки" in russian


def test_advice_fits_reasons_with_numbers_in_them() -> None:
    report = inspected([Problem(3, filled(TOO_LONG, limit=4000))])
    assert "row 3: longer than 4000 characters\n> Shorten it" in words(report, "en")


def test_files_are_named_only_where_there_are_several() -> None:
    one: list[Item] = [Problem(2, NOT_JSON, "a.jsonl"), Row(1, "When?", "Now.", "", "a.jsonl")]
    assert "row 2: not JSON" in words(inspected(one), "en")
    two = [*one, Row(1, "Where?", "Here.", "", "b_1.jsonl"), Problem(0, NOT_JSON, "b_1.jsonl")]
    assert "2 (a.jsonl), the whole file (b\\_1.jsonl): not JSON" in words(inspected(two), "en")


def test_however_many_reasons_there_are_they_are_bounded() -> None:
    many = [Problem(n, Text(f"reason {n}", f"причина {n}")) for n in range(500)]
    report = inspected(many)
    assert len(report.findings) <= 51 and sum(f.times for f in report.findings) == 500


# ---- repeats and contradictions ------------------------------------------------------------------


def test_exact_repeats_are_those_that_training_would_drop() -> None:
    report = inspected(rows(("When?", "Now."), ("Where?", "Here."), (" when ", "NOW")))
    assert only(report) == Finding(
        "duplicate", only(report).what, 1, (Place(3, "", 1, "", "When?"),)
    )


def test_the_same_question_with_another_answer_contradicts() -> None:
    assert kinds(("When?", "Now."), ("when", "Later.")) == ["contradiction"]
    assert kinds(("When?", "Now."), ("Where?", "Later.")) == []


def test_an_answer_cannot_be_both_right_and_wrong() -> None:
    assert kinds(("When?", "Now."), ("When?", "", "now")) == ["contradiction"]
    assert kinds(("When?", "", "now"), ("When?", "Now.")) == ["contradiction"]
    assert kinds(("When?", "Now.", "Now.")) == ["contradiction"]
    assert kinds(("When?", "Now."), ("When?", "", "Never.")) == []


NEAR = [
    ("How do I reset my password?", "How do I reset my pasword?"),
    ("Сколько стоит доставка в Казань?", "Сколько стоит доставка в Казани?"),
    ("Where can I find all of my invoices", "where can I  find all my invoices??"),
]
FAR = [
    ("How do I reset my password?", "How do I cancel my subscription?"),
    ("Do you ship to Norway?", "Do you ship to Sweden?"),
    ("How much does plan 12 cost per month?", "How much does plan 13 cost per month?"),
    ("a" * 200 + " one two three four five six", "a" * 200 + " nobody knows what comes after it"),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_questions_that_are_almost_the_same_are_shown_in_pairs(one: str, other: str) -> None:
    report = inspected(rows((one, "A."), ("Something else altogether", "B."), (other, "C.")))
    finding = only(report)
    assert finding.kind == "near" and (finding.places[0].row, finding.places[0].other) == (3, 1)
    assert one[:20] in finding.places[0].sample


@pytest.mark.parametrize(("one", "other"), FAR)
def test_other_questions_are_no_near_repeats(one: str, other: str) -> None:
    assert kinds((one, "A."), (other, "B.")) == []


def test_near_repeats_are_found_far_apart() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices("абвгдеabcdefgh ", k=40)) for _ in range(6000)]
    pairs = [(text, "A.") for text in [*texts, *(text + "!x" for text in texts[:50])]]
    [near] = inspected(rows(*pairs)).findings
    assert near.kind == "near" and near.times >= 48, "of 50, by chance a few may be missed"


# ---- answers -------------------------------------------------------------------------------------


def test_answers_that_say_nothing_are_pointed_out() -> None:
    for nothing in ("n/a", "N/A.", "TODO", "---", "…", "null"):
        assert kinds(("When?", nothing)) == ["placeholder"], nothing
    for something in ("No", "нет", "7", "👍", "None of them", ":)"):
        assert kinds(("When?", something)) == [], something


def test_long_answers_and_questions_are_pointed_out() -> None:
    assert kinds(("When?", "word " * 401)) == ["long_answer"]
    assert kinds(("word " * 201, "Now.")) == ["long_question"]
    assert kinds(("word " * 199, "word " * 399)) == []


# ---- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I reset my password?", "en"),
        ("Reset password", "en"),
        ("The “naïve” café is open", "en"),
        ("Как сменить пароль?", "ru"),
        ("Как настроить webhook в Discord на сервере?", "ru"),
        ("Де знайти мої рахунки?", "other"),
        ("Wo ist die Rechnung und wie bezahle ich?", "other"),
        ("¿Dónde está la biblioteca?", "other"),
        ("请问怎么重置密码", "other"),
        ("12345", "other"),
    ],
)
def test_the_language_of_a_row_is_told_without_a_library(text: str, language: str) -> None:
    assert inspected(rows((text, text))).languages[language] == 1


def test_lengths_are_counted_in_groups() -> None:
    report = inspected(rows(("a" * 10, "b" * 11), ("c" * 30, "d" * 2600)))
    assert report.questions == Lengths((1, 0, 1, 0, 0, 0, 0, 0, 0, 0), 30, 40)
    assert report.answers == Lengths((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), 2600, 2611)
    assert (report.questions.average, Lengths().average) == (20, 0)


def test_tokens_are_estimated_within_a_fifth() -> None:
    """Counted with OpenAI's o200k_base: 544 and 161 tokens in texts of such kinds."""
    english = "We deliver orders everywhere in the country by courier and to pick-up points. "
    russian = "Возврат товара возможен в течение четырнадцати дней с момента покупки, если "
    assert inspected(rows((english, ""))).tokens.questions == pytest.approx(15, rel=0.3)
    assert inspected(rows((russian, ""))).tokens.questions == pytest.approx(19, rel=0.3)


# ---- methods and prices --------------------------------------------------------------------------


def enough(report: Report) -> set[str]:
    return {e.method.name for e in estimates(report) if e.enough and not e.too_many}


def test_methods_say_how_many_rows_they_need() -> None:
    pairs = [(f"Question {n}?", f"Answer {n}.") for n in range(20_001)]
    assert enough(inspected(rows(*pairs[:1]))) == {"lessons"}
    assert enough(inspected(rows(*pairs[:8]))) == {"lessons", "bedrock"}
    ten = inspected(rows(*pairs[:10]))
    assert enough(ten) == {"lessons", "supervised", "bedrock"}
    some = inspected(rows(*pairs[:25]))
    assert enough(some) == {"lessons", "instruction", "supervised", "bedrock"}
    assert "❌ preference tuning — needs 10 questions with a right and a wrong" in words(ten, "en")
    assert enough(ten._replace(answered=20_001)) == {"lessons", "instruction", "supervised"}


def test_right_and_wrong_answers_to_a_question_pair_up_across_rows() -> None:
    report = inspected(
        rows(
            ("A?", "a", "x"),
            ("B?", "b"),
            ("b", "", "y"),
            ("B", "", "z"),
            ("C?", "", "n"),
            ("C?", "c"),
            ("D?", "d"),
        )
    )
    assert (report.pairs, report.answered) == (3, 4)


def test_what_has_no_known_price_is_not_invented() -> None:
    report = inspected(rows(*((f"Question {n}?", f"Answer {n}.") for n in range(30))))
    said = words(report, "en")
    assert "✅ lessons — free" in said
    assert "gpt-6-luna, prices of 2026-11-21" in said
    assert said.count("ask your provider for the price") == 2
    known = {**PRICES, "supervised": Price("my-model", 3.0, 0.0, "2026-12-01")}
    dearer = report._replace(tokens=report.tokens._replace(good=10_000_000))
    assert "≈ $90.00" in words(dearer, "en", known) and "my-model" in words(dearer, "en", known)


# ---- the whole -----------------------------------------------------------------------------------


def messy() -> list[Item]:
    """Something of everything."""
    good = rows(
        *((f"Вопрос номер {n} о доставке?", "Ответ " * n) for n in range(1, 12)),
        ("When?", "Now."),
        ("When?", "Later."),
        ("When?", "Now."),
        ("How do I reset my password?", "Write to ada.lovelace@gmail.com"),
        ("How do I reset my pasword?", "key sk-proj-abcdefghijklmnop1234567890"),
        ("Call?", "+7 916 123-45-67"),
        ("Long?", "word " * 500),
        ("Nothing?", "n/a"),
    )
    return [*good, Problem(30, NOT_JSON), Problem(31, NO_ANSWER)]


def test_a_report_survives_json() -> None:
    report = inspected(messy())
    assert len(report.findings) >= 8
    assert Report.of(json.loads(json.dumps(report.as_json()))) == report
    assert Report.of(Inspector().report().as_json()) == Inspector().report()


def test_the_most_important_comes_first_and_all_fits_a_message() -> None:
    for locale in ("en-US", "ru"):
        said = words(inspected(messy()), locale)
        signs = "📋🔑❌⚔👤🕳📏♻👯🌐📐🔢"
        assert [said.index(sign) for sign in signs] == sorted(said.index(sign) for sign in signs)
        assert len(said) <= 1800


def test_too_many_findings_are_cut_and_it_says_so() -> None:
    many = [Problem(n, Text(f"reason {n} " * 5, f"причина {n} " * 5)) for n in range(40)]
    report = inspected([*messy(), *many])
    for locale, left in (("en", "more kinds of findings"), ("ru", "ещё видов замечаний")):
        said = words(report, locale, longest=1650)
        assert len(said) <= 1650 and left in said and "sk-p•••" in said and "✅" in said


def test_clean_data_are_praised() -> None:
    report = inspected(rows(("When?", "Now.")))
    assert report.findings == () and "nothing to mend" in words(report, "en")
    assert "Исправлять нечего" in words(report, "ru")


def test_no_rows_at_all_make_a_report_too() -> None:
    assert words(Inspector().report(), "en") == "📋 **0** of 0 rows can be used."
    assert picture(Inspector().report(), "en")


texts = st.text(max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), max_size=12), st.sampled_from(["en", "ru"]))
def test_no_rows_make_it_crash(found: list[tuple[str, str, str]], locale: str) -> None:
    report = inspected(rows(*found))
    assert report.good == len(found) == sum(report.languages.values())
    assert len(words(report, locale)) <= 1800
    assert Report.of(json.loads(json.dumps(report.as_json()))) == report


def test_the_picture_is_a_small_png_with_words_in_both_languages() -> None:
    report = inspected(messy())
    pictures = {locale: picture(report, locale) for locale in ("en-US", "ru")}
    assert len(set(pictures.values())) == 2
    for body in pictures.values():
        image = Image.open(BytesIO(body))
        assert (image.format, image.size) == ("PNG", (1100, 480)) and len(body) < 40_000
        opacity = image.convert("RGBA").getchannel("A")
        assert opacity.getpixel((0, 0)) == 0, "round corners let the theme through"
        assert min(opacity.crop((40, 40, 1060, 440)).tobytes()) > 250, "a card covers it"


def test_a_letter_of_the_picture_is_never_a_box() -> None:
    from PIL import ImageFont

    from protege.datasets.report.chart import AXIS, BEYOND, FONT, LEGEND, TITLE

    font = ImageFont.truetype(str(FONT), 40)
    unknown = bytes(font.getmask("\u4e00"))
    said = "".join(f"{text.en}{text.ru}" for text in (TITLE, *LEGEND, AXIS, BEYOND))
    for letter in set(said + "0123456789≤.k") - {" "}:
        assert bytes(font.getmask(letter)) != unknown, letter


MEASURED = """
import random, resource
from protege.datasets.report import Inspector
from protege.datasets.rows import Row

chance = random.Random(3)
english = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz      ", k=60_000))
russian = "".join(chance.choices("абвгдежзиклмнопрстуфхцчшщыэюя    ", k=60_000))

def used_kb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before, inspector = used_kb(), Inspector()
for number in range(1, 50_001):
    text = english if number % 4 else russian
    question = f"{number} {text[number:number + 80]}"
    inspector.see(Row(number, question, text[-number - 300:-number], ""))
    early = used_kb() if number == 10_000 else early if number > 10_000 else 0
print(early - before, used_kb() - early, inspector.report().rows)
"""


def test_memory_stays_flat() -> None:
    """In a process of its own, 50,000 rows: what the first ones and the further ones cost."""
    said = subprocess.check_output([sys.executable, "-c", MEASURED], text=True)
    first_kb, further_kb, seen = map(int, said.split())
    assert seen == 50_000
    assert first_kb < 80 << 10, "tables of a fixed size, the batch that is hashed at once"
    assert further_kb / 40_000 * 1024 < 300, "bytes that a further row costs"
