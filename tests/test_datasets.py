"""Folders of training data, looked at and looked after; frozen versions."""

import json

from protege.app import App
from tests.person import Person
from tests.test_teaching import FAQ, jsonl, train


def faq(ada: Person, folder: str = "faq", pairs: list[tuple[str, str]] = FAQ) -> None:
    train(ada, attachment=ada.upload(f"{folder}.jsonl", jsonl(pairs)), data_dir=folder)


def say(ada: Person, command: str, **options: object) -> str:
    ada.slash(command, **options)
    return ada.sees


def test_an_empty_guild_is_told_how_to_begin(ada: Person) -> None:
    assert "No training data here yet" in say(ada, "dataset list")


def test_folders_and_versions_are_listed_with_what_is_selected(ada: Person) -> None:
    faq(ada)
    say(ada, "select_dataset", path_to_dir_positive="faq")
    listed = say(ada, "dataset list")
    assert "`faq` — files: 1" in listed
    assert "of faq — rows: 8 ← selected: say this" in listed


def test_a_folder_is_shown_with_rows_report_and_picture(ada: Person) -> None:
    faq(ada)
    shown = say(ada, "dataset show", path="faq")
    assert "8** of 8 rows" in shown
    assert sum(f"{q} → {a}" in shown for q, a in FAQ) == 3, "a sample"
    assert ada.discord.calls[-1].files["lengths.png"].startswith(b"\x89PNG")


def test_a_folder_that_is_not_there_is_explained_in_both_languages(ada: Person) -> None:
    assert "There is no folder “nope”" in say(ada, "dataset show", path="nope")
    ada.locale = "ru"
    assert "Папки «nope»" in say(ada, "dataset show", path="nope")


def test_a_row_is_added_by_form(ada: Person) -> None:
    form = ada.slash("dataset add", path="extra")
    assert form["type"] == 9
    ada.submit(form, question="Where is the exit?", answer="Behind you.", wrong="Nowhere.")
    assert "Added to `extra`" in ada.sees
    train(ada, data_dir="extra")
    assert "Behind you." in say(ada, "ask", question="where is the exit")
    ada.submit(form, question="Where?", answer=" ", wrong="")
    assert "a right answer, a wrong one, or both" in ada.sees
    ada.submit(form, question=" \n", answer="Behind you.", wrong="")
    assert ada.sees.startswith("The question is empty.") and "```\nBehind you.\n```" in ada.sees
    assert "1** of 1 rows" in say(ada, "dataset show", path="extra")


def test_a_selected_version_does_not_change_with_its_folder(ada: Person, app: App) -> None:
    faq(ada, pairs=FAQ[:4])
    say(ada, "select_dataset", path_to_dir_positive="faq")
    frozen = app.versions.selected("77", positive=True)
    assert frozen and frozen.rows == 4
    faq(ada, pairs=FAQ[4:])
    assert app.versions.selected("77", positive=True) == frozen
    assert [row.input for row in app.versions.rows("77", frozen)] == [q for q, _ in FAQ[:4]]
    again = say(ada, "select_dataset", path_to_dir_positive=frozen.name)
    assert f"version `{frozen.name}`" in again and "4 rows" in again


def test_the_same_rows_are_the_same_version(ada: Person, app: App) -> None:
    faq(ada, "one")
    faq(ada, "two")
    say(ada, "select_dataset", path_to_dir_positive="one")
    say(ada, "select_dataset", path_to_dir_positive="two")
    assert len(app.versions.all("77")) == 1


def test_training_without_data_learns_the_selected_version(ada: Person, app: App) -> None:
    faq(ada)
    eve = Person(app, ada.discord)
    eve.guild = "78"
    faq(eve, "mine", [("What is the wifi password?", "Ask at the bar.")])
    ada.slash("select_dataset", path_to_dir_positive="faq")
    frozen = app.versions.selected("77", positive=True)
    assert frozen
    train(ada)
    assert app.models.manifest("77", app.models.pointer("77").version)["datasets"] == [frozen.sha]


def test_a_dataset_is_split_so_that_a_question_is_on_one_side(ada: Person, app: App) -> None:
    pairs = [(f"Question number {n}?", f"Answer {n}.") for n in range(50)]
    faq(ada, pairs=pairs + pairs[:10])
    assert "`faq-train`" in say(ada, "dataset split", path="faq", percent=30)
    parts = {
        name: {row.input for row in app.versions.rows_of("77", name, app.library)}
        for name in ("faq-train", "faq-test")
    }
    assert not parts["faq-train"] & parts["faq-test"]
    assert len(parts["faq-train"] | parts["faq-test"]) == 50 and len(parts["faq-test"]) > 5
    assert "1 to 90" in say(ada, "dataset split", path="faq", percent=100)


