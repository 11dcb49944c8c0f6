"""What a person contributed: shown, handed over, deleted for good."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from protege.app import App
from protege.datasets.rows import Row
from tests.person import Person, configured
from tests.recorder import Recorder
from tests.test_review import OTHER, WIFI, ask, correct, press, shown, someone
from tests.test_teaching import BETTER, QUESTION, train
from tests.trainings import advanced, begun


def add(person: Person, folder: str, question: str, answer: str) -> None:
    """A file with one row in a folder of training data."""
    form = person.slash("dataset add", path=folder)
    person.submit(form, question=question, answer=answer)


def kinds_naming(app: App, user: str) -> set[str]:
    """Every kind of record in which a user's id is found, whoever wrote it."""
    found = sqlite3.connect(Path(app.config.data_dir) / "records.sqlite")
    with closing(found):
        rows = found.execute(
            "SELECT kind FROM records WHERE instr(id, ?) OR instr(fields, ?)", (user, user)
        )
        return {kind for (kind,) in rows}


def withdraw(person: Person) -> None:
    """Press through to the end."""
    person.slash("privacy")
    press(person, "Delete all of it")
    assert "no undo" in person.sees
    press(person, "Yes, delete for ever")
    assert "Deleted" in person.sees


def test_a_person_sees_what_they_contributed(ada: Person) -> None:
    bob = someone(ada, "43", trainer=True)
    correct(bob)
    bob.slash("feedback", feedback_text="Be shorter.")
    add(bob, "faq", WIFI, "Ask at the bar.")
    train(ada, data="Where is the exit? => Behind you.")
    bob.slash("privacy")
    for line in (
        "questions you asked: **1**",
        "corrections: **1**",
        "remarks: **1**",
        "data: **1**",
    ):
        assert line in bob.sees
    assert f"{QUESTION} → {BETTER}" in bob.sees and "v1: 1" in bob.sees
    ada.slash("privacy")
    assert (
        "questions you asked: **0**" in ada.sees and BETTER not in ada.sees and "v1: 1" in ada.sees
    )
    bob.locale = "ru"
    bob.slash("privacy")
    assert "Что вы внесли" in bob.sees


def test_a_person_gets_all_of_it_as_a_file(ada: Person) -> None:
    bob = someone(ada, "43", trainer=True)
    correct(ada, OTHER)
    correct(bob)
    add(bob, "faq", WIFI, "Ask at the bar.")
    train(bob, data="Where is the exit? => Behind you.")
    bob.slash("privacy")
    press(bob, "Get it as a file")
    found = json.loads(bob.discord.calls[-1].files["my-data.json"])
    assert [p["better"] for p in found["proposal"]] == [BETTER]
    assert "Ask at the bar." in found["file"][0]["text"]
    assert {x["good"] for x in found["model_versions"]["v1"]} == {BETTER, "Behind you."}
    assert "vector" not in found["lesson"][0]


