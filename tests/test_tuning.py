"""A guild's instruction, tuned against a stand-in language model over HTTP.

The stand-in answers from the prompt, with manners that cost exactness until its instruction forbids
them (playground/openai/speech/manners.py), and proposes what the feedback calls for.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.openai import OpenAIServer
from protege.app import App
from protege.commands.tuned import difference, told
from protege.storage import Delivery
from protege.training.job import Job
from protege.training.steps.paying import WAITS_S
from protege.training.weighing.calls import AT_ONCE
from protege.worker import work
from tests.copies import copied
from tests.learning.conftest import FAQ
from tests.person import ADA, GUILD, Person, configured
from tests.recorder import Recorder, recorder

SPOKEN = "/responses"
ROWS = [json.loads(line) for line in FAQ.read_text("utf-8").splitlines()]
TAUGHT = "".join(
    f"{question} => {row['good']}\n"
    for row in ROWS
    if row["good"]
    for question in (row["input"], *row["asked"])
)
KNOWN = ROWS[0]
ALMOST = (
    "Answer with the trainers' words only, word for word. Use no closing: add nothing after the "
    "answer. Say so if not taught."
)
"""One thing is missing: the stand-in greets."""
GREETING = "Use no greeting: start with the answer itself."
CALLS = 90
SHORT_S = -1.0
"""A piece of work makes but AT_ONCE calls."""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path_factory.mktemp("provider")) as server:
        yield server


@pytest.fixture
def calm(provider: OpenAIServer) -> OpenAIServer:
    """Nothing goes wrong, and nothing was asked yet."""
    provider.faults.clear()
    provider.journal.clear()
    return provider


def bot(discord: Recorder, url: str, folder: Path, **more: str) -> App:
    env = {
        "PROVIDER": "openai",
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": url,
        "OPENAI_TIMEOUT_S": "20",
        "TUNE_CALLS": str(CALLS),
    }
    return configured(discord, str(folder), **{**env, **more})


@pytest.fixture(scope="module")
def learnt(provider: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a bot in whose guild all is learnt, and the tuning begins: taken once."""
    folder = tmp_path_factory.mktemp("learnt")
    with recorder() as discord:
        app = bot(discord, provider.base_url, folder)
        ada = Person(app, discord)
        app.instructions.write(GUILD, "1", ALMOST, ADA)
        rows = ada.upload("faq.txt", TAUGHT)
        ada.hand_in(ada.command("train", attachment=rows, method="tuned"))
        delivery = app.queue.receive(wait_s=0, lease_s=60)
        assert delivery and not work(app, [delivery])
        app.queue.done(delivery.receipt)
        [job] = app.jobs.latest(GUILD, 1)
        job = app.jobs.confirm(GUILD, job.id, "2")
        for _ in until(app, job, lambda job: job.scratch.get("phase") == "search"):
            pass
    return folder


@pytest.fixture
def app(discord: Recorder, calm: OpenAIServer, learnt: Path, tmp_path: Path) -> App:
    """A bot with a copy of these data."""
    return bot(discord, calm.base_url, copied(learnt, tmp_path / "data"))


def until(app: App, job: Job, done: Callable[[Job], bool] = lambda job: False) -> Iterator[Job]:
    """Take a job further until it is so, or over."""
    for after in app.training.advance(job.space, job.id):
        yield after
        if done(after):
            return


def tuned(app: App) -> Job:
    """Take the job to where its version is written."""
    *_, job = until(app, the_job(app))
    return job


def the_job(app: App) -> Job:
    [job] = app.jobs.latest(GUILD, 1)
    return job


def in_pieces_of(app: App, seconds: float) -> None:
    """Begin no further call of a piece after so many seconds."""
    shop = app.training._workshop
    app.training._workshop = shop._replace(tuning=shop.tuning._replace(piece_s=seconds))


# ---- what it is good for -------------------------------------------------------------------------


