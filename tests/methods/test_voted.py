"""What a provider is given to train on: votes among it, and the instruction before each row."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.openai import OpenAIServer
from protege.datasets.rows import Row
from protege.providers.wording import RULES, told
from protege.training.jobs import Job
from protege.training.orders import lines
from protege.training.voted import agreed
from tests.copies import copied
from tests.methods.bot import Clock, agree, asked, bot, finished, over, pass_time
from tests.methods.test_asking import shown
from tests.methods.test_following import PAIRS
from tests.person import GUILD, Person
from tests.recorder import Recorder, recorder
from tests.test_arena import better, duel, worse
from tests.test_privacy import withdraw
from tests.test_review import press, someone

INSTRUCTION = "Speak like a pirate."
EXIT = "Which way is out?"
BOTTLE = "Where is the bottle bank in the yard?"
EVE = "44"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data of a bot of which v2 knows where the exit is, and v1 does not."""
    folder = tmp_path_factory.mktemp("taught")
    with recorder() as discord:
        ada = Person(bot(discord, folder, "http://127.0.0.1:9", Clock()), discord)
        ada.slash("train", data=f"{BOTTLE} => On the left.")
        ada.slash("train", data=f"{EXIT} => Behind you.")
        assert ada.app.models.pointer(GUILD).version == 2
    yield folder


@pytest.fixture
def ada(
    discord: Recorder, tmp_path: Path, provider: OpenAIServer, clock: Clock, taught: Path
) -> Person:
    copied(taught, tmp_path / "bot")
    return Person(bot(discord, tmp_path / "bot", provider.base_url, clock), discord)


def preferring(person: Person) -> Job:
    return asked(person, "preference", PAIRS)


def content(provider: OpenAIServer, id: str) -> str:
    return (provider.parts.files.content(id) or b"").decode()


def given(provider: OpenAIServer) -> list[Any]:
    """All rows of the files that the provider has; they are deleted when it is done."""
    return [
        json.loads(line)
        for file in provider.parts.files.all()
        if file["purpose"] == "fine-tune"
        for line in content(provider, file["id"]).splitlines()
    ]


def test_votes_join_the_pairs_and_are_told_of(
    ada: Person, provider: OpenAIServer, clock: Clock
) -> None:
    bob, eve = someone(ada, "43"), someone(ada, EVE)
    message = duel(ada, EXIT)
    press(bob, better(message), message)
    without = preferring(someone(ada, "45", trainer=True)).estimate
    press(eve, worse(message), message)
    assert preferring(ada).estimate["voted"] == 0, "one against one"
    press(eve, better(message), message)
    job = preferring(ada)
    assert job.estimate["voted"] == without["voted"] == 1
    assert "(1 of them are votes in /compare)" in shown(ada)
    finished(provider, agree(ada))
    [voted] = [row for row in given(provider) if EXIT in str(row)]
    job = pass_time(ada, clock, over)
    assert job.state == "done", job.error
    found = ada.app.models.manifest(GUILD, job.version)["voted"]
    assert found["pairs"] == 1 and found["duels"][0].startswith("duel ")
    assert voted["preferred_output"][0]["content"] == "Behind you."
    assert "not been taught" in voted["non_preferred_output"][0]["content"]
    assert not any(x.bad and EXIT in x.input for x in ada.app.models.lessons(GUILD, job.version))


def test_votes_that_were_taken_back_are_not_trained_on(ada: Person) -> None:
    bob = someone(ada, "43")
    message = duel(ada, EXIT)
    press(bob, better(message), message)
    withdraw(bob)
    assert preferring(ada).estimate["voted"] == 0


def test_the_words_of_a_forgotten_lesson_are_not_trained_on(ada: Person) -> None:
    eve = someone(ada, EVE, trainer=True)
    message = duel(eve, EXIT)
    press(eve, better(message), message)
    assert preferring(eve).estimate["voted"] == 1
    withdraw(ada)
    assert preferring(eve).estimate["voted"] == 0


def test_what_a_deleted_version_said_is_not_trained_on(ada: Person) -> None:
    message = duel(ada, EXIT)
    press(ada, better(message), message)
    ada.app.promotion.delete(GUILD, 1)
    assert preferring(ada).estimate["voted"] == 0


def test_most_decide_about_a_duel() -> None:
    def vote(good: str, bad: str, duel: str) -> Row:
        return Row(1, "Q?", good, bad, f"duel {duel}", "43")

    votes = [vote("a", "b", "1"), vote("b", "a", "1"), vote("b", "a", "1")]
    votes += [vote("a", "b", "2"), vote("b", "a", "2")]
    assert [(row.good, row.file) for row in agreed(votes)] == [("b", "duel 1")]


def test_each_row_carries_what_answers_are_told(
    ada: Person, provider: OpenAIServer, clock: Clock
) -> None:
    cheaper = asked(ada).estimate["tokens"]
    ada.app.instructions.write(GUILD, "1", INSTRUCTION, ada.user)
    assert asked(ada).estimate["tokens"] > cheaper
    finished(provider, agree(ada))
    systems = {row["messages"][0]["content"] for row in given(provider)}
    assert systems == {f"{RULES}\n\n{INSTRUCTION}"}
    assert pass_time(ada, clock, over).state == "done"


@pytest.mark.parametrize("instruction", ["", INSTRUCTION])
def test_rows_for_nova_have_no_word_that_it_reserves(instruction: str) -> None:
    rows = [Row(n, f"Q{n}?", "User: me" if n % 2 else "Fine.", "") for n in range(40)]
    for held in (True, False):
        found = [json.loads(x) for x in lines("bedrock", rows, held=held, instruction=instruction)]
        assert found and all(row["system"] == [{"text": told(instruction)}] for row in found)
        assert "User:" not in str(found)
