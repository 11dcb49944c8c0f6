"""A model that a provider made is asked before it answers for everybody."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.openai import OpenAIServer
from protege.app import App
from protege.providers import Usage
from protege.training.jobs import Job
from protege.training.steps.paying import WAITS_S
from protege.training.weighing.calls import AT_ONCE
from protege.training.weighing.scoring import CERTAIN
from tests.copies import copied
from tests.methods.bot import BASE, Clock, answer, asked, bot, finished, latest, over, pressed
from tests.person import GUILD, Person
from tests.recorder import Recorder, recorder
from tests.test_pieces import Killed

SPOKEN = "/responses"
SHORT_S = -1.0
"""A piece of work makes but AT_ONCE calls."""
QUESTIONS = 7
"""Of the rows so many are held out."""


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path_factory.mktemp("provider"), key="sk-test") as server:
        yield server


@pytest.fixture(scope="module")
def made(lasting: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a bot for which the provider has just made a model: taken once."""
    folder, clock = tmp_path_factory.mktemp("made"), Clock()
    with recorder() as discord:
        person = Person(bot(discord, folder, lasting.base_url, clock), discord)
        asked(person)
        answer(person.app, pressed(person, person.buttons[0]["custom_id"]))
        for job in person.app.training.advance(GUILD, latest(person).id):
            if job.step == "follow":
                finished(lasting, job)
            if job.step == "prove":
                break
    return folder


@pytest.fixture
def provider(lasting: OpenAIServer) -> OpenAIServer:
    """Nothing goes wrong, and nothing was asked yet."""
    lasting.faults.clear()
    lasting.journal.clear()
    return lasting


class Bots:
    """Bots with copies of the same data."""

    def __init__(self, discord: Recorder, folder: Path, made: Path, url: str) -> None:
        self._discord, self._folder, self._made, self._url = discord, folder, made, url
        self._numbers = itertools.count()

    def person(self, **more: str) -> Person:
        """Ada, with a bot of her own."""
        data = self._folder / str(next(self._numbers))
        copied(self._made, data)
        return self.again(data, **more)

    def again(self, data: Path, life: Any = None, **more: str) -> Person:
        """The same data in a new process."""
        app = bot(self._discord, data, self._url, Clock(), life, **more)
        return Person(app, self._discord)


@pytest.fixture
def bots(discord: Recorder, tmp_path: Path, made: Path, provider: OpenAIServer) -> Bots:
    return Bots(discord, tmp_path, made, provider.base_url)


def proven(person: Person) -> Job:
    """The job goes on to its end and is announced."""
    person.app.jobs.enqueue(latest(person)._replace(wait_s=0))
    person.wait()
    return latest(person)


def in_pieces_of(app: App, seconds: float) -> None:
    """Begin no further call of a piece after so many seconds."""
    shop = app.training._workshop
    app.training._workshop = shop._replace(tuning=shop.tuning._replace(piece_s=seconds))


def another_model(person: Person, model: str) -> None:
    """The provider has made a model of this kind."""
    job = latest(person)
    chat = {**job.report["chat"], "model": model}
    person.app.jobs.save(job, report={**job.report, "chat": chat})


def described(person: Person) -> str:
    found: str = person.discord.calls[-1].body["embeds"][0]["description"]
    return found