def test_a_tuned_instruction_is_better_on_unseen_questions_and_in_force_at_once(
    ada: Person, app: App, calm: OpenAIServer
) -> None:
    ada.wait()
    job = the_job(app)
    assert job.state == "done", job.error
    found = app.models.manifest(GUILD, 1)["tuned"]
    assert found["after"] > found["before"] + 0.02
    assert found["calls"] == len(calm.journal.calls(SPOKEN)) <= CALLS
    assert 0 < found["dollars"] == pytest.approx(app.spending.month(GUILD).dollars, abs=1e-6)
    assert [score for _, score in job.points] == sorted(score for _, score in job.points)
    assert app.models.instruction(GUILD, 1) == f"{ALMOST}\n{GREETING}"
    assert f"+ {GREETING}" in difference(job.report["tuning"]["was"], job.report["tuning"]["now"])
    assert not list(app.files.names(f"{job.folder}paid/")), "nothing is left of the questions"
    ada.slash("ask", question=KNOWN["input"])
    assert ada.sees.endswith(f"\n{KNOWN['good']}"), "no greeting before it"


def test_the_guilds_own_newer_instruction_wins_and_a_later_training_keeps_a_tuned_one(
    ada: Person, app: App
) -> None:
    tuned(app)
    ada.slash("instruction")
    assert "A training tuned it" in ada.sees
    assert GREETING in ada.discord.calls[-1].body["embeds"][0]["description"]
    ada.slash("train", data="What is the wifi password? => Ask at the bar.")
    assert app.models.pointer(GUILD).version == 2
    assert app.chat.instruction(GUILD).text == f"{ALMOST}\n{GREETING}"
    ada.slash("instruction")
    form = ada.press(ada.buttons[0], ada.discord.calls[-1].body)
    ada.submit(form, text="Speak like a pirate.")
    assert app.chat.instruction(GUILD).text == "Speak like a pirate."
    assert "A training tuned it" not in ada.sees


def test_an_instruction_that_cannot_be_bettered_stays(ada: Person, app: App) -> None:
    perfect = f"{ALMOST} {GREETING}"
    app.instructions.write(GUILD, "3", perfect, ADA)
    job = the_job(app)
    app.jobs.save(job, scratch={})
    job = tuned(app)
    assert "tuned" not in app.models.manifest(GUILD, 1)
    assert app.models.instruction(GUILD, 1) == perfect
    assert "stays as it was" in told(job.report["tuning"], "en-US")


# ---- what it may take ----------------------------------------------------------------------------


def test_no_more_calls_are_made_than_the_setting_allows(
    discord: Recorder, calm: OpenAIServer, learnt: Path, tmp_path: Path
) -> None:
    app = bot(discord, calm.base_url, copied(learnt, tmp_path / "data"), TUNE_CALLS="40")
    job = tuned(app)
    assert job.report["tuning"]["calls"] == len(calm.journal.calls(SPOKEN)) <= 40


def test_a_used_up_budget_ends_the_tuning_and_keeps_what_was_learnt(
    discord: Recorder, calm: OpenAIServer, learnt: Path, tmp_path: Path
) -> None:
    prices = json.dumps({"gpt-6-luna": {"in": 1000, "out": 1000}})
    data = copied(learnt, tmp_path / "data")
    app = bot(discord, calm.base_url, data, GUILD_BUDGET_USD="1", MODEL_PRICES=prices)
    in_pieces_of(app, SHORT_S)
    job = tuned(app)
    assert job.version == 1 and not job.error
    assert job.report["tuning"]["stopped"] == "budget"
    assert len(calm.journal.calls(SPOKEN)) <= 2 * AT_ONCE
    assert "tuned" not in app.models.manifest(GUILD, 1)


def test_without_a_language_model_it_is_explained(
    discord: Recorder, learnt: Path, tmp_path: Path
) -> None:
    app = configured(discord, str(copied(learnt, tmp_path / "data")))
    assert "an operator has to set PROVIDER" in tuned(app).error["en"]
    Person(app, discord).slash("train", data="A question? => An answer.", method="tuned")
    assert "PROVIDER" in discord.contents()[-1]


def test_too_few_lessons_are_told_before_anybody_is_asked_to_pay(
    discord: Recorder, calm: OpenAIServer, tmp_path: Path
) -> None:
    ada = Person(bot(discord, calm.base_url, tmp_path), discord)
    ada.slash("train", data="A question? => An answer.", method="tuned")
    assert "tuned from about 50 lessons on: too few of these 1" in ada.sees
    assert list(ada.app.jobs.latest(GUILD, 1)) == []


