"""What a training says when it is over."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from protege.commands.announce.card import finished
from protege.training.jobs import Job
from protege.training.picture import picture
from protege.training.picture.bars import interval
from tests.person import Person
from tests.test_teaching import jsonl

MEASURED = {
    "method": "held-out",
    "rows": 50,
    "accuracy": 0.9,
    "wrong": 0.04,
    "refused": 0.06,
    "baseline": {"majority": 0.1, "lexical": 0.72},
}
WORSE = {
    "version": 1,
    "rows": 50,
    "gained": 1,
    "lost": 9,
    "verdict": "worse",
    "evaluation": {**MEASURED, "accuracy": 0.98, "wrong": 0.0, "refused": 0.02},
}
PROOF: dict[str, Any] = {"with": 1, "before": 0.8124, "after": 0.6, "rows": 40, "p_worse": 0.01}
PROOF |= {"verdict": "worse", "calls": 80, "dollars": 0.05}
POINTS = [[n, 2.0 / n, 2.5 / n if n % 5 == 0 else None] for n in range(1, 60)]


def job(**report: Any) -> Job:
    known = {"lessons": 200, "evaluation": MEASURED, "activated": True, **report}
    about = {"state": "ending", "version": 2, "parent": 1, "report": known}
    return Job("j1", "77", "42", "88", "900", "token", "en-US", "", **about)  # type: ignore[arg-type]


def routes(reply: Any) -> list[str]:
    return [button.route for button in reply.buttons]


def test_a_worse_version_waits_for_a_trainer() -> None:
    reply = finished(job(activated=False, compared=WORSE))
    assert "worse than v1, which goes on answering" in reply.content
    assert routes(reply) == ["activate_version:2", "compare_versions:2", "discard_version:2"]
    assert reply.embed and reply.embed.picture == reply.files[0].name
    assert "98.0 %" in reply.embed.description and "90.0 %" in reply.embed.description
    assert "Only the new one knew 1, only the old one 9" in reply.embed.description


def test_it_speaks_russian() -> None:
    reply = finished(job(activated=False, compared=WORSE)._replace(locale="ru"))
    assert "она хуже v1" in reply.content
    assert reply.embed and "было" in reply.embed.description
    assert "новая хуже" in reply.embed.description


def test_a_better_version_answers_and_can_be_compared() -> None:
    reply = finished(job(compared={**WORSE, "verdict": "better"}))
    assert "answers from now on" in reply.content
    assert routes(reply) == ["compare_versions:2"]


def test_a_providers_model_is_named_with_what_it_cost() -> None:
    trained = job(chat={"provider": "openai", "model": "ft:x"}, compared={})
    reply = finished(trained._replace(points=POINTS, cost={"tokens": 900, "usd": 1.25}))
    assert reply.embed and "`ft:x`" in reply.embed.description
    assert "900; $1.25" in reply.embed.description
    unpriced = finished(trained._replace(cost={"tokens": 900, "usd": None}))
    assert unpriced.embed and "price list" in unpriced.embed.description


def test_a_version_whose_model_answers_worse_waits_and_both_are_shown() -> None:
    same = {**WORSE, "verdict": "same"}
    reply = finished(job(activated=False, compared=same, proof=PROOF))
    assert "its model answers worse" in reply.content
    assert reply.embed and "model's answers  81.2 %  60.0 %" in reply.embed.description
    assert "worth 60 of 100" in reply.embed.description
    assert "80, $0.05" in reply.embed.description


def test_a_rebuilt_version_is_not_called_worse() -> None:
    reply = finished(job(activated=False, compared={}, rebuilds=7))
    assert "is v7 rebuilt" in reply.content and "worse" not in reply.content


def test_a_model_that_nothing_could_be_asked_of_is_said() -> None:
    reply = finished(job(compared={}, proof={"with": 0, "rows": 0}))
    assert reply.embed and "The model was not asked" in reply.embed.description


def test_a_failure_says_why_and_offers_another_try() -> None:
    reply = finished(job()._replace(error={"en": "It {broke}.", "ru": "Сломалось."}))
    assert "did not work out: It {broke}." in reply.content
    assert routes(reply) == ["retry_job:j1"]


@pytest.mark.parametrize(
    ("points", "compared", "proof", "method"),
    [
        (POINTS, WORSE, PROOF, "sft"),
        (POINTS, {}, {"stopped": {"en": "No.", "ru": "Нет."}}, "sft"),
        ([], WORSE, PROOF, "bedrock"),
        ([], WORSE, {}, "lessons"),
        ([], {}, {}, "lessons"),
        ([[0, 0.5], [1, 0.5]], {}, {}, "tuned"),
    ],
)
def test_every_picture_can_be_drawn(
    points: Any, compared: Any, proof: Any, method: str, tmp_path: Path
) -> None:
    report = {"evaluation": MEASURED, "compared": compared, "proof": proof}
    for locale in ("en-US", "ru"):
        body = picture(report, points, method, locale)
        (tmp_path / f"{locale}.png").write_bytes(body)
        with Image.open(BytesIO(body)) as drawn:
            assert drawn.size == (1100, 480) and len(drawn.getcolors() or []) > 8
        assert len(body) < 60_000


def test_nothing_asked_and_no_curve_is_no_picture() -> None:
    unasked = {"method": "none", "rows": 0}
    assert picture({"evaluation": unasked, "compared": {}}, [], "lessons", "en-US") == b""
    assert picture({}, [[1, 2.0, None]], "sft", "en-US") == b""


def test_an_interval_holds_the_share_and_narrows() -> None:
    assert interval(1.0, 12)[1] == 1.0 and 0.7 < interval(1.0, 12)[0] < 0.8
    few, many = interval(0.9, 20), interval(0.9, 2000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1]


def test_the_first_training_shows_a_picture_and_the_second_both_side_by_side(ada: Person) -> None:
    ada.slash("train", attachment=ada.upload("faq.jsonl", jsonl()))
    first = ada.discord.calls[-1]
    assert first.files["training.png"].startswith(b"\x89PNG")
    assert first.body["embeds"][0]["title"] == "How good v1 is"
    ada.slash("train", data="What is the wifi password? => Ask at the bar.")
    told = ada.discord.calls[-1]
    assert "**v2** knows 9 lessons" in ada.sees
    assert "before" in told.body["embeds"][0]["description"]
    compare = ada.buttons[0]
    assert compare["custom_id"] == "compare_versions:2"
    ada.press(compare)
    assert "v1" in str(ada.discord.calls[-1].body) and "v2" in str(ada.discord.calls[-1].body)