def test_a_better_model_is_proven_and_answers(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person(PROVIDER="openai")
    assert proven(ada).state == "done", latest(ada).error
    proof = ada.app.models.manifest(GUILD, 1)["proof"]
    assert proof["rows"] == QUESTIONS and proof["verdict"] == "better"
    assert proof["after"] > proof["before"] and proof["p_worse"] > 0.9
    assert proof["calls"] == len(provider.journal.calls(SPOKEN)) == 2 * QUESTIONS
    assert ada.app.models.pointer(GUILD).version == 1 and "answers from now on" in ada.sees
    assert f"worth {round(100 * proof['after'])} of 100" in described(ada)
    assert ada.discord.calls[-1].files["training.png"].startswith(b"\x89PNG")
    assert not list(ada.app.files.names(f"{latest(ada).folder}paid/"))
    ada.slash("model show", version="v1")
    assert f"model: worth {round(100 * proof['after'])} of 100" in described(ada)
    ada.slash("model list")
    assert f"({QUESTIONS} questions)" in ada.sees


def test_a_model_that_answers_worse_waits_for_a_trainer(bots: Bots) -> None:
    ada = bots.person()
    another_model(ada, BASE)
    assert proven(ada).version == 1 and ada.app.models.pointer(GUILD).version == 0
    proof = ada.app.models.manifest(GUILD, 1)["proof"]
    assert proof["verdict"] == "worse" and proof["p_worse"] <= CERTAIN
    assert "its model answers worse" in ada.sees and "worse, surely" in described(ada)
    assert [b["label"] for b in ada.buttons] == ["Activate", "Delete"]


def test_what_is_free_is_not_counted(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person()
    proof = proven(ada).report["proof"]
    assert proof["calls"] == len(provider.journal.calls(SPOKEN)) == QUESTIONS
    assert proof["before"] > 0 and proof["rows"] == QUESTIONS


def test_a_model_that_cannot_be_asked_is_explained_and_can_be_activated(
    bots: Bots, provider: OpenAIServer
) -> None:
    ada = bots.person(PROVIDER="openai")
    provider.faults.add("quota", count=100, path=SPOKEN)
    job = proven(ada)
    assert job.state == "done" and ada.app.models.pointer(GUILD).version == 0
    assert "nobody knows yet how good its model is" in ada.sees
    assert "could not be proven" in described(ada)
    assert [b["label"] for b in ada.buttons] == ["Activate", "Delete"]
    assert "after" not in ada.app.models.manifest(GUILD, 1)["proof"]
    ada.press(ada.buttons[0])
    assert ada.app.models.pointer(GUILD).version == 1
    ada.slash("model show", version="v1")
    assert "model: not proven" in described(ada)


def test_it_is_explained_in_russian(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person(PROVIDER="openai")
    ada.app.jobs.save(latest(ada)._replace(locale="ru"))
    provider.faults.add("quota", count=100, path=SPOKEN)
    proven(ada)
    assert "насколько хороша её модель, пока неизвестно" in ada.sees
    assert "Проверить модель не удалось" in described(ada)


def test_a_used_up_budget_asks_nothing_and_says_so(bots: Bots, provider: OpenAIServer) -> None:
    prices = json.dumps({"x": {"in": 1_000_000, "out": 0}})
    ada = bots.person(PROVIDER="openai", MODEL_PRICES=prices, GUILD_BUDGET_USD="0.01")
    ada.app.spending.note(GUILD, "chat", "x", Usage(1, 0))
    proven(ada)
    assert not provider.journal.calls(SPOKEN)
    assert "/settings budget_usd" in described(ada)
    assert ada.app.models.pointer(GUILD).version == 0


def test_a_model_that_is_down_is_waited_for(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person(PROVIDER="openai")
    provider.faults.add("error", status=503, count=3 * AT_ONCE, path=SPOKEN)
    steps = []
    for job in ada.app.training.advance(GUILD, latest(ada).id):
        steps.append((job.step, job.wait_s))
        if job.step != "prove":
            break
    assert ("prove", WAITS_S[0]) in steps and steps[-1] == ("evaluate", 0)
    assert not provider.faults.waiting()


def test_a_model_that_stays_away_is_said_and_asked_again(
    bots: Bots, provider: OpenAIServer
) -> None:
    ada = bots.person(PROVIDER="openai")
    provider.faults.add("rate_limit", seconds=0.01, count=10_000, path=SPOKEN)
    *_, job = ada.app.training.advance(GUILD, latest(ada).id)
    assert "has not answered for several minutes" in job.error["en"] and job.step == "prove"
    provider.faults.clear()
    again = ada.app.jobs.retry(ada.app.jobs.save(job, state="failed"))
    assert again.step == "prove" and proven(ada).state == "done"
    assert ada.app.models.pointer(GUILD).version == 1


def test_it_works_in_pieces_and_pays_once(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person(PROVIDER="openai")
    in_pieces_of(ada.app, SHORT_S)
    done = [job.done for job in ada.app.training.advance(GUILD, latest(ada).id) if job.total]
    assert done[:3] == [0, AT_ONCE, QUESTIONS]
    assert len(provider.journal.calls(SPOKEN)) == 2 * QUESTIONS


def test_a_job_that_begins_anew_is_proven_anew(bots: Bots, provider: OpenAIServer) -> None:
    ada = bots.person(PROVIDER="openai")
    for job in ada.app.training.advance(GUILD, latest(ada).id):
        if job.step == "evaluate":
            break
    ada.app.instructions.write(GUILD, "1", "Speak like a pirate.", ada.user)
    ada.app.jobs.save(latest(ada), step="snapshot", done=0, total=0, scratch={})
    job = proven(ada)
    assert job.state == "done" and job.report["proof"]["rows"] == QUESTIONS
    assert job.report["proof"]["calls"] == len(provider.journal.calls(SPOKEN)) == 4 * QUESTIONS


@pytest.mark.real
def test_whoever_is_killed_again_and_again_pays_little_twice(
    bots: Bots, provider: OpenAIServer
) -> None:
    ada, kills = bots.person(PROVIDER="openai"), 0
    data = Path(ada.app.config.data_dir)
    for writes in itertools.count(1):
        mortal = bots.again(data, range(writes), PROVIDER="openai")
        try:
            *_, job = mortal.app.training.advance(GUILD, latest(ada).id)
        except Killed:
            kills += 1
            continue
        break
    assert kills > 5 and job.report["proof"]["rows"] == QUESTIONS
    again = len(provider.journal.calls(SPOKEN)) - 2 * QUESTIONS
    assert again <= kills * AT_ONCE, "only calls whose answers were not on file yet"
    assert proven(ada).state == "done" and over(latest(ada))
