"""/test: tried on rows, scored, corrected row by row."""

import csv
import io
import json
from typing import Any

import pytest

from protege.app import App
from protege.learning.rehearsal import held_out
from tests.person import Person
from tests.test_teaching import FAQ, jsonl, train

CITIES = [(f"How far is it to city number {n}?", f"It is {n * 7} miles.") for n in range(40)]


def rows(pairs: list[tuple[str, str]]) -> str:
    return json.dumps([{"input": q, "expected": a} for q, a in pairs], ensure_ascii=False)


def table(ada: Person) -> list[dict[str, str]]:
    """The attached table of the last message."""
    body = ada.discord.calls[-1].files["predictions.csv"]
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def button(ada: Person, name: str) -> dict[str, Any]:
    """The first button under the last message that leads to an action."""
    return next(b for b in ada.buttons if b["custom_id"].startswith(f"{name}:"))


def named(ada: Person, name: str) -> list[dict[str, Any]]:
    return [b for b in ada.buttons if b["custom_id"].startswith(f"{name}:")]


def test_expected_answers_give_predictions_and_a_score(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    ada.slash("test", test_data=rows([*FAQ[:3], ("Who invented tea?", "Nobody knows.")]))
    assert "**75 %** exactly right" in ada.sees and "❌ 4. Who invented tea?" in ada.sees
    assert "exact       75.0 % (30–95)" in ada.sees, "Wilson's interval of 3 of 4"
    found = table(ada)
    assert [row["exact"] for row in found] == ["True", "True", "True", "False"]
    assert found[2]["predicted"].startswith("Yes, we ship to Norway")
    assert "scores.png" not in ada.discord.calls[-1].files, "four rows are no picture"


def test_one_input_gives_one_prediction(ada: Person) -> None:
    train(ada, data="What is the wifi password? => Ask at the bar.")
    ada.slash("test", test_data='{"input": "What is the wifi password?"}')
    assert "→ Ask at the bar." in ada.sees and not ada.discord.calls[-1].files
    assert ada.discord.calls[-1].body["components"] == []


def test_lines_of_plain_text_are_questions(ada: Person) -> None:
    ada.slash("test", test_data="Who are you?\nWhere are you?")
    assert "2 predictions" in ada.sees and "2. Where are you?" in ada.sees
    assert [row["exact"] for row in table(ada)] == ["", ""], "nothing was expected"


def test_an_attachment_is_read_and_what_cannot_be_read_is_explained(ada: Person) -> None:
    ada.slash("test", attachment=ada.upload("rows.csv", "input;expected\nhi;hello\n"))
    assert "**0 %** exactly right" in ada.sees
    ada.slash("test")
    assert '`{"input": "..."}`' in ada.sees
    for nothing in ("{}", "[]", '[{"expected": "x"}]'):
        ada.slash("test", test_data=nothing)
        assert "no question" in ada.sees and '`{"input": "...", "expected": "..."}`' in ada.sees


def test_rows_that_cannot_be_read_are_counted_and_the_others_tried(ada: Person) -> None:
    ada.slash("test", test_data='{"input": "hi"}\n{"input": \n{"input": "you"}')
    assert "2 predictions" in ada.sees and "Not read: 1 rows" in ada.sees and "JSON" in ada.sees


def test_spreadsheet_formulas_are_disarmed(ada: Person) -> None:
    ada.slash("test", test_data=json.dumps([{"input": "=cmd()"}, {"input": "b"}]))
    assert table(ada)[0]["input"] == "'=cmd()"


def test_russian_speakers_read_russian(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    ada.locale = "ru"
    ada.slash("test", test_data=rows([*FAQ[6:], ("Кто ты?", "Бот.")]))
    assert "Точно верно: **67 %**" in ada.sees and "не учили" in ada.sees
    ada.slash("test", test_data="hi", version="v9")
    assert "Версии v9 здесь нет" in ada.sees


def test_a_wrong_row_is_corrected_with_the_expected_answer(ada: Person) -> None:
    ada.slash("test", test_data=rows([("When do you open?", "At nine."), ("Hi?", "Hello!")]))
    form = ada.press(button(ada, "test_correct"))
    assert form["data"]["components"][0]["component"]["value"] == "At nine."
    ada.submit(form, better="At nine o'clock.")
    ada.slash("ask", question="When do you open?")
    assert "At nine o'clock." in ada.sees


def test_errors_are_read_page_by_page(ada: Person) -> None:
    ada.slash("test", test_data=rows(CITIES[:19]))
    assert len(named(ada, "test_correct")) == 8 and "and 11 more" in ada.sees
    seen = []
    while following := named(ada, "test_errors"):
        ada.press(following[0])
        assert ada.discord.calls[-1].body.get("flags") is None, "an edit of a private message"
        seen += [b["label"] for b in named(ada, "test_correct")]
    assert seen == [str(n) for n in range(9, 20)]


def test_a_row_of_a_later_page_is_corrected_too(ada: Person) -> None:
    ada.slash("test", test_data=rows(CITIES[:19]))
    ada.press(button(ada, "test_errors"))
    form = ada.press(button(ada, "test_correct"))
    assert form["data"]["components"][0]["component"]["value"] == CITIES[8][1]


@pytest.mark.parametrize("route", ["nope/0", "../78/0", "/0", "zz/9999999999", "x/-1", "x", "x/²"])
def test_pages_of_no_test_are_explained(ada: Person, route: str) -> None:
    ada.press(f"test_errors:{route}")
    assert "do not know that test" in ada.sees


def test_a_test_is_forgotten_after_its_days_and_swept_by_the_next(ada: Person, app: App) -> None:
    ada.slash("test", test_data=rows(CITIES[:12]))
    following = button(ada, "test_errors")
    old = list(app.files.names("guilds/77/tests/"))
    app.records.delete("test#77", following["custom_id"].partition(":")[2].partition("/")[0])
    ada.press(following)
    assert "do not know that test" in ada.sees
    ada.slash("test", test_data=rows(CITIES[:2]))
    assert old and not set(old) & set(app.files.names("guilds/77/tests/"))


# ---- versions ------------------------------------------------------------------------------------


def two_versions(ada: Person) -> None:
    """v1 knows the first half of the cities, v2 all."""
    train(ada, attachment=ada.upload("half.jsonl", jsonl(CITIES[:20])))
    train(ada, attachment=ada.upload("rest.jsonl", jsonl(CITIES[20:])))


def test_two_versions_are_asked_the_same_side_by_side(ada: Person) -> None:
    two_versions(ada)
    ada.slash("test", test_data=rows(CITIES[10:30]), version="1", against="v2")
    assert "version v1 as it was trained against version v2" in ada.sees
    head, exact = (line for line in ada.sees.split("\n") if "v2 − v1" in line or "exact" in line)
    assert head.split()[:2] == ["v1", "v2"]
    assert "50.0 %" in exact and "100.0 %" in exact and "+50.0" in exact and "better" in exact
    first = table(ada)[0]
    assert {"predicted v1", "predicted v2", "exact v1", "exact v2"} <= first.keys()
    assert "scores.png" in ada.discord.calls[-1].files


def test_the_same_version_twice_shows_no_difference(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    ada.slash("test", test_data=rows([*FAQ, ("Who?", "Me.")]), version="v1", against="v1")
    assert "no difference seen" in ada.sees and "better" not in ada.sees


def test_a_version_answers_as_it_was_trained_without_later_corrections(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    ada.slash("test", test_data=rows([("When do you open?", "At nine."), ("Hi?", "Hello!")]))
    ada.submit(ada.press(button(ada, "test_correct")), better="At nine.")
    question = '{"input": "When do you open?", "expected": "At nine."}'
    ada.slash("test", test_data=question)
    assert "**100 %** exactly right" in ada.sees and "later corrections" in ada.sees
    ada.slash("test", test_data=question, version="v1")
    assert "**0 %** exactly right" in ada.sees and "as it was trained" in ada.sees


def test_versions_that_are_not_there_are_named(ada: Person) -> None:
    for version, said in (("7", "v7"), ("v0", "v0"), ("last", "last")):
        ada.slash("test", test_data="hi", version=version)
        assert said in ada.sees and "no version" in ada.sees
        ada.slash("test", test_data="hi", against=version)
        assert said in ada.sees and "no version" in ada.sees


# ---- datasets ------------------------------------------------------------------------------------


def test_held_out_rows_are_asked_as_if_nobody_had_taught_them(ada: Person) -> None:
    train(ada, attachment=ada.upload("cities.jsonl", jsonl(CITIES)), data_dir="cities")
    kept = [q for q, _ in CITIES if held_out(q)]
    ada.slash("test", dataset="cities")
    assert [row["input"] for row in table(ada)] == kept and len(kept) >= 3
    assert "v1 without the held-out questions" in ada.sees and "**0 %** exactly" in ada.sees
    ada.slash("test", dataset="cities", held_out=False)
    assert "**100 %** exactly right" in ada.sees and "on 40 rows" in ada.sees


def test_a_frozen_version_of_data_is_tested_by_its_name(ada: Person, app: App) -> None:
    train(ada, attachment=ada.upload("cities.jsonl", jsonl(CITIES)), data_dir="cities")
    ada.slash("select_dataset", path_to_dir_positive="cities")
    [version] = app.versions.all("77")
    [offered] = [c for c in ada.suggestions("test", "dataset", version.name)]
    ada.slash("test", dataset=offered["value"], held_out=False)
    assert "on 40 rows" in ada.sees


def test_data_without_held_out_rows_says_so(ada: Person) -> None:
    taught = [pair for pair in CITIES if not held_out(pair[0])]
    train(ada, attachment=ada.upload("cities.jsonl", jsonl(taught)), data_dir="cities")
    ada.slash("test", dataset="cities")
    assert "has no held-out question" in ada.sees and "held_out:False" in ada.sees
    ada.slash("test", dataset="nowhere")
    assert "no folder “nowhere”" in ada.sees
    ada.slash("test", dataset="cities", test_data="hi")
    assert "not both" in ada.sees


def test_only_trainers_test_datasets_let_judge_or_try_many_rows(ada: Person) -> None:
    ada.permissions = "0"
    ada.slash("test", dataset="cities")
    assert "are for trainers" in ada.sees
    ada.slash("test", test_data=rows(CITIES * 2))
    assert "are for trainers" in ada.sees
    ada.slash("test", test_data=rows(CITIES[:3]))
    assert "exactly right" in ada.sees


def test_who_takes_everything_back_takes_the_rows_of_tests_too(ada: Person, app: App) -> None:
    ada.slash("test", test_data=rows(CITIES[:12]))
    correct = button(ada, "test_correct")
    app.privacy.delete("77", ada.user)
    assert list(app.files.names("guilds/77/tests/")) == []
    assert "do not know that message" in ada.press(correct)["data"]["content"]


def test_both_versions_are_offered_while_typing(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    for option in ("version", "against"):
        [offered] = ada.suggestions("test", option, "v1")
        assert offered["value"] == "v1"