def test_what_is_deleted_stops_answering_and_never_comes_back(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    correct(bob)
    train(bob, data=f"{WIFI} => Ask at the bar.")
    train(ada, data="Where is the exit? => Behind you.")
    assert BETTER in ask(ada) and "bar" in ask(ada, WIFI)
    withdraw(bob)
    assert BETTER not in ask(ada) and "bar" not in ask(ada, WIFI)
    assert "Behind" in ask(ada, "Where is the exit?")
    assert set(app.models.stale("77")) == {1, 2}
    assert "knows 2 lessons" in train(ada, data="Who cooks? => Eve.")
    assert set(app.models.stale("77")) == {1, 2}, "the new version is clean"
    app.models.activate("77", 1, app.models.pointer("77").revision)
    assert BETTER not in ask(ada) and "bar" not in ask(ada, WIFI), "not even after a roll-back"
    bob.slash("privacy")
    assert "corrections: **0**" in bob.sees and "no longer used" in bob.sees


def test_nothing_is_left_on_record_of_who_deleted(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    correct(bob)
    bob.slash("ask", question=WIFI)
    bob.press(bob.buttons[1])
    bob.slash("feedback", feedback_text="Be shorter.")
    add(bob, "faq", WIFI, "Ask at the bar.")
    add(ada, "faq", "Where is the exit?", "Behind you.")
    bob.slash("select_dataset", path_to_dir_positive="faq")
    bob.slash("dataset export", path="faq")
    withdraw(bob)
    for kind in ("answer", "vote", "remark", "proposal", "lesson", "message", "waiting", "buried"):
        assert not list(app.records.find(f"{kind}#77")), kind
    assert [kept.author for kept in app.library.files("77", "faq")] == ["42"]
    texts = [app.files.read(key) for key in app.files.names("guilds/77/")]
    assert not any(b"Ask at the bar." in text for text in texts)
    assert not any(
        "versions/" in b.key or "datasets/" in b.key for b in app.files.buried("guilds/")
    )


def test_how_often_a_person_came_is_forgotten_of_them_alone(
    discord: Recorder, tmp_path: Path
) -> None:
    app = configured(discord, str(tmp_path), RATE_PERSON="100", RATE_GUILD="1000")
    now = app.now()
    app.now = lambda: now
    ada = Person(app, discord)
    bob = someone(ada, "43", trainer=True)
    for person in (ada, bob):
        person.slash("ask", question=WIFI)
        person.slash("train", data="Where is the exit? => Behind you.")
    counted = {record.id: record.fields for record in app.records.find("limit#77")}
    assert all({"42", "43"} <= set(counted[kind]["people"]) for kind in ("asking", "training"))
    withdraw(bob)
    left = {record.id: record.fields for record in app.records.find("limit#77")}
    for kind in ("asking", "training"):
        assert set(left[kind]["people"]) == {"42"}
        assert left[kind]["guild"] == counted[kind]["guild"], "it still counts for the server"
    assert "43" not in left["other"]["people"]


def test_no_record_but_those_of_decisions_names_who_deleted(ada: Person, app: App) -> None:
    bob = someone(ada, "4343", trainer=True)
    correct(bob)
    bob.slash("ask", question=WIFI)
    bob.press(bob.buttons[1])
    bob.slash("feedback", feedback_text="Be shorter.")
    add(bob, "faq", WIFI, "Ask at the bar.")
    bob.slash("test", test_data="faq")
    train(bob, data="Where is the exit? => Behind you.")
    assert {"answer#77", "test#77", "lesson#77"} <= kinds_naming(app, "4343")
    withdraw(bob)
    began = {"job#77", "version#77", "active", "activation#77"}
    assert kinds_naming(app, "4343") == {"gone#77", *began}, "as the question said"


def test_deleted_rows_are_not_learnt_again_from_a_frozen_version(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    add(bob, "faq", WIFI, "Ask at the bar.")
    add(ada, "faq", "Where is the exit?", "Behind you.")
    ada.slash("select_dataset", path_to_dir_positive="faq")
    withdraw(bob)
    version = app.versions.selected("77", positive=True)
    assert version and version.rows == 1
    assert [row.good for row in app.versions.rows("77", version)] == ["Behind you."]
    add(bob, "faq", WIFI, "Ask at the bar.")
    assert len(list(app.library.read("77", "faq"))) == 2, "what is given anew is taken"


def test_a_deleted_folder_of_theirs_cannot_be_restored(ada: Person) -> None:
    bob = someone(ada, "43", trainer=True)
    add(bob, "faq", WIFI, "Ask at the bar.")
    ada.slash("dataset delete", path="faq")
    withdraw(bob)
    ada.slash("dataset restore", path="faq")
    assert "brought back" in ada.sees


def test_a_training_that_runs_meanwhile_does_not_bring_it_back(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    job = begun(bob, f"{WIFI} => Ask at the bar.")
    advanced(app, job, "publish")
    app.privacy.delete("77", "43")
    ada.wait()
    assert app.models.pointer("77").version == 1
    assert "bar" not in ask(ada, WIFI)
    assert set(app.models.stale("77")) == {1}


def test_what_is_taught_after_deleting_counts(ada: Person) -> None:
    bob = someone(ada, "43")
    correct(bob, OTHER)
    withdraw(bob)
    correct(bob)
    assert BETTER in ask(ada)


def test_a_correction_taken_back_cannot_be_approved(ada: Person) -> None:
    ada.slash("settings", corrections="review")
    bob = someone(ada, "43")
    correct(bob)
    ada.slash("review")
    card = shown(ada)
    withdraw(bob)
    press(ada, "Approve", card)
    assert "took it back" in ada.sees and BETTER not in ask(ada)


def test_nobody_deletes_for_another(ada: Person) -> None:
    bob = someone(ada, "43")
    correct(ada)
    ada.slash("privacy")
    press(ada, "Delete all of it")
    press(bob, "Yes, delete for ever", shown(ada))
    assert BETTER in ask(ada)


def test_rows_keep_their_contributor_when_datasets_are_merged(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    add(bob, "his", WIFI, "Ask at the bar.")
    add(ada, "hers", "Where is the exit?", "Behind you.")
    ada.slash("dataset merge", first="his", second="hers", into="both")
    ada.slash("dataset merge", first="his", second="hers", into="thrown-away")
    ada.slash("dataset delete", path="thrown-away")
    withdraw(bob)
    ada.slash("dataset restore", path="thrown-away")
    for folder in ("both", "thrown-away"):
        rows = [item for item in app.library.read("77", folder) if isinstance(item, Row)]
        assert [(row.good, row.author) for row in rows] == [("Behind you.", "42")]
