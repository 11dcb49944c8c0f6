"""Two versions answer blind; people vote; versions are rated."""

import json
import random
import threading
from collections.abc import Generator
from typing import Any

import pytest

from protege.app import App
from protege.arena.rating import Result, ratings
from protege.providers import Completion, Prompt, Usage
from tests.person import Person
from tests.test_model import EXIT, WIFI, labels, taught, two
from tests.test_privacy import withdraw
from tests.test_review import ask, press, shown, someone

BEHIND = "Behind you."


def duel(ada: Person, question: str = EXIT) -> dict[str, Any]:
    """Ask both versions; the message with the answers."""
    ada.slash("compare", question=question)
    return {**shown(ada), "id": str(ada.discord.last_id)}


def sides(message: dict[str, Any]) -> tuple[str, str]:
    """What A and B said."""
    _, _, rest = message["content"].partition("**A**\n")
    a, _, b = rest.partition("\n**B**\n")
    return a, b.partition("\n-#")[0]


def better(message: dict[str, Any]) -> str:
    """The button of whoever knows the exit."""
    return "A is better" if sides(message)[0] == BEHIND else "B is better"


def worse(message: dict[str, Any]) -> str:
    return "B is better" if sides(message)[0] == BEHIND else "A is better"


def test_both_answers_are_shown_and_nobody_sees_whose_they_are(ada: Person) -> None:
    two(ada)
    message = duel(ada)
    assert message["content"].startswith(f"> {EXIT}\n**A**\n")
    assert BEHIND in sides(message) and "v1" not in message["content"]
    assert labels(ada)[:4] == ["A is better", "B is better", "Both are good", "Both are bad"]


def test_the_order_is_random_and_stays_the_same_for_one_question(ada: Person, app: App) -> None:
    two(ada)
    firsts = set()
    for id in map(str, range(5)):
        first = app.arena.begin("77", id, EXIT, ("42", "en"), (1, 2))
        assert app.arena.begin("77", id, EXIT, ("42", "en"), (1, 2)) == first
        firsts.add(first.a.version)
    assert firsts == {1, 2}


def test_who_votes_sees_which_is_which_and_all_see_the_counts(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada)
    bob = someone(ada, "43")
    assert press(bob, better(message), message) == {"type": 5, "data": {"flags": 64}}
    edit, told = ada.discord.calls[-1], ada.discord.calls[-2].body["content"]
    letter = better(message)[0]
    assert f"{letter} is better" in told and f"{letter} is **v2**" in told
    assert (edit.method, edit.path) == ("PATCH", f"/channels/88/messages/{message['id']}")
    assert f"{letter} 1" in edit.body["content"] and "v2" not in edit.body["content"]


def test_a_person_has_one_vote_and_may_change_it(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada)
    bob = someone(ada, "43")
    for label in (better(message), better(message), "Both are bad"):
        press(bob, label, message)
    press(ada, better(message), message)
    assert "both bad 1" in ada.sees and f"{better(message)[0]} 1" in ada.sees
    assert len(list(app.records.find("ballot#77"))) == 2


def test_equal_answers_are_not_voted_upon(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada, "How do I reset my password?")
    assert "answer the same" in message["content"] and labels(ada) == ["Correct A"]
    assert list(app.records.find("duel#77")) == []


def test_each_answer_can_be_corrected(ada: Person) -> None:
    two(ada)
    message = duel(ada)
    form = press(ada, "Correct B", message)
    [field] = form["data"]["components"]
    assert field["component"]["value"] == sides(message)[1]
    ada.submit(form, better="Ahead of you.")
    assert "Ahead of you." in ask(ada, EXIT)


def test_versions_can_be_named(ada: Person, app: App) -> None:
    two(ada)
    ada.slash("compare", question=EXIT, first="v2", second="v1")
    assert BEHIND in ada.sees
    ada.slash("compare", question=EXIT, first="v2", second="2")
    assert "two different" in ada.sees
    ada.slash("compare", question=EXIT, first="v9")
    assert "no version" in ada.sees
    app.promotion.delete("77", 1)
    ada.slash("compare", question=EXIT)
    assert "Two versions are needed" in ada.sees and "here are 1" in ada.sees


def test_where_nothing_was_trained_there_is_nothing_to_compare(ada: Person) -> None:
    ada.slash("compare", question=EXIT)
    assert "here are 0" in ada.sees
    ada.locale = "ru"
    ada.slash("compare", question=EXIT)
    assert "нужны две версии" in ada.sees


def test_votes_rate_the_versions(ada: Person, app: App) -> None:
    two(ada)
    for _ in range(3):
        message = duel(ada)
        for user in ("43", "44"):
            press(someone(ada, user), better(message), message)
    found = app.arena.ratings("77")
    assert found[2].points > 1500 > found[1].points
    assert found[1].duels == found[2].duels == 3, "duels count, not votes"
    ada.slash("model list")
    assert f"⚔️ {found[2].points:.0f} ±" in ada.sees


