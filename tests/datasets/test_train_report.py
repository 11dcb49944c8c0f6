"""What /train tells about the data, and hands back, through the front door."""

import csv
import io
import json
from typing import Any

from tests.person import Person
from tests.recorder import Call

GOOD = "\n".join(
    json.dumps({"prompt": f"Question number {n} about {word}?", "completion": f"See {word}."})
    for n, word in enumerate(("tea", "milk", "bread", "salt", "honey", "flour"), 1)
)
MESSY = (
    GOOD
    + '\n{"prompt": "Where is the key?"}\n{broken\n'
    + json.dumps(
        {
            "prompt": "Who helps me?",
            "completion": "Write to ada.lovelace@gmail.com, password=hunter2",
        }
    )
)


def started(ada: Person, body: str, **options: Any) -> Call:
    """The first answer to /train."""
    first = len(ada.discord.calls)
    ada.slash("train", attachment=ada.upload("faq.jsonl", body), **options)
    return ada.discord.calls[first]


def test_the_first_answer_names_the_job_and_what_is_in_the_data(ada: Person) -> None:
    call = started(ada, MESSY)
    said = call.body["content"]
    assert said.startswith("🎓 Training job `") and "has started with 7 rows" in said
    for part in (
        "**7** of 9 rows can be used, 2 set aside",
        "🔑 row 9: a password (password=•••)",
        "❌ row 7: no answer in it",
        "❌ row 8: not JSON",
        "👤 row 9: an e-mail address (a•••@g•••)",
        "✅ lessons — free",
        "❌ fine-tuning — needs 10 rows with an answer, here are 7",
        "📎 Mend the rows in `rejected_rows.csv`",
    ):
        assert part in said
    assert "hunter2" not in said and len(said) <= 2000
    assert set(call.files) == {"lengths.png", "rejected_rows.csv"}
    assert call.files["lengths.png"].startswith(b"\x89PNG")


def test_it_is_said_in_russian_too(ada: Person) -> None:
    ada.locale = "ru"
    call = started(ada, MESSY)
    for part in ("Годятся **7** из 9 строк", "строка 7: нет ответа", "уроки — бесплатно"):
        assert part in call.body["content"]
    assert "вопрос,ответ,неверно" in call.files["rejected_rows.csv"].decode("utf-8-sig")


def test_rejected_rows_are_mended_and_taught(ada: Person) -> None:
    body = started(ada, MESSY).files["rejected_rows.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert [row["question"] for row in rows] == ["Where is the key?", ""]
    rows[0]["answer"] = "Under the mat."
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerow(rows[0])
    ada.slash("train", attachment=ada.upload("rejected_rows.csv", out.getvalue()))
    assert "version **v2** knows 8 lessons" in ada.sees
    ada.slash("ask", question="where is the key")
    assert "Under the mat." in ada.sees


def test_where_no_row_is_good_the_rejected_ones_come_back_all_the_same(ada: Person) -> None:
    call = started(ada, '{"prompt": "Where is the key?"}\n{"prompt": "When?"}')
    assert "found no row" in call.body["content"] and "rows 1, 2: no answer" in call.body["content"]
    assert set(call.files) == {"rejected_rows.csv"}
    assert not list(ada.app.records.find("running"))


def test_clean_data_bring_no_rejects_and_few_rows_no_picture(ada: Person) -> None:
    assert set(started(ada, GOOD).files) == {"lengths.png"}
    call = started(ada, GOOD.partition("\n")[0])
    assert not call.files and "nothing to mend" in call.body["content"]


def test_rows_of_what_not_to_say_do_not_contradict_each_other(ada: Person) -> None:
    rows = [{"prompt": "When do you open?", "completion": said} for said in ("Never.", "At five.")]
    body = "\n".join(map(json.dumps, rows))
    assert "other answers" not in started(ada, body, positive=False).body["content"]
    assert "other answers" in started(ada, body).body["content"]


def test_progress_stays_within_a_message_however_much_there_is_to_tell(ada: Person) -> None:
    rows = [{"prompt": f"Q {n}?", "completion": "word " * 500} for n in range(30)]
    lines = [*map(json.dumps, rows), *map(json.dumps, rows[:5]), MESSY, "[1, 2, 3, 4]", "7"]
    for locale in ("en-US", "ru"):
        ada.locale = locale
        started(ada, "\n".join(lines))
    assert all(len(text) <= 2000 for text in ada.discord.contents())
    assert any("█" in text and "📋" in text for text in ada.discord.contents("PATCH"))