def test_datasets_are_merged_and_compared(ada: Person) -> None:
    faq(ada, "one", FAQ[:5])
    faq(ada, "two", [*FAQ[3:], (FAQ[0][0], "Another answer.")])
    compared = say(ada, "dataset diff", first="one", second="two")
    assert "3 added, 2 removed, 1 with other answers, 2 the same" in compared
    assert "9 different rows" in say(ada, "dataset merge", first="one", second="two", into="all")
    assert "1 added" not in say(ada, "dataset diff", first="all", second="all")


def test_a_dataset_is_exported_in_every_format(ada: Person) -> None:
    faq(ada, pairs=FAQ[:2])
    say(ada, "dataset export", path="faq", format="chat")
    [body] = ada.discord.calls[-1].files.values()
    lines = [json.loads(line) for line in body.decode().splitlines()]
    assert [line["messages"][0]["content"] for line in lines] == [q for q, _ in FAQ[:2]]
    say(ada, "dataset export", path="faq", format="csv")
    [body] = ada.discord.calls[-1].files.values()
    assert body.decode("utf-8-sig").startswith("question,answer,bad\r\n")
    assert "No row of `faq` fits" in say(ada, "dataset export", path="faq", format="preference")
    assert "The format is" in say(ada, "dataset export", path="faq", format="pdf")


def test_what_was_deleted_comes_back_by_button_or_by_name(ada: Person) -> None:
    faq(ada)
    assert "is deleted" in say(ada, "dataset delete", path="faq")
    [undo] = ada.buttons
    assert "There is no folder" in say(ada, "dataset show", path="faq")
    assert ada.suggestions("dataset restore", "path", "fa")[0]["value"] == "faq"
    ada.press(undo)
    assert "`faq` is back (files: 1)" in ada.sees
    assert "8** of 8 rows" in say(ada, "dataset show", path="faq")
    say(ada, "dataset delete", path="faq")
    assert "`faq` is back" in say(ada, "dataset restore", path="faq")
    assert "Nothing that was deleted" in say(ada, "dataset restore", path="faq")


def test_only_trainers_may_undo(ada: Person) -> None:
    faq(ada)
    say(ada, "dataset delete", path="faq")
    [undo] = ada.buttons
    ada.permissions = "0"
    assert "Manage Server" in ada.press(undo)["data"]["content"]


def test_right_and_wrong_answers_to_a_question_become_one_lesson(ada: Person, app: App) -> None:
    for folder, pairs in (
        ("say", [("When do you open?", "At nine."), ("Where are you?", "In Berlin.")]),
        ("never", [("when do you  OPEN?", "Never."), ("Where are you?", "In Berlin.")]),
    ):
        app.library.keep("79", folder, "1", "faq.jsonl", [jsonl(pairs).encode()], "42")
    ada.guild = "79"
    say(ada, "select_dataset", path_to_dir_positive="say")
    say(ada, "select_dataset", path_to_dir_positive="never", positive=False)
    train(ada)
    lessons = {(lesson.good, lesson.bad) for lesson in app.models.load("79", 1).lessons}
    assert lessons == {("At nine.", "Never."), ("In Berlin.", ""), ("", "In Berlin.")}


def test_pairs_of_two_rows_are_exported(ada: Person) -> None:
    form = ada.slash("dataset add", path="faq")
    ada.submit(form, question="When do you open?", answer="At nine.", wrong="")
    ada.submit(form, question="when do you open?", answer="", wrong="Never.")
    say(ada, "dataset export", path="faq", format="preference")
    [body] = ada.discord.calls[-1].files.values()
    pair = json.loads(body)
    assert pair["preferred_output"][0]["content"] == "At nine."
    assert pair["non_preferred_output"][0]["content"] == "Never."


def test_a_file_that_is_no_text_is_named_as_it_was_given_and_not_kept(ada: Person) -> None:
    faq(ada)
    train(ada, attachment=ada.upload("cat.png", b"\x89PNG\r\n\x1a\n" + bytes(99)), data_dir="faq")
    assert "“cat.png” is not text but a picture" in ada.sees
    assert "`faq` — files: 1" in say(ada, "dataset list")
    assert "8** of 8 rows" in say(ada, "dataset show", path="faq")
    train(ada, attachment=ada.upload("cat.png", b"\x89PNG\r\n\x1a\n" + bytes(99)), data_dir="cats")
    assert "There is no folder “cats”" in say(ada, "dataset show", path="cats")


def test_a_file_that_is_no_text_does_not_shut_its_folder(ada: Person, app: App) -> None:
    faq(ada)
    app.library.keep("77", "faq", "1", "old.png", [b"\x89PNG\r\n\x1a\n" + bytes(99)], "42")
    shown = say(ada, "dataset show", path="faq")
    assert "8** of 9 rows" in shown
    assert "not text but a picture" in shown
    train(ada, data_dir="faq")
    assert "has started with 8 rows" in "".join(ada.discord.contents())
    assert "8 rows" in say(ada, "select_dataset", path_to_dir_positive="faq")
