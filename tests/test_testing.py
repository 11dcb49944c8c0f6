"""/test: tried on rows, scored, corrected row by row."""

import json

from tests.person import Person
from tests.test_teaching import FAQ, jsonl, train


def test_expected_answers_give_predictions_and_a_score(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    rows = [{"input": q, "expected": a} for q, a in FAQ[:3]]
    rows.append({"input": "Who invented tea?", "expected": "Nobody knows."})
    ada.slash("test", test_data=json.dumps(rows))
    assert "**75 %** exactly right" in ada.sees and "❌ 4. Who invented tea?" in ada.sees
    table = ada.discord.calls[-1].files["predictions.csv"].decode("utf-8-sig")
    assert table.count("\n") == 5 and "Yes, we ship to Norway" in table


def test_one_input_gives_one_prediction(ada: Person) -> None:
    train(ada, data="What is the wifi password? => Ask at the bar.")
    ada.slash("test", test_data='{"input": "What is the wifi password?"}')
    assert "→ Ask at the bar." in ada.sees and not ada.discord.calls[-1].files


def test_an_attachment_is_read_and_what_cannot_be_read_is_explained(ada: Person) -> None:
    ada.slash("test", attachment=ada.upload("rows.csv", "input;expected\nhi;hello\n"))
    assert "**0 %** exactly right" in ada.sees
    ada.slash("test")
    assert '`{"input": "..."}`' in ada.sees
    ada.slash("test", test_data="{}")
    assert "no question" in ada.sees


def test_spreadsheet_formulas_are_disarmed(ada: Person) -> None:
    ada.slash("test", test_data=json.dumps([{"input": "=cmd()"}, {"input": "b"}]))
    assert "'=cmd()" in ada.discord.calls[-1].files["predictions.csv"].decode()


def test_many_rows_are_a_job(ada: Person) -> None:
    train(ada, attachment=ada.upload("faq.jsonl", jsonl()))
    rows = [{"input": q, "expected": a} for q, a in FAQ * 20]
    ada.slash("test", attachment=ada.upload("rows.json", json.dumps(rows)))
    assert "**100 %** exactly right" in ada.sees and "160 rows" in ada.sees
    assert "predictions.csv" in ada.discord.calls[-1].files
