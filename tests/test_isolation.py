"""One guild never sees another's: every action is tried with a second guild's identifiers.

A new action needs a case here: what somebody elsewhere would try with it. Suggestions need none,
they are all asked for. The intruder is the same person in another place: being known in one guild
must not help in another.
"""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.discord.interaction import Channel
from protege.training.jobs import job_id
from protege.worker import work
from tests.person import APPLICATION, GUILD, Person, configured
from tests.recorder import recorder
from tests.test_teaching import jsonl, posted, train

SECRET = "violet"
"""Stands in every text of the guild."""
QUESTION, BETTER = f"What is the {SECRET} rule?", f"Never tell anybody the {SECRET} rule."
FOLDER, DELETED = "kept", "thrown-away"
OWN = f"guilds/{GUILD}/"
PLACES = itertools.count(7800)
WORD = f"Who knows the {SECRET} word?"
ROWS = [(f"Where is the {SECRET} door?", f"The {SECRET} door is upstairs.")]


class Loot(NamedTuple):
    """What an intruder may have got to know of the guild."""

    answer: str
    message: str
    waiting: str
    approved: str
    job: str
    running: str
    failed: str
    version: str
    file: str
    duel: str
    test: str
    row: str
    asking: str


class World(NamedTuple):
    """The guild, its data, and its owner."""

    app: App
    owner: Person
    loot: Loot


def files_of(app: App) -> list[str]:
    return list(app.files.names(f"{OWN}datasets/"))


def furnished(app: App, owner: Person) -> Loot:
    """Fill a guild with one of everything."""
    owner.slash("ask", question=QUESTION)
    message, (answer, *_) = posted(owner)["id"], app.records.find(f"answer#{GUILD}")
    owner.press(owner.buttons[1])
    owner.slash("correct", message_id=message, correction=BETTER)
    owner.slash("feedback", feedback_text=f"More {SECRET}.")
    app.instructions.write(GUILD, "1", f"Be {SECRET}.", owner.user)
    for folder in (FOLDER, DELETED):
        train(owner, attachment=owner.upload("rows.jsonl", jsonl(ROWS)), data_dir=folder)
    train(owner, data=f"{WORD} => The {SECRET} cook.")
    owner.slash("compare", question=WORD, first="v1", second="v3")
    duel, *_ = app.records.find(f"duel#{GUILD}")
    owner.press(owner.buttons[0])
    app.promotion.delete(GUILD, 2)
    owner.slash("dataset delete", path=DELETED)
    owner.slash("select_dataset", path_to_dir_positive=FOLDER)
    owner.slash("review")
    owner.press(owner.buttons[0], {"embeds": [{"description": BETTER}]})
    owner.slash("settings", corrections="review")
    owner.slash("voice", voice=SECRET)
    owner.slash("chat channel", channel=Channel("901", SECRET, 0))
    owner.press("listen_to_me:")
    owner.slash("correct", message_id=message, correction=f"{BETTER}!")
    approved, waiting = (p.id for p in app.proposals.every(GUILD))
    version = app.versions.selected(GUILD, positive=True)
    job, *_ = app.records.find(f"job#{GUILD}")
    running, failed = stuck(app, owner), stuck(app, owner)
    app.jobs.save(app.jobs.get(GUILD, failed), state="failed")
    assert version
    file = files_of(app)[0].removeprefix(f"{OWN}datasets/")
    jobs = (job.id, running, failed)
    tested = tried(app, owner)
    return Loot(answer.id, message, waiting, approved, *jobs, version.name, file, duel.id, *tested)


def tried(app: App, owner: Person) -> tuple[str, str, str]:
    """A test that went wrong, an answer of it, and a test that waits to be agreed to; their ids."""
    rows = [{"input": f"The {SECRET} room {n}?", "expected": f"{SECRET}"} for n in range(12)]
    payload = owner.command("test", test_data=json.dumps(rows))
    owner.act(payload)
    test = job_id(payload["id"])
    asks = app.jobs.get(GUILD, stuck(app, owner))
    report: dict[str, Any] = {"plan": {}, "course": {}}
    asks = asks._replace(id="asking", kind="test", state="asking", report=report)
    app.jobs.begin(asks._replace(estimate={"calls": 2, "tokens": 9, "dollars": 0.1}))
    return test, f"{payload['id']}-1", "asking"


