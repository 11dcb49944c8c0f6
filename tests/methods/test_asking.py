"""Nothing that costs is begun before a trainer has agreed to it."""

import json
from pathlib import Path

import pytest

from playground.openai import OpenAIServer
from protege.training.consent import ASKED_S
from tests.methods.bot import (
    BASE,
    PRICED,
    ROWS,
    Clock,
    agree,
    answer,
    asked,
    bot,
    latest,
    ordered,
    pressed,
)
from tests.person import Person
from tests.recorder import Recorder


def shown(person: Person) -> str:
    """The estimate."""
    found: str = person.discord.calls[-1].body["embeds"][0]["description"]
    return found


def test_what_it_takes_is_told_and_nothing_begun(tuning: Person, provider: OpenAIServer) -> None:
    job = asked(tuning)
    assert job.state == "asking" and not provider.journal.calls()
    assert "`sft`" in shown(tuning) and BASE in shown(tuning)
    assert "33 to train on, 7 kept" in shown(tuning) and "unknown to me" in shown(tuning)
    assert [b["label"] for b in tuning.buttons] == ["Begin", "Cancel"]
    assert list(tuning.app.records.find("running")) == []


def test_the_price_and_the_budget_are_told(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    app = bot(discord, tmp_path, provider.base_url, clock, MODEL_PRICES=PRICED)
    ada = Person(app, discord)
    ada.slash("settings", budget_usd=20)
    assert "$20.00 a month" in ada.sees
    usd = asked(ada).estimate["usd"]
    assert 5 < usd < 15 and f"about ${usd:.2f}" in shown(ada)
    assert "$0.00 of $20.00 spent" in shown(ada)


def test_it_asks_in_russian(tuning: Person) -> None:
    tuning.locale = "ru"
    asked(tuning)
    assert "**Строки**: 33 для обучения" in shown(tuning)
    assert [b["label"] for b in tuning.buttons] == ["Начать", "Отменить"]
    agree(tuning)
    assert "провайдер обучает модель" in tuning.discord.contents("PATCH")[-1]


def test_saying_yes_twice_begins_once(tuning: Person) -> None:
    job = asked(tuning)
    route = tuning.buttons[0]["custom_id"]
    first, second = pressed(tuning, route), pressed(tuning, route)
    for payload in (first, first, second):
        answer(tuning.app, payload)
    assert "was begun before: running" in tuning.sees
    assert tuning.app.queue.receive(wait_s=0, lease_s=60)
    assert not tuning.app.queue.receive(wait_s=0, lease_s=60), "one leg"
    assert latest(tuning).confirmed == first["id"] and latest(tuning).id == job.id


def test_only_trainers_may_say_yes(tuning: Person) -> None:
    asked(tuning)
    route = tuning.buttons[0]["custom_id"]
    tuning.permissions = "0"
    refused = tuning.press(route)
    assert "Manage Server" in refused["data"]["content"]
    assert latest(tuning).state == "asking"


def test_a_question_stands_for_a_day(tuning: Person, clock: Clock) -> None:
    job = asked(tuning)
    route = tuning.buttons[0]["custom_id"]
    clock.ahead += ASKED_S + 1
    tuning.press(route)
    assert "more than a day ago" in tuning.sees and latest(tuning).state == "asking"
    tuning.slash("jobs", job=job.id)
    assert "nobody agreed in time" in tuning.sees
    assert tuning.discord.calls[-1].body["components"] == []


def test_a_no_leaves_nothing_behind(tuning: Person) -> None:
    job = asked(tuning)
    begin, no = tuning.buttons
    tuning.press(no)
    assert "called off; nothing was begun" in tuning.sees
    assert latest(tuning).state == "cancelled"
    assert list(tuning.app.files.names(job.folder)) == []
    tuning.press(begin)
    assert "was begun before: cancelled" in tuning.sees


def test_a_budget_that_does_not_suffice_is_said_at_once_and_before_the_yes(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    ada = Person(bot(discord, tmp_path, provider.base_url, clock, MODEL_PRICES=PRICED), discord)
    asked(ada)
    begin = ada.buttons[0]
    ada.slash("settings", budget_usd=0.01)
    ada.press(begin)
    assert "This would cost about" in ada.sees and "/settings budget_usd" in ada.sees
    assert latest(ada).state == "asking"
    count = len(list(ada.app.jobs.latest("77", 9)))
    ada.slash("train", data=ROWS, method="sft")
    assert "This would cost about" in ada.sees
    assert len(list(ada.app.jobs.latest("77", 9))) == count
    ada.slash("settings", budget_usd=-1)
    assert "from 0 to" in ada.sees


@pytest.mark.parametrize(
    ("method", "rows", "said"),
    [
        ("magic", ROWS, "is no method; there are: lessons, tuned, sft"),
        ("tuned", ROWS, "this bot has none"),
        ("bedrock", ROWS, "BEDROCK_ROLE_ARN is not set"),
        ("sft", "When? => Now.", "takes 10 rows with a right answer at least"),
        ("preference", ROWS, "questions with both a right and a wrong answer"),
    ],
)
def test_what_a_method_lacks_is_said_before_anything_begins(
    tuning: Person, method: str, rows: str, said: str
) -> None:
    tuning.slash("train", attachment=tuning.upload("rows.txt", rows), method=method)
    assert said in tuning.sees and "lessons" in tuning.sees
    assert list(tuning.app.jobs.latest("77", 1)) == []


def test_a_provider_that_is_not_set_up_is_said(ada: Person) -> None:
    ada.slash("train", data=ROWS, method="sft")
    assert "OPENAI_API_KEY is not set" in ada.sees


def test_methods_are_offered_with_what_they_need(tuning: Person) -> None:
    offered = {c["value"]: c["name"] for c in tuning.suggestions("train", "method", "")}
    assert list(offered) == ["lessons", "tuned", "sft", "preference", "bedrock"]
    assert "free" in offered["lessons"] and "10+" in offered["sft"]
    assert [c["value"] for c in tuning.suggestions("train", "method", "pref")] == ["preference"]


def test_an_instruction_is_tuned_only_after_a_yes(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock
) -> None:
    app = bot(discord, tmp_path, provider.base_url, clock, PROVIDER="openai", TUNE_CALLS="50")
    ada = Person(app, discord)
    assert asked(ada, "tuned").state == "asking"
    assert "50 at most" in shown(ada) and "less than a cent" in shown(ada)
    assert ordered(provider) == 0


def test_right_and_wrong_answers_in_rows_of_their_own_are_pairs(tuning: Person) -> None:
    lines = [
        json.dumps({"input": f"Where is the {part} number {n}?", said: answer})
        for n in range(5)
        for part in ("engine", "brake", "lamp", "door")
        for said, answer in (("good", f"In hall {n}."), ("bad", "Who knows."))
    ]
    tuning.slash(
        "train", attachment=tuning.upload("p.jsonl", "\n".join(lines)), method="preference"
    )
    assert latest(tuning).state == "asking", tuning.sees
    assert latest(tuning).estimate["rows"] + latest(tuning).estimate["held"] == 20


def test_who_takes_everything_back_is_not_asked_any_more(tuning: Person) -> None:
    job = asked(tuning)
    tuning.app.privacy.delete("77", tuning.user)
    assert latest(tuning).state == "cancelled" and latest(tuning).intro == ""
    assert list(tuning.app.files.names(job.folder)) == []
