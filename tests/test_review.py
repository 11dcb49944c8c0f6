"""Corrections: handed in, looked through by trainers, decided once."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from protege.app import App
from protege.discord.interaction import Role
from protege.settings import Rules
from protege.storage import Delivery
from protege.worker import work
from tests.person import Person
from tests.test_teaching import BETTER, QUESTION, posted, train

OTHER = "We never open on Sundays."
WIFI = "What is the wifi password?"


def someone(ada: Person, user: str, *, trainer: bool = False, guild: str = "77") -> Person:
    """Another person in front of the same bot."""
    person = Person(ada.app, ada.discord)
    person.user, person.guild = user, guild
    person.permissions = "32" if trainer else "0"
    return person


def ask(person: Person, question: str = QUESTION) -> str:
    person.slash("ask", question=question)
    return person.sees


def correct(person: Person, better: str = BETTER, question: str = QUESTION) -> str:
    """Ask, then correct the answer."""
    ask(person, question)
    person.slash("correct", message_id=posted(person)["id"], correction=better)
    return person.sees


def shown(person: Person) -> dict[str, Any]:
    """The last message as it would be found above a pressed button."""
    return {"id": "500", **person.discord.calls[-1].body}


def press(person: Person, label: str, message: dict[str, Any] | None = None) -> Any:
    """Press a button of a message, of the last one by default."""
    message = message or shown(person)
    for row in message["components"]:
        for button in row["components"]:
            if button.get("label") == label:
                return person.press(button, message)
    raise AssertionError(f"no button {label}")


def under_review(ada: Person) -> Person:
    """Corrections wait for ada, who is a trainer; the one returned is not."""
    ada.slash("settings", corrections="review")
    return someone(ada, "43")


def test_a_correction_under_review_counts_only_after_approval(ada: Person) -> None:
    bob = under_review(ada)
    assert "A trainer will look at it" in correct(bob)
    assert BETTER not in ask(bob)
    ada.slash("review")
    assert "1 waiting" in ada.sees and "<@43>" in ada.sees and QUESTION in ada.sees
    assert "not been taught" in ada.sees and "does not count yet" in ada.sees
    assert shown(ada)["embeds"][0]["description"] == BETTER
    assert press(ada, "Approve") == {"type": 5, "data": {"flags": 64}}
    assert "Approved" in ada.sees and "No correction is waiting" in ada.sees
    assert BETTER in ask(bob)


def test_a_rejected_correction_never_counts(ada: Person) -> None:
    bob = under_review(ada)
    correct(bob)
    ada.slash("review")
    press(ada, "Reject")
    assert "Rejected" in ada.sees
    assert BETTER not in ask(bob)


def test_a_live_correction_stops_answering_once_it_is_rejected(ada: Person) -> None:
    bob = someone(ada, "43")
    assert "From now on" in correct(bob)
    assert BETTER in ask(bob)
    ada.slash("review")
    assert "counts already" in ada.sees
    press(ada, "Reject")
    assert "not been taught" in ask(bob)


def test_a_rejected_correction_leaves_the_versions_that_learnt_it(ada: Person, app: App) -> None:
    correct(ada)
    train(ada, data=f"{WIFI} => Ask at the bar.")
    assert BETTER in ask(ada)
    ada.slash("review")
    press(ada, "Reject")
    assert BETTER not in ask(ada) and "bar" in ask(ada, WIFI)
    assert app.models.pointer("77").version == 1
    assert "knows 2 lessons" in train(ada, data="Where is the exit? => Behind you.")
    assert BETTER not in ask(ada)
    app.models.activate("77", 1, app.models.pointer("77").revision)
    assert BETTER not in ask(ada), "not even after a roll-back"


def test_what_was_approved_can_be_rejected_after_all(ada: Person) -> None:
    bob = under_review(ada)
    correct(bob)
    ada.slash("review")
    press(ada, "Approve")
    assert BETTER in ask(bob)
    ada.slash("review", kind="approved")
    assert QUESTION in ada.sees and BETTER in ada.sees
    press(ada, "1")
    assert "Rejected" in ada.sees
    assert BETTER not in ask(bob)


def test_a_trainer_edits_before_approving(ada: Person, app: App) -> None:
    for mode in ("review", "live"):
        ada.slash("settings", corrections=mode)
        correct(someone(ada, "43"), better=f"{OTHER} ({mode})")
        ada.slash("review")
        form = press(ada, "Edit")
        [field] = form["data"]["components"]
        assert field["component"]["value"] == f"{OTHER} ({mode})", "prefilled in full"
        ada.submit(form, better=f"{BETTER} ({mode})")
        assert ask(ada).endswith(f"{BETTER} ({mode})")
    last = list(app.proposals.every("77"))[-1]
    assert (last.author, last.proposed, last.decided_by) == ("43", f"{OTHER} (live)", "42")


def test_an_edit_to_nothing_is_refused(ada: Person) -> None:
    correct(ada)
    ada.slash("review")
    ada.submit(press(ada, "Edit"), better="  ")
    assert "answer is empty" in ada.sees


def test_skipping_leads_through_the_queue_and_leaves_it(ada: Person) -> None:
    bob = under_review(ada)
    for better in ("one", "two"):
        correct(bob, better)
    ada.slash("review")
    assert "2 waiting" in ada.sees and shown(ada)["embeds"][0]["description"] == "one"
    press(ada, "Skip")
    assert shown(ada)["embeds"][0]["description"] == "two"
    press(ada, "Skip")
    assert "2 still wait" in ada.sees


def test_the_second_trainer_hears_who_was_first(ada: Person) -> None:
    correct(under_review(ada))
    ada.slash("review")
    card = shown(ada)
    eve = someone(ada, "44", trainer=True)
    press(ada, "Approve", card)
    form = press(eve, "Edit", card)
    eve.submit(form, better=OTHER)
    assert "already approved by <@42>" in eve.sees
    press(eve, "Reject", card)
    assert "already approved by <@42>" in eve.sees
    assert BETTER in ask(eve)


def test_a_second_delivery_of_a_decision_is_the_same_decision(ada: Person, app: App) -> None:
    correct(under_review(ada))
    ada.slash("review")
    [button, *_] = ada.buttons
    payload = ada.payload(3, {"custom_id": button["custom_id"], "component_type": 2})
    payload["message"] = {"id": "500", "content": "", "author": {"id": "1"}}
    lessons, app.proposals._lessons = app.lessons, None  # type: ignore[assignment]
    assert work(app, [Delivery("m", json.dumps(payload), "", 1)]) == ["m"], "it died half-way"
    app.proposals._lessons = lessons
    assert work(app, [Delivery("m", json.dumps(payload), "", 2)]) == []
    assert "Approved" in ada.sees
    assert BETTER in ask(ada)


def test_many_trainers_at_once_decide_each_correction_once(ada: Person, app: App) -> None:
    from protege.errors import UserError
    from protege.proposals import Decision

    bob = under_review(ada)
    for number in range(3):
        correct(bob, f"answer {number}")
    waiting = [p.id for p in app.proposals.every("77")]

    def decide(trainer: int) -> list[str]:
        won = []
        for id in waiting:
            decision = Decision(f"9{trainer}", f"{trainer}", approve=bool(trainer % 2))
            try:
                app.proposals.decide("77", id, decision)
            except UserError:
                continue
            won.append(id)
        return won

    with ThreadPoolExecutor(8) as pool:
        won = [id for ids in pool.map(decide, range(8)) for id in ids]
    assert sorted(won) == sorted(waiting), "each decided exactly once"
    assert app.proposals.waiting("77") == 0
    for proposal in app.proposals.every("77"):
        taught = [c for c in app.lessons.corrections("77") if c.lesson.id == proposal.taught]
        assert len(taught) == (proposal.state == "approved")


def test_many_corrections_and_votes_at_once_are_all_kept(ada: Person, app: App) -> None:
    ask(ada)
    [record] = app.records.find("answer#77")
    answer = app.answers.given("77", record.id)

    def teach(number: int) -> None:
        user = str(1000 + number)
        app.proposals.correct("77", user, answer, f"answer {number}", user, live=True)
        app.answers.vote("77", answer, user, -1)
        app.answers.remark("77", user, user, f"remark {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(teach, range(24)))
    wanted = {f"answer {number}" for number in range(24)}
    assert {p.better for p in app.proposals.every("77")} == wanted
    assert {c.lesson.good for c in app.lessons.corrections("77")} == wanted
    assert len(app.answers.votes_down("77", 100)) == 24 == len(app.answers.remarks("77", 100))


def test_settings_changed_by_two_at_once_are_both_kept(ada: Person, app: App) -> None:
    changes = [{"corrections": "review"}, {"who": "trainers"}, {"trainer_role": "5"}] * 4
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda change: app.settings.change("77", "42", **change), changes))
    assert app.settings.rules("77") == Rules("review", "trainers", "5")


def test_settings_are_shown_changed_and_checked(ada: Person) -> None:
    ada.slash("settings")
    assert "they count at once" in ada.sees and "everyone" in ada.sees
    ada.slash("settings", corrections="review", trainer_role=Role("1234", "Coach"))
    assert "approval" in ada.sees and "role <@&1234>" in ada.sees
    ada.slash("settings", who="nobody")
    assert "not one of: everyone, trainers." in ada.sees
    ada.slash("settings", trainer_role=Role(ada.guild, "@everyone"))
    assert "@everyone cannot be" in ada.sees
    assert len(ada.suggestions("settings", "who", "")) == 2
    assert len(ada.suggestions("settings", "corrections", "")) == 2
    assert len(ada.suggestions("review", "kind", "")) == 4


def test_only_who_may_teach_teaches_on_every_way(ada: Person) -> None:
    bob = someone(ada, "43")
    ask(bob)
    message, (_, _, button) = posted(bob), bob.buttons
    ada.slash("settings", who="trainers")
    own = {"id": "9", "content": "At noon.", "author": {"id": "43"}}

    def tries(person: Person) -> list[str]:
        told = []
        person.slash("correct", message_id=message["id"], correction=BETTER)
        told.append(person.sees)
        for form in (person.menu("Correct this answer", message), person.press(button, message)):
            person.submit(form, better=BETTER)
            told.append(person.sees)
        person.submit(person.menu("Teach me this", own), question=QUESTION, answer=BETTER)
        return [*told, person.sees]

    assert all("Only trainers" in told for told in tries(bob))
    ada.slash("settings", trainer_role=Role("1234", "Coach"))
    assert all("<@&1234>" in told for told in tries(bob))
    assert BETTER not in ask(bob)
    bob.roles = ["1234"]
    assert all("From now on" in told for told in tries(bob))
    assert BETTER in ask(bob)


def test_what_is_stored_of_a_correction_is_complete(ada: Person, app: App) -> None:
    train(ada, data=f"{WIFI} => 12345")
    correct(someone(ada, "43"), "Ask at the bar.", WIFI)
    [proposal] = app.proposals.every("77")
    assert proposal.question == WIFI and proposal.given == "12345" == proposal.bad
    assert proposal.better == "Ask at the bar." and proposal.version == 1
    assert proposal.author == "43" and proposal.at > 1_700_000_000
    assert proposal.source.startswith("answer ")


def test_thumbs_and_remarks_are_shown_with_what_they_are_about(ada: Person) -> None:
    bob = someone(ada, "43")
    ask(bob)
    bob.press(bob.buttons[1])
    bob.slash("feedback", feedback_text="That did not help at all.")
    ada.slash("review", kind="remarks")
    assert "That did not help at all." in ada.sees and QUESTION in ada.sees and "<@43>" in ada.sees
    ada.slash("review", kind="answers")
    assert QUESTION in ada.sees and "not been taught" in ada.sees
    ada.submit(press(ada, "1"), better=BETTER)
    assert BETTER in ask(bob)
    ada.slash("review", kind="nonsense")
    assert "not one of" in ada.sees


def test_people_who_are_no_trainers_press_in_vain(ada: Person) -> None:
    bob = under_review(ada)
    correct(bob)
    ada.slash("review")
    card = shown(ada)
    for label in ("Approve", "Edit", "Reject", "Skip"):
        assert "Manage Server" in press(bob, label, card)["data"]["content"]
    assert BETTER not in ask(bob)


def test_ones_own_message_teaches(ada: Person) -> None:
    own = {"id": "9", "content": BETTER, "author": {"id": ada.user}}
    form = ada.menu("Teach me this", own)
    question, answer = form["data"]["components"]
    assert answer["component"]["value"] == BETTER and "value" not in question["component"]
    ada.submit(form, question=QUESTION, answer=BETTER)
    assert BETTER in ask(ada)


def test_the_messages_of_others_are_refused_with_the_reason(ada: Person) -> None:
    for author in ("6", "1300000000000000001"):
        told = ada.menu("Teach me this", {"id": "5", "content": "hi", "author": {"id": author}})
        assert told["type"] == 4 and "policy" in told["data"]["content"]
    blank = {"id": "5", "content": "", "author": {"id": ada.user}}
    assert "no text" in ada.menu("Teach me this", blank)["data"]["content"]


def test_corrections_are_exported_as_preference_pairs_and_as_chats(ada: Person) -> None:
    bob = under_review(ada)
    correct(bob)
    ada.slash("review")
    press(ada, "Approve")
    correct(bob, "waits")
    ada.slash("dataset export", path="@corrections", format="preference")
    [(name, body)] = ada.discord.calls[-1].files.items()
    [pair] = [json.loads(line) for line in body.decode().splitlines()]
    assert name.endswith("preference.jsonl")
    assert pair["input"]["messages"] == [{"role": "user", "content": QUESTION}]
    assert pair["preferred_output"] == [{"role": "assistant", "content": BETTER}]
    assert "not been taught" in pair["non_preferred_output"][0]["content"]
    ada.slash("dataset export", path="@corrections", format="chat")
    [body] = ada.discord.calls[-1].files.values()
    [chat] = [json.loads(line) for line in body.decode().splitlines()]
    assert [turn["content"] for turn in chat["messages"]] == [QUESTION, BETTER]
    assert ada.suggestions("dataset export", "path", "correct")[0]["value"] == "@corrections"