def stuck(app: App, owner: Person) -> str:
    """A job that has begun and whose message in the queue is lost; its id."""
    payload = owner.command("train", data_dir=FOLDER)
    owner.hand_in(payload)
    for step in ("start", "lose"):
        delivery = app.queue.receive(wait_s=0, lease_s=60)
        assert delivery
        assert step == "lose" or not work(app, [delivery])
        app.queue.done(delivery.receipt)
    return job_id(payload["id"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with recorder() as discord:
        folder = str(tmp_path_factory.mktemp("world"))
        app = configured(discord, folder, TTS="piper")  # whose voices may have any name
        owner = Person(app, discord)
        yield World(app, owner, furnished(app, owner))


@pytest.fixture(params=["another guild", "a private chat"])
def intruder(world: World, request: pytest.FixtureRequest) -> Person:
    """Somewhere where nothing is known yet: what they do there must not hide what they find."""
    person = Person(world.app, world.owner.discord)
    place = str(next(PLACES))
    if request.param == "another guild":
        person.guild = place
    else:
        person.guild, person.user = "", place
    return person


def state(app: App) -> dict[str, Any]:
    """Everything that is kept of the guild: files, deleted files, records."""
    database = Path(app.config.data_dir) / "records.sqlite"
    with sqlite3.connect(database) as db:
        rows = db.execute("SELECT kind, id, version, fields FROM records").fetchall()
    db.close()
    mine = [row for row in rows if row[0].endswith(f"#{GUILD}") or row[1].split("/")[0] == GUILD]
    files: dict[str, Any] = {name: app.files.read(name) for name in app.files.names(OWN)}
    buried = [(found.key, found.version) for found in app.files.buried(OWN)]
    return {"records": sorted(mine), "files": files, "buried": buried}


# ---- what an intruder tries --------------------------------------------------------------------

Case = Callable[[Person, Loot], Any]
MESSAGE = {"author": {"id": APPLICATION}, "content": "> ?\nno", "embeds": []}


def paths(loot: Loot) -> list[str]:
    """All names under which training data of the guild could be asked for."""
    stored = (f"datasets/{loot.file}", "models/v1/lessons.jsonl", f"jobs/{loot.running}/rows.jsonl")
    near = (FOLDER, DELETED, loot.version, loot.file, *stored, f"datasets/{FOLDER}")
    far = (f"{OWN}datasets/{FOLDER}", f"../../{GUILD}/datasets/{FOLDER}", f"/{OWN}{FOLDER}")
    return [*near, *far, f"x/../../../{OWN}{stored[0]}", f"{OWN}{stored[0]}", OWN]


def slash(name: str, *names: str, **more: Any) -> Case:
    """The command with each path as the value of all options that take one."""

    def case(eve: Person, loot: Loot) -> Any:
        return [eve.slash(name, **dict.fromkeys(names, p), **more) for p in paths(loot)]

    return case


def plain(name: str, **options: Any) -> Case:
    """The command as anybody uses it."""
    return lambda eve, loot: eve.slash(name, **options)


def button(name: str) -> Case:
    """A button with each identifier that a button may carry."""

    def case(eve: Person, loot: Loot) -> Any:
        routes = [f"{name}:{id}" for id in (*loot, FOLDER, DELETED, "")]
        return [eve.press(r, {**MESSAGE, "id": loot.message}) for r in routes if len(r) <= 100]

    return case


def form(name: str, *prefixes: str, **fields: str) -> Case:
    """A form sent with each identifier that it may carry."""

    def case(eve: Person, loot: Loot) -> Any:
        ids = (loot.answer, loot.message, loot.waiting, loot.approved, FOLDER)
        routes = [f"{name}:{prefix}{id}" for id in ids for prefix in (prefixes or ("",))]
        return [eve.submit({"data": {"custom_id": route}}, **fields) for route in routes]

    return case


def menu(name: str) -> Case:
    """A message menu on the guild's message."""
    return lambda eve, loot: eve.menu(name, {**MESSAGE, "id": loot.message})


def correct(eve: Person, loot: Loot) -> None:
    link = f"https://discord.com/channels/{GUILD}/88/{loot.message}"
    for id in (loot.message, loot.answer, loot.waiting, link):
        eve.slash("correct", message_id=id, correction="hacked")


def ask(eve: Person, loot: Loot) -> None:
    for question in ("What is the rule?", "Where is the door?"):
        eve.slash("ask", question=question)


def review(eve: Person, loot: Loot) -> None:
    for kind in ("corrections", "approved", "answers", "remarks"):
        eve.slash("review", kind=kind)


def version(name: str, *options: str) -> Case:
    """A command with each of the guild's versions, be it deleted."""

    def case(eve: Person, loot: Loot) -> Any:
        numbers = (f"v{n}" for n in range(1, 5))
        return [eve.slash(name, **dict.fromkeys(options, number)) for number in numbers]

    return case


def numbered(name: str) -> Case:
    """A button with each number that it may carry."""

    def case(eve: Person, loot: Loot) -> Any:
        ends = ("", ".3", ".csv")
        return [eve.press(f"{name}:{n}{end}", MESSAGE) for n in range(1, 5) for end in ends]

    return case


def duel_vote(eve: Person, loot: Loot) -> Any:
    return [eve.press(f"duel_vote:{choice}.{loot.duel}", MESSAGE) for choice in ("a", "tie")]


def duel_correct(eve: Person, loot: Loot) -> Any:
    return [eve.press(f"duel_correct:{id}", MESSAGE) for id in (f"{loot.duel}a", f"{loot.duel}b")]


def compare(eve: Person, loot: Loot) -> Any:
    eve.slash("compare", question=WORD)
    return eve.slash("compare", question=WORD, first="v1", second="v3")


def join(eve: Person, loot: Loot) -> None:
    eve.slash("join")
    eve.slash("join", channel=Channel("901", "x", 2, 1 << 20 | 1 << 10))


def voice(eve: Person, loot: Loot) -> None:
    eve.slash("voice")
    eve.slash("voice", voice="hacked", listen="everyone", keep="sound")


def chat(eve: Person, loot: Loot) -> None:
    for change in ("list", "remove", "add"):
        eve.slash("chat channel", change=change, channel=Channel("901", "x", 0))


def jobs(eve: Person, loot: Loot) -> None:
    for job in (None, loot.job, loot.running, f"{GUILD}/{loot.job}"):
        eve.slash("jobs", job=job)


def trying_out(eve: Person, loot: Loot) -> None:
    for path in paths(loot):
        eve.slash("test", dataset=path, held_out=False)
    for version in (None, "v1"):
        eve.slash("test", test_data='[{"input": "What is the rule?"}]', version=version)


def pages(name: str) -> Case:
    """A button that goes on after a row, for each identifier."""

    def case(eve: Person, loot: Loot) -> Any:
        return [eve.press(f"{name}:{id}/0") for id in (*loot, "") if len(id) < 60]

    return case


CASES: dict[tuple[str, str], Case] = {
    ("slash", "hi"): plain("hi"),
    ("slash", "ask"): ask,
    ("slash", "correct"): correct,
    ("message", "Correct this answer"): menu("Correct this answer"),
    ("button", "correction_button"): button("correction_button"),
    ("modal", "corrected"): form("corrected", "a", "m", better="hacked"),
    ("slash", "feedback"): plain("feedback", feedback_text="hm"),
    ("button", "thumb_up"): button("thumb_up"),
    ("button", "thumb_down"): button("thumb_down"),
    ("slash", "instruction"): plain("instruction"),
    ("button", "edit_instruction"): button("edit_instruction"),
    ("modal", "instruction_edited"): form("instruction_edited", text="hacked"),
    ("slash", "train"): slash("train", "data_dir"),
    ("slash", "test"): trying_out,
    ("button", "test_begin"): button("test_begin"),
    ("button", "test_correct"): button("test_correct"),
    ("button", "test_errors"): pages("test_errors"),
    ("button", "test_table"): button("test_table"),
    ("message", "Teach me this"): menu("Teach me this"),
    ("modal", "taught"): form("taught", question="What is the rule?", answer="hacked"),
    ("slash", "review"): review,
    ("button", "review_approve"): button("review_approve"),
    ("button", "review_edit"): button("review_edit"),
    ("modal", "review_edited"): form("review_edited", better="hacked"),
    ("button", "review_reject"): button("review_reject"),
    ("button", "review_skip"): button("review_skip"),
    ("button", "review_take_back"): button("review_take_back"),
    ("button", "review_answer"): button("review_answer"),
    ("slash", "settings"): plain("settings", corrections="live", who="trainers"),
    ("button", "no_trainer_role"): button("no_trainer_role"),
    ("slash", "status"): plain("status"),
    ("slash", "privacy"): plain("privacy"),
    ("button", "privacy_export"): button("privacy_export"),
    ("button", "privacy_delete"): button("privacy_delete"),
    ("button", "privacy_confirm"): button("privacy_confirm"),
    ("slash", "model list"): plain("model list"),
    ("button", "model_page"): numbered("model_page"),
    ("slash", "model show"): version("model show", "version"),
    ("slash", "model activate"): version("model activate", "version"),
    ("button", "activate_version"): numbered("activate_version"),
    ("button", "activate_anyway"): numbered("activate_anyway"),
    ("button", "undo_activation"): numbered("undo_activation"),
    ("slash", "model rollback"): plain("model rollback"),
    ("slash", "model compare"): plain("model compare", first="v1", second="v3"),
    ("button", "compare_versions"): numbered("compare_versions"),
    ("slash", "model diff"): plain("model diff", first="v1", second="v3"),
    ("button", "diff_version"): numbered("diff_version"),
    ("slash", "model export"): version("model export", "version"),
    ("button", "export_version"): numbered("export_version"),
    ("button", "export_as"): numbered("export_as"),
    ("slash", "model delete"): version("model delete", "version"),
    ("button", "discard_version"): numbered("discard_version"),
    ("button", "restore_version"): numbered("restore_version"),
    ("slash", "model restore"): version("model restore", "version"),
    ("slash", "model rebuild"): version("model rebuild", "version"),
    ("button", "rebuild_version"): numbered("rebuild_version"),
    ("slash", "compare"): compare,
    ("button", "duel_vote"): duel_vote,
    ("button", "duel_correct"): duel_correct,
    ("slash", "select_dataset"): slash("select_dataset", "path_to_dir_positive"),
    ("slash", "dataset list"): plain("dataset list"),
    ("slash", "dataset show"): slash("dataset show", "path"),
    ("slash", "dataset add"): slash("dataset add", "path"),
    ("modal", "row_added"): form("row_added", question="hm", answer="hacked"),
    ("slash", "dataset split"): slash("dataset split", "path"),
    ("slash", "dataset export"): slash("dataset export", "path"),
    ("slash", "dataset diff"): slash("dataset diff", "first", "second"),
    ("slash", "dataset merge"): slash("dataset merge", "first", "second", into="mine"),
    ("slash", "dataset delete"): slash("dataset delete", "path"),
    ("button", "undo_delete"): button("undo_delete"),
    ("slash", "dataset restore"): slash("dataset restore", "path"),
    ("slash", "jobs"): jobs,
    ("button", "confirm_job"): button("confirm_job"),
    ("button", "cancel_job"): button("cancel_job"),
    ("button", "retry_job"): button("retry_job"),
    ("slash", "join"): join,
    ("slash", "leave"): plain("leave"),
    ("slash", "say"): plain("say", text="hm"),
    ("slash", "voice"): voice,
    ("button", "listen_to_me"): button("listen_to_me"),
    ("button", "stop_listening"): button("stop_listening"),
    ("slash", "chat channel"): chat,
    ("slash", "archive"): slash("archive", "directory"),
    ("slash", "getfile"): slash("getfile", "file_path"),
}


def test_every_action_has_a_case() -> None:
    assert set(CASES) == {(action.surface, action.name) for action in ACTIONS}


@pytest.mark.parametrize("which", CASES, ids=" ".join)
def test_nothing_is_seen_or_changed_from_elsewhere(
    which: tuple[str, str], world: World, intruder: Person
) -> None:
    before, start = state(world.app), len(intruder.discord.calls)
    responses = CASES[which](intruder, world.loot)
    told = repr(intruder.discord.calls[start:]) + json.dumps(responses)
    assert SECRET not in told
    assert state(world.app) == before
    assert "Something went wrong" not in told, "what breaks proves nothing"


SUGGESTIONS = [
    (action.name, parameter.name)
    for action in ACTIONS
    for parameter in action.parameters
    if parameter.option.suggest
]


@pytest.mark.parametrize("option", SUGGESTIONS, ids=" ".join)
def test_no_suggestion_comes_from_elsewhere(
    option: tuple[str, str], world: World, intruder: Person
) -> None:
    names = (SECRET, FOLDER, DELETED, *world.loot)
    for typed in ("", "w", *world.loot, *paths(world.loot)):
        found = json.dumps(intruder.suggestions(*option, typed))
        assert not any(f'"{name}' in found or SECRET in found for name in names), found


@pytest.mark.parametrize(
    "which",
    [
        ("slash", "ask"),
        ("slash", "dataset show"),
        ("slash", "review"),
        ("slash", "privacy"),
        ("slash", "instruction"),
        ("slash", "getfile"),
        ("button", "review_skip"),
        ("slash", "voice"),
        ("button", "privacy_export"),
        ("button", "test_errors"),
    ],
    ids=" ".join,
)
def test_the_owner_does_see_it(which: tuple[str, str], world: World) -> None:
    start = len(world.owner.discord.calls)
    CASES[which](world.owner, world.loot)
    assert SECRET in repr(world.owner.discord.calls[start:])
