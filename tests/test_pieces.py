"""A training job in pieces: killed at any write, cancelled at any step, on top of any version."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from protege.app import App
from protege.datasets.pairing import paired, paired_streams
from protege.datasets.rows import Row
from protege.errors import UserError
from protege.learning.artefact import WrongEmbedder
from protege.learning.evaluation import compared
from protege.learning.model import Model
from protege.models import Pointer
from protege.storage import Delivery
from protege.training.jobs import Job
from protege.training.plan import METHODS
from protege.worker import work
from tests.hashing import Hashing
from tests.person import Person, configured
from tests.recorder import Recorder, recorder

WRITES = ("write", "write_stream", "copy", "delete", "put")
SUBJECTS = ("wifi", "parking", "lunch", "printer")
ROWS = [
    Row(n + 1, f"how about the {subject} in room {n} {'abcdefgh'[n % 8]}", f"See {subject}.", "")
    for n, subject in enumerate(SUBJECTS * 8)
]


class Killed(BaseException):
    """The process ends here and now: nothing catches it."""


class Mortal:
    """Storage whose user is killed when about to write for the n-th time."""

    def __init__(self, whole: Any, life: Iterator[int]) -> None:
        self._whole = whole
        self._life = life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._whole, name)
        if name in WRITES and next(self._life, None) is None:
            raise Killed(name)
        return found


def bot(discord: Recorder, folder: Path, life: Iterable[int] | None = None) -> App:
    """The bot in a new process."""
    app = configured(discord, str(folder))
    app._loaded_embedder = Hashing()
    if life is not None:
        lives = iter(life)
        app.files, app.records = Mortal(app.files, lives), Mortal(app.records, lives)
        app.queue = Mortal(app.queue, lives)
    return app


def job(app: App, id: str = "j1", rows: list[Row] = ROWS, **more: Any) -> Job:
    return app.jobs.start(Job(id, "77", "42", "88", "900", "token", "en", "", **more), rows)


def trained(app: App, id: str = "j1", rows: list[Row] = ROWS) -> Job:
    job(app, id, rows)
    *_, found = app.training.advance("77", id)
    return found


def outcome(app: App) -> dict[str, Any]:
    """What must be the same however often a worker died."""
    about = app.models.manifest("77", app.models.pointer("77").version)
    fit = json.loads(app.files.read("guilds/77/models/v1/fit.json"))
    names = ("lessons", "duplicates", "evaluation", "activated")
    return {"version": about["version"], "fit": fit, **{n: about.get(n) for n in names}}


def run(discord: Recorder, folder: Path, deaths: int) -> bool:
    """A job whose worker dies before its write number `deaths`; whether it came so far."""
    job(bot(discord, folder))
    first = bot(discord, folder).queue.receive(wait_s=0, lease_s=60)
    assert first
    died = False
    try:
        assert work(bot(discord, folder, range(deaths)), [first]) == []
    except Killed:
        died = True
    again = bot(discord, folder)
    assert work(again, [first._replace(receives=2)]) == []
    again.queue.done(first.receipt)
    Person(again, discord).wait()
    return died


@pytest.mark.real
def test_a_worker_may_die_before_any_of_its_writes(tmp_path: Path) -> None:
    wanted, deaths, died = None, 10_000, True
    while died:
        folder = tmp_path / str(deaths)
        with recorder() as discord:
            died = run(discord, folder, deaths) or wanted is None
            app = bot(discord, folder)
            wanted = wanted or outcome(app)
            assert outcome(app) == wanted, f"killed before write {deaths}"
            assert list(app.models.versions("77")) == [1]
            told = {c.body["nonce"] for c in discord.calls if c.body and "nonce" in c.body}
            assert told == {"job-j1"}
            assert app.jobs.get("77", "j1").state == "done"
            assert list(app.files.names("guilds/77/jobs/j1/drafts/")) == []
        deaths = 0 if deaths == 10_000 else deaths + 1
    assert deaths > 50, "every step writes"


def test_every_message_delivered_twice_makes_one_version(tmp_path: Path) -> None:
    with recorder() as discord:
        app = bot(discord, tmp_path)
        job(app)
        while delivery := app.queue.receive(wait_s=0, lease_s=60):
            twice = [delivery, delivery._replace(id=f"{delivery.id}-again")]
            assert work(app, twice, left_s=lambda: 1.0) == []
            app.queue.done(delivery.receipt)
        assert list(app.models.versions("77")) == [1]
        assert len(discord.contents("POST", "/channels/")) == 1


@pytest.mark.parametrize("step", METHODS["lessons"])
def test_a_job_can_be_cancelled_at_any_step(step: str, tmp_path: Path) -> None:
    with recorder() as discord:
        app = bot(discord, tmp_path)
        found = job(app)
        if found.step != step:
            for found in app.training.advance("77", "j1"):
                if found.step == step:
                    break
        app.jobs.cancel("77", "j1")
        delivery = app.queue.receive(wait_s=0, lease_s=60)
        assert isinstance(delivery, Delivery)
        assert work(app, [delivery]) == []
        assert app.jobs.get("77", "j1").state == "cancelled"
        assert app.models.pointer("77") == Pointer(0, 0)
        assert list(app.files.names("guilds/77/jobs/j1/drafts/")) == []


def test_a_second_training_is_measured_against_the_first_on_the_same_rows(
    discord: Recorder, tmp_path: Path
) -> None:
    app = bot(discord, tmp_path)
    trained(app)
    more = [row._replace(input=f"tell me of {row.input}") for row in ROWS]
    report = trained(app, "j2", more).report
    assert report["activated"]
    assert report["lessons"] == 2 * len(ROWS)
    found = report["compared"]
    assert found["with"] == 1
    assert found["rows"] == report["evaluation"]["rows"] == found["evaluation"]["rows"]
    assert found["verdict"] in ("same", "better")


def test_a_version_that_is_worse_stays_a_candidate(discord: Recorder, tmp_path: Path) -> None:
    app = bot(discord, tmp_path)
    trained(app)
    found = job(app, "j2", ROWS[:1])
    for found in app.training.advance("77", "j2"):
        if found.step == "publish":
            break
    verdict = compared([False] * 9 + [True], [True] * 10)
    assert (verdict["verdict"], verdict["gained"], verdict["lost"]) == ("worse", 0, 9)
    app.jobs.save(found, report={**found.report, "compared": verdict})
    [done] = app.training.advance("77", "j2")
    assert done.report["activated"] is False
    assert done.version == 2
    assert app.models.pointer("77").version == 1
    assert app.models.load("77", 2).size == len(ROWS)


@pytest.mark.parametrize(
    ("new", "old", "verdict"),
    [(5, 0, "better"), (4, 0, "same"), (0, 5, "worse"), (0, 4, "same"), (60, 62, "same")],
)
def test_five_losses_in_a_row_are_no_chance(new: int, old: int, verdict: str) -> None:
    ones = [True] * new + [False] * old
    assert compared(ones, [not one for one in ones])["verdict"] == verdict


def test_a_trial_has_never_heard_of_the_questions_held_out(
    discord: Recorder, tmp_path: Path
) -> None:
    app = bot(discord, tmp_path)
    trained(app)
    whole, trial = app.models.load("77", 1), app.models.trial("77", 1)
    held = whole.known.shelf.columns.held_out()
    assert 0 < held.sum() < len(ROWS)
    assert trial.size == whole.size - held.sum()
    for row in map(int, held.nonzero()[0]):
        lesson = whole.known.shelf.lessons[row]
        found = trial.answer(lesson.input, Hashing().embed([lesson.input]))
        assert lesson not in [hit.lesson for hit in found.hits]


def test_another_embedder_is_refused_with_a_way_out_and_training_rebuilds(
    discord: Recorder, tmp_path: Path
) -> None:
    app = bot(discord, tmp_path)
    trained(app)
    app = bot(discord, tmp_path)
    app._loaded_embedder = Hashing("hashing:2", 32)
    with pytest.raises(UserError, match=r"hashing:1.*hashing:2.*/train"):
        app.chat.recall("77", ROWS[0].input, "en")
    done = trained(app, "j2", ROWS[:1])
    assert done.report["lessons"] == len(ROWS)
    assert done.report["activated"]
    verdict = app.chat.recall("77", ROWS[0].input, "en").verdict
    assert verdict.lesson and verdict.lesson.good == ROWS[0].good


def test_vectors_as_int8_answer_alike(discord: Recorder, tmp_path: Path) -> None:
    plain, small = (bot(discord, tmp_path / name) for name in ("plain", "small"))
    small.config = small.config._replace(index_int8=1)
    answers = []
    for app in (plain, small):
        trained(app)
        recalls = app.chat.recalls("77", [row.input for row in ROWS], "en")
        answers.append([r.verdict.lesson and r.verdict.lesson.good for r in recalls])
    assert answers[0] == answers[1]
    sizes = [app.files.stat("guilds/77/models/v1/index.npy").size for app in (plain, small)]
    assert sizes[1] < sizes[0] / 3
    assert json.loads(small.files.read("guilds/77/models/v1/fit.json"))["index"] == "int8"


def test_a_version_of_the_first_format_still_answers(discord: Recorder, tmp_path: Path) -> None:
    app = bot(discord, tmp_path)
    trained(app)
    files = app.models.files("77", 1)
    fit = json.loads(files["fit.json"])
    old = {n: fit[n] for n in ("embedder", "dims", "lessons", "threshold")} | {"format": 1}
    kept = {n: b for n, b in files.items() if n not in ("columns.npy", "trial.npz")}
    first = Model.load({**kept, "fit.json": json.dumps(old).encode()}, "hashing:1")
    for row in ROWS:
        vector = Hashing().embed([row.input])
        assert first.answer(row.input, vector) == app.models.load("77", 1).answer(row.input, vector)
    assert first.tried().size < first.size
    with pytest.raises(WrongEmbedder):
        Model.load({**kept, "fit.json": json.dumps(old).encode()}, "other")


def test_wrong_answers_find_their_right_ones_in_a_stream_too() -> None:
    rows = [
        Row(1, "a", "", "wrong a"),
        Row(2, "b", "right b", ""),
        Row(3, "A ", "right a", ""),
        Row(4, "c", "", "wrong c"),
        Row(5, "a", "", "right A"),
        Row(6, "a", "again a", ""),
    ]
    streamed = [(r.input, r.good, r.bad) for r in paired_streams(lambda: iter(rows))]
    assert streamed == [(r.input, r.good, r.bad) for r in paired(rows)]