# ---- what may go wrong ---------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """Storage whose process dies before its n-th write."""

    def __init__(self, parts: Any, left: list[int]) -> None:
        self._parts = parts
        self._left = left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._parts, name)
        if name in ("write", "put", "write_stream", "delete"):
            return lambda *given, **more: self._write(found, *given, **more)
        return found

    def _write(self, write: Callable[..., Any], *given: Any, **more: Any) -> Any:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Killed
        return write(*given, **more)


def mortal(app: App, writes: int) -> App:
    left = [writes]
    app.__dict__["files"] = Mortal(app.files, left)
    app.__dict__["records"] = Mortal(app.records, left)
    return app


@pytest.mark.real
def test_whoever_is_killed_again_and_again_pays_for_a_call_once_and_finds_the_same(
    discord: Recorder, calm: OpenAIServer, learnt: Path, tmp_path: Path
) -> None:
    undisturbed = tuned(bot(discord, calm.base_url, copied(learnt, tmp_path / "one"))).report
    needed = len(calm.journal.calls(SPOKEN))
    calm.journal.clear()
    data, kills = copied(learnt, tmp_path / "other"), 0
    for writes in itertools.count():
        app = mortal(bot(discord, calm.base_url, data), writes)
        try:
            found = tuned(app).report
        except Killed:
            kills += 1
            continue
        break
    assert kills > 10
    for name in ("tuning", "tuned", "evaluation"):
        assert found[name] == undisturbed[name]
    again = len(calm.journal.calls(SPOKEN)) - needed
    assert again <= kills * AT_ONCE, "only calls whose answers were not on file yet"


def test_a_second_delivery_costs_nothing(ada: Person, app: App, calm: OpenAIServer) -> None:
    in_pieces_of(app, SHORT_S)
    job = the_job(app)
    message = json.dumps({"job": job.id, "space": job.space, "leg": job.leg})
    list(until(app, job, lambda job: job.done > AT_ONCE))
    made = len(calm.journal.calls(SPOKEN))
    assert work(app, [Delivery("again", message, "", 2)] * 2) == []
    assert the_job(app).report["tuning"]["calls"] == len(calm.journal.calls(SPOKEN)) > made


def test_a_cancelled_tuning_asks_nothing_more(ada: Person, app: App, calm: OpenAIServer) -> None:
    in_pieces_of(app, SHORT_S)
    job = the_job(app)
    list(until(app, job, lambda job: job.done > AT_ONCE))
    app.jobs.cancel(GUILD, job.id)
    made = len(calm.journal.calls(SPOKEN))
    ada.wait()
    assert the_job(app).state == "cancelled"
    assert len(calm.journal.calls(SPOKEN)) <= made + AT_ONCE
    assert not list(app.files.names(f"{job.folder}paid/"))


@pytest.mark.parametrize("kind", ["rate_limit", "error", "cut"])
def test_passing_trouble_is_waited_for(app: App, calm: OpenAIServer, kind: str) -> None:
    calm.faults.add(kind, count=3 * AT_ONCE, seconds=0.01, path=SPOKEN)
    steps = until(app, the_job(app), lambda job: job.done > AT_ONCE)
    waits = [job.wait_s for job in steps]
    assert WAITS_S[0] in waits, "three tries, then another leg, later"
    assert waits[-1] == 0
    assert not calm.faults.waiting()


def test_a_model_that_stays_away_is_explained_and_another_try_goes_on(
    app: App, calm: OpenAIServer
) -> None:
    in_pieces_of(app, SHORT_S)
    *_, half = until(app, the_job(app), lambda job: job.done > AT_ONCE)
    calm.faults.add("error", count=1000, path=SPOKEN)
    failed = tuned(app)
    assert "has not answered for several minutes" in failed.error["en"]
    calm.faults.clear()
    calm.journal.clear()
    again = app.jobs.retry(app.jobs.save(failed, state="failed"))
    in_pieces_of(app, 60)
    assert again.step == "tune"
    job = tuned(app)
    assert job.report["tuning"]["kept"]
    assert len(calm.journal.calls(SPOKEN)) == job.report["tuning"]["calls"] - half.done


def test_a_key_that_is_refused_is_explained(
    discord: Recorder, learnt: Path, tmp_path: Path
) -> None:
    with OpenAIServer(tmp_path / "strict", key="sk-right") as strict:
        app = bot(discord, strict.base_url, copied(learnt, tmp_path / "data"))
        assert "OPENAI_API_KEY" in tuned(app).error["en"]