def test_many_votes_on_one_duel_weigh_no_more_than_one(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada)
    press(someone(ada, "43"), better(message), message)
    one = app.arena.ratings("77")
    for user in range(50, 60):
        press(someone(ada, str(user)), better(message), message)
    assert app.arena.ratings("77") == one


def test_votes_are_exported_as_preferences(ada: Person, app: App) -> None:
    two(ada)
    for n in range(10):
        message = duel(ada, f"{EXIT}{'?' * n}")
        press(someone(ada, "43"), better(message), message)
    ada.slash("model export", version="v2", format="preference")
    [body] = ada.discord.calls[-1].files.values()
    rows = [json.loads(line) for line in body.decode().splitlines()]
    assert len(rows) == 10
    assert {row["preferred_output"][0]["content"] for row in rows} == {BEHIND}
    ada.slash("model export", version="v2", format="preference", votes=False)
    assert "Only 0 rows" in ada.sees
    [first, *_] = app.arena.preferred("77")
    assert (first.row.author, first.good, first.bad) == ("43", 2, 1) and first.at > 0


def test_a_deleted_version_keeps_its_results(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada)
    app.promotion.delete("77", 1)
    press(ada, better(message), message)
    told = ada.discord.calls[-2].body["content"]
    assert "**v1** (deleted)" in told and 2 in app.arena.ratings("77")


def test_votes_go_with_whoever_takes_them_back(ada: Person, app: App) -> None:
    two(ada)
    bob, eve = someone(ada, "43"), someone(ada, "44")
    asked_by_bob, asked_by_ada = duel(bob), duel(ada)
    for message in (asked_by_bob, asked_by_ada):
        press(bob, better(message), message)
        press(eve, worse(message), message)
    withdraw(bob)
    assert [r.fields["user"] for r in app.records.find("duel#77")] == [ada.user]
    assert [r.fields["user"] for r in app.records.find("ballot#77")] == ["44"]
    assert EXIT not in json.dumps(
        [dict(r.fields) for r in app.records.find("answer#77") if r.fields["user"] == "43"]
    )
    press(eve, better(asked_by_bob), asked_by_bob)
    assert "do not know this comparison" in eve.sees


def test_a_vote_on_what_is_unknown_is_explained(ada: Person) -> None:
    for route in ("duel_vote:a.5", "duel_vote:z.5", "duel_vote:", "duel_vote:a.\x01"):
        ada.press(route)
        assert "do not know this comparison" in ada.sees


def test_a_vote_counts_though_the_message_cannot_be_edited(ada: Person, app: App) -> None:
    two(ada)
    message = duel(ada)
    ada.discord.answers += [(200, {}, {"id": "1"}), (403, {}, {"code": 50001})]
    press(ada, better(message), message)
    assert sum(app.arena.tally("77", r.id).votes for r in app.records.find("duel#77")) == 1
    assert ada.wait() == []


# ---- ratings -------------------------------------------------------------------------------------


def test_nobody_is_rated_without_duels() -> None:
    assert ratings([]) == {}


def test_two_who_draw_are_average_and_one_who_always_wins_is_finite() -> None:
    drawn = ratings([Result(1, 2, 0.5)] * 5)
    assert drawn[1].points == pytest.approx(1500) == pytest.approx(drawn[2].points)
    won = ratings([Result(1, 2, 1.0)] * 50)
    assert 1500 < won[1].points < 2200 and won[1].points - 1500 == pytest.approx(
        1500 - won[2].points
    )


def test_margins_shrink_with_duels_and_hold_the_truth() -> None:
    strong, inside, chances = 120.0, 0, random.Random(7)
    likely = 1 / (1 + 10 ** (-strong / 400))
    for _ in range(200):
        duels = [Result(1, 2, float(chances.random() < likely)) for _ in range(100)]
        found = ratings(duels)
        gap = found[1].points - found[2].points
        inside += abs(gap - strong) < 2 * found[1].margin
    assert inside > 180
    few, many = (
        ratings([Result(1, 2, 1.0), Result(2, 1, 1.0)] * 2),
        ratings([Result(1, 2, 0.5)] * 99),
    )
    assert many[1].margin < few[1].margin


def test_a_code_block_in_one_answer_does_not_swallow_the_other(ada: Person) -> None:
    two(ada)
    taught(ada, (WIFI, "```\n" + "ping\n" * 400))
    message = duel(ada, WIFI)
    a, b = sides(message)
    assert "ping" in a + b and a.count("```") % 2 == b.count("```") % 2 == 0


def test_both_versions_are_asked_at_the_same_time(ada: Person, app: App) -> None:
    two(ada)
    app.chat._model = Together()
    assert sorted(sides(duel(ada))) == ["1", "2"], "one after the other may outlast the worker"


class Together:
    """A model that says nothing until two have asked."""

    model, can_complete = "", False

    def __init__(self) -> None:
        self._both = threading.Barrier(2, timeout=60)

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        """Who came first."""
        yield str(2 - self._both.wait())
        return Usage()

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """It cannot."""
        raise NotImplementedError
