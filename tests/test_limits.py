"""How often one may come and how much it may cost, as people meet it; and who is a trainer."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.commands.pace import ASKING, TRAINING
from protege.discord.interaction import Role
from protege.providers import Usage
from protege.spending import OverBudget, paid_by, payer
from protege.worker import work
from tests.hashing import Hashing
from tests.person import Person, configured
from tests.recorder import Recorder
from tests.test_teaching import BETTER, QUESTION
from voice_worker.speaking import Manner
from voice_worker.speaking.engines.thrifty import Thrifty

NOW = float(int(time.time()))
COACH = Role("1234", "Coach")


def quick(discord: Recorder, folder: Path, **settings: str) -> App:
    """A bot that needs no weights to embed."""
    app = configured(discord, str(folder), SIGNATURE_MAX_AGE_S="0", **settings)  # time stands
    app._loaded_embedder = Hashing()
    return app


@pytest.fixture
def app(discord: Recorder, tmp_path: Path) -> App:
    return quick(discord, tmp_path)


@pytest.fixture
def bob(discord: Recorder, tmp_path: Path) -> Person:
    """On a server where four questions in twenty seconds are too many."""
    app = quick(discord, tmp_path, RATE_PERSON="3", RATE_GUILD="100")
    app.now = lambda: NOW
    return Person(app, discord)


def someone(like: Person, user: str, **about: Any) -> Person:
    """Another person on the same server, without permissions."""
    person = Person(like.app, like.discord)
    person.user, person.permissions = user, "0"
    for name, value in about.items():
        setattr(person, name, value)
    return person


# ---- how often -----------------------------------------------------------------------------------


def test_one_question_too_many_is_given_back_with_the_moment_to_ask_again(bob: Person) -> None:
    for number in range(4):
        bob.slash("ask", question=f"Is ``` {number} a number?")
    assert f"You can go on <t:{NOW + 20:.0f}:R>" in bob.sees
    assert "```\nIs `\u200b`` 3 a number?\n```" in bob.sees
    bob.locale = "ru"
    bob.slash("ask", question="Почему?")
    assert f"Продолжить можно <t:{NOW + 20:.0f}:R>" in bob.sees and "Почему?" in bob.sees
    other = someone(bob, "43")
    other.slash("ask", question=QUESTION)
    assert "not been taught" in other.sees
    bob.app.now = lambda: NOW + 20
    bob.slash("ask", question=QUESTION)
    assert "не учили" in bob.sees


def test_a_training_too_many_is_refused_and_its_words_are_not_shown_to_all(bob: Person) -> None:
    for number in range(2):
        bob.slash("train", data=f"Question {number} => my secret {number}")
    assert "You can go on" in bob.sees and "secret" not in bob.sees
    bob.slash("settings")
    assert "3 for each person, 100 for all" in bob.sees


def test_a_correction_too_many_is_not_lost(bob: Person) -> None:
    form = {"data": {"custom_id": "taught:9"}}
    for number in range(10):
        bob.submit(form, question=QUESTION, answer=f"{BETTER} {number}")
    assert "You can go on" in bob.sees
    assert f"```\n{QUESTION}\n```" in bob.sees and f"```\n{BETTER} 9\n```" in bob.sees


def test_a_server_sets_lower_limits_which_hold_at_once(bob: Person) -> None:
    bob.slash("settings", rate_person=1)
    assert "1 for each person, 100 for all" in bob.sees
    for _ in range(2):
        bob.slash("ask", question=QUESTION)
    assert "You can go on" in bob.sees
    bob.slash("settings", rate_person=0, rate_guild=-1)
    assert "from 1 to 10000" in bob.sees
    bob.slash("settings", rate_person=0)
    assert "3 for each person" in bob.sees


def test_whom_we_failed_has_not_come_twice(discord: Recorder, tmp_path: Path) -> None:
    ada = Person(quick(discord, tmp_path, RATE_PERSON="1"), discord)
    ada.app.now = lambda: NOW
    discord.answers.extend([(429, {}, {"retry_after": 0.001})] * 5)
    ada.hand_in(ada.command("ask", question=QUESTION))
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery and work(ada.app, [delivery]) == [delivery.id]
    assert work(ada.app, [delivery._replace(receives=2)]) == []
    assert "not been taught" in ada.sees
    ada.slash("ask", question=QUESTION)
    assert "You can go on" in ada.sees


def test_each_heavy_action_exists() -> None:
    assert {action.name for action in ACTIONS} >= ASKING | TRAINING


# ---- how much ------------------------------------------------------------------------------------


def costly(person: Person) -> None:
    """As if a model answered that costs something."""
    person.app.provider.configured.model = "gpt-6-luna"  # type: ignore[attr-defined]


def test_what_was_taught_is_still_answered_when_the_budget_is_used_up(ada: Person) -> None:
    ada.slash("train", data=f"{QUESTION} => {BETTER}")
    costly(ada)
    ada.slash("settings", budget_tokens=10)
    assert "10 tokens" in ada.sees
    ada.app.spending.note(ada.guild, "chat", "llama-at-home", Usage(9, 1, 2.5))
    ada.slash("ask", question=QUESTION)
    assert ada.sees == f"> {QUESTION}\n{BETTER}"
    ada.slash("ask", question="What is the wifi password?")
    assert "budget of this server is 10 tokens" in ada.sees and "budget_tokens" in ada.sees
    ada.slash("settings")
    assert "the price: 10 tokens, 2 s of sound" in ada.sees


def test_a_trainer_is_told_once_a_month_that_the_budget_is_nearly_used_up(ada: Person) -> None:
    ada.slash("settings", budget_usd=1.0)
    ada.app.spending.note(ada.guild, "chat", "gpt-6-astra", Usage(85_000))
    member = someone(ada, "43")
    member.slash("ask", question=QUESTION)
    ada.slash("feedback", feedback_text="hm")
    assert not [c for c in ada.discord.contents() if "85 %" in c]
    ada.slash("ask", question=QUESTION)
    assert "85 % of this month's budget" in ada.sees and "$0.85 of $1.00" in ada.sees
    assert ada.discord.calls[-1].body["flags"] == 64, "for them alone"
    ada.slash("ask", question=QUESTION)
    assert "not been taught" in ada.sees


@pytest.mark.parametrize(
    "wrong", [{"budget_tokens": -1}, {"budget_usd": -0.5}, {"rate_guild": 10_001}]
)
def test_senseless_limits_are_refused(ada: Person, wrong: dict[str, Any]) -> None:
    ada.slash("settings", **wrong)
    assert "number" in ada.sees and "0" in ada.sees
    assert ada.app.settings.rules(ada.guild).budget_tokens == ""


class Voice:
    """Speech that costs something."""

    name = "dear"

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        yield text.encode()


def test_a_voice_that_costs_something_falls_silent_when_the_budget_is_used_up(ada: Person) -> None:
    spending = ada.app.spending
    voice = Thrifty(Voice(), lambda: spending.check(payer()))
    with paid_by(ada.guild):
        assert list(voice.synthesize("Hello", Manner())) == [b"Hello"] and voice.name == "dear"
        ada.slash("settings", budget_usd=0)
        with pytest.raises(OverBudget):
            next(voice.synthesize("Hello", Manner()))


# ---- who -----------------------------------------------------------------------------------------


def test_the_trainers_role_opens_buttons_and_forms(ada: Person) -> None:
    coach = someone(ada, "43", roles=["9", COACH.id])
    assert "trainers' role" in str(coach.press("edit_instruction:"))
    ada.slash("settings", trainer_role=COACH)
    assert "<@&1234> are trainers now" in ada.sees and "Integrations" in ada.sees
    form = coach.press("edit_instruction:")
    assert form["type"] == 9
    coach.submit(form, text="Speak like a pirate.")
    assert ada.app.instructions.text(ada.guild) == "Speak like a pirate."
    member = someone(ada, "44", roles=["9"])
    assert "trainers' role" in str(member.press("edit_instruction:"))
    coach.guild = "78"
    assert "trainers' role" in str(coach.press("edit_instruction:")), "elsewhere it is no role"


def test_the_trainers_role_counts_within_commands_too(ada: Person) -> None:
    coach = someone(ada, "43", roles=[COACH.id])
    coach.slash("voice", language="ru")
    assert "trainers' role" in coach.sees
    ada.slash("settings", who="trainers", trainer_role=COACH)
    coach.slash("voice", language="ru")
    assert ada.app.voice_rules.rules(ada.guild).language == "ru"


def test_the_trainers_role_can_be_taken_away(ada: Person) -> None:
    ada.slash("settings", trainer_role=COACH)
    [button] = ada.buttons
    ada.press(button)
    assert "No role" in ada.sees and ada.app.settings.rules(ada.guild).trainer_role == ""
    assert "trainers' role" in str(someone(ada, "43", roles=[""]).press("edit_instruction:"))


def test_who_once_might_teach_by_a_role_becomes_no_trainer_by_it(ada: Person) -> None:
    ada.app.records.put("settings", ada.guild, {"who": "role", "role": COACH.id, "by": "42"})
    coach = someone(ada, "43", roles=[COACH.id])
    assert "trainers' role" in str(coach.press("edit_instruction:"))
    assert ada.app.settings.rules(ada.guild).who == "trainers"
