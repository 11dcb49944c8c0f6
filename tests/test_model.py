"""Model versions: listed, compared, activated, rolled back, exported, deleted, rebuilt."""

import csv
import io
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from protege.app import App
from protege.errors import Unavailable, UserError
from protege.lineage import Move
from protege.promotion import Promotion
from tests.copies import copied
from tests.person import Person, configured
from tests.recorder import recorder
from tests.test_privacy import withdraw
from tests.test_review import ask, press, someone
from tests.test_teaching import FAQ, jsonl, train

EXIT, WIFI = "Where is the exit?", "What is the wifi password?"


def taught(ada: Person, *rows: tuple[str, str]) -> int:
    """Train on some rows; the version that came of it."""
    train(ada, attachment=ada.upload("rows.jsonl", jsonl(list(rows))))
    return ada.app.lineage.versions("77")[0].number


@cache
def prepared() -> TemporaryDirectory[str]:
    """All that a bot keeps who was trained twice: done once, for it takes longest."""
    folder = TemporaryDirectory()
    with recorder() as discord:
        ada = Person(configured(discord, folder.name), discord)
        assert taught(ada, *FAQ) == 1
        assert taught(ada, (EXIT, "Behind you.")) == 2
    return folder


def two(ada: Person) -> None:
    """v1 knows the FAQ; v2, the active one, knows the exit too. To be called before all else."""
    copied(Path(prepared().name), Path(ada.app.config.data_dir))


def card(ada: Person) -> str:
    """The framed text of the last message."""
    found: str = ada.discord.calls[-1].body["embeds"][0]["description"]
    return found


def labels(ada: Person) -> list[str]:
    return [button.get("label", "") for button in ada.buttons]


def active(app: App) -> int:
    return app.lineage.active("77").after


# ---- seen ----------------------------------------------------------------------------------------


def test_nothing_trained_is_said(ada: Person) -> None:
    ada.slash("model list")
    assert "/train" in ada.sees
    ada.locale = "ru"
    ada.slash("model list")
    assert "не обучали" in ada.sees


def test_the_list_shows_each_version_and_marks_the_active_one(ada: Person) -> None:
    two(ada)
    ada.slash("model list")
    assert "**Versions** (2)" in ada.sees
    assert "▶️ **v2 · lessons · 9 lessons" in ada.sees and "from v1" in ada.sees
    assert f"<@{ada.user}>" in ada.sees
    assert ada.sees.index("v2") < ada.sees.index("**v1")


def test_everyone_may_look_and_nobody_else_may_change(ada: Person, app: App) -> None:
    two(ada)
    bob = someone(ada, "43")
    bob.slash("model list")
    assert "**v1" in bob.sees
    bob.slash("model show", version="v1")
    assert bob.buttons == []
    for command in ("activate", "delete", "rebuild", "export"):
        bob.slash(f"model {command}", version="v1")
        assert "Manage Server" in bob.sees, command
    for command in ("compare", "diff"):
        bob.slash(f"model {command}", first="v1", second="v2")
        assert "Manage Server" in bob.sees, command
    bob.slash("model rollback")
    assert "Manage Server" in bob.sees
    answer = bob.press("activate_version:1")
    assert "Manage Server" in answer["data"]["content"]
    assert active(app) == 2


def test_long_lists_have_pages(ada: Person, app: App) -> None:
    two(ada)
    manifest = app.models.manifest("77", 1)
    for number in range(3, 8):
        assert app.models.reserve("77", f"other-{number}") == number
        app.lineage.describe("77", number, {**manifest, "parent": number - 1})
    ada.slash("model list")
    assert "v7" in ada.sees and "**v2 " not in ada.sees
    press(ada, "Older")
    assert "**v2 " in ada.sees and "**v1 " in ada.sees and "v7" not in ada.sees


def test_a_card_shows_what_is_known_and_offers_what_can_be_done(ada: Person) -> None:
    two(ada)
    ada.slash("model show", version="v1")
    assert "Lessons: 8" in card(ada) and "no duels yet" in card(ada)
    assert labels(ada)[0] == "Activate" and "Delete" in labels(ada) and "Rebuild" not in labels(ada)
    ada.slash("model show", version="2")
    assert "Activate" not in labels(ada) and "Delete" not in labels(ada)


def test_versions_are_suggested_with_their_facts(ada: Person) -> None:
    two(ada)
    first, second = ada.suggestions("model show", "version", "")
    assert first == {"name": "v2 · lessons · 9 lessons · active", "value": "v2"} or (
        first["name"].startswith("v2 · lessons · 9 lessons · ") and first["value"] == "v2"
    )
    assert second["value"] == "v1"
    assert [c["value"] for c in ada.suggestions("model show", "version", "v1")] == ["v1"]


def test_a_version_from_before_there_were_records_is_found_all_the_same(
    ada: Person, app: App
) -> None:
    two(ada)
    for id in ("00000001", "00000002"):
        record = app.records.get("version#77", id)
        app.records.put("version#77", id, {"job": record.fields["job"]})
    assert ada.suggestions("model show", "version", "") == []
    ada.slash("model list")
    assert "**v1 " in ada.sees
    assert ada.suggestions("model show", "version", "")


@pytest.mark.parametrize("name", ["v9", "0", "", "x", "v-1", "9" * 30, "²", "None"])
def test_an_unknown_version_is_explained(ada: Person, name: str) -> None:
    ada.slash("model show", version=name)
    assert "There is no version" in ada.sees


# ---- activated -----------------------------------------------------------------------------------


def test_activating_moves_the_pointer_and_can_be_undone(ada: Person, app: App) -> None:
    two(ada)
    assert "Behind" in ask(ada, EXIT)
    ada.slash("model activate", version="v1")
    if "all the same" in " ".join(labels(ada)):
        press(ada, "Activate all the same")
    assert "v1" in ada.sees and "Before: v2" in ada.sees
    assert "Behind" not in ask(ada, EXIT)
    ada.slash("model activate", version="v1")
    assert "answers already" in ada.sees


def test_undo_of_an_activation_holds_only_until_somebody_decides_otherwise(
    ada: Person, app: App
) -> None:
    two(ada)
    taught(ada, (WIFI, "Ask at the bar."))
    ada.slash("model rollback")
    undo = ada.buttons[0]
    press(ada, "Undo")
    assert active(app) == 3
    ada.press("activate_anyway:1")
    ada.press(undo)
    assert "Meanwhile version **v1**" in ada.sees and active(app) == 1


def test_roll_backs_go_further_and_further_back(ada: Person, app: App) -> None:
    two(ada)
    taught(ada, (WIFI, "Ask at the bar."))
    for expected in (2, 1):
        ada.slash("model rollback")
        assert f"**v{expected} " in ada.sees and active(app) == expected
    ada.slash("model rollback")
    assert "No other version" in ada.sees and active(app) == 1
    history = app.lineage.history("77")
    assert [(m.before, m.after) for m in history] == [(0, 1), (1, 2), (2, 3), (3, 2), (2, 1)]
    assert [m.why for m in history][-2:] == ["rollback", "rollback"]
    assert history[-1].by == ada.user


def test_a_roll_back_delivered_twice_rolls_back_once(ada: Person, app: App) -> None:
    two(ada)
    taught(ada, (WIFI, "Ask at the bar."))
    move = Move("interaction", ada.user, "rollback")
    assert app.promotion.roll_back("77", move) == app.promotion.roll_back("77", move)
    assert active(app) == 2


def test_of_two_who_activate_at_once_the_second_is_told(ada: Person, app: App) -> None:
    two(ada)
    taught(ada, (WIFI, "Ask at the bar."))
    seen = app.lineage.active("77")
    ada.slash("model rollback")
    ada.press(f"undo_activation:1.{seen.revision}")
    assert "Meanwhile version **v2**" in ada.sees and active(app) == 2


def worse(ada: Person, app: App) -> None:
    """v2 is active, v1 was found to be worse than it."""
    two(ada)
    manifest = app.models.manifest("77", 1)
    compared = {"with": 2, "rows": 100, "gained": 1, "lost": 30, "p": 0.0, "verdict": "worse"}
    app.lineage.describe("77", 1, {**manifest, "compared": compared})


def test_a_worse_version_is_activated_only_by_a_second_word(ada: Person, app: App) -> None:
    worse(ada, app)
    ada.slash("model activate", version="v1")
    assert "worse than **v2**" in ada.sees and "30" in ada.sees and active(app) == 2
    press(ada, "Activate all the same")
    assert active(app) == 1


def test_a_version_whose_model_answers_worse_is_activated_only_by_a_second_word(
    ada: Person, app: App
) -> None:
    two(ada)
    proof = {"with": 2, "rows": 40, "before": 0.9, "after": 0.4, "verdict": "worse"}
    app.lineage.describe("77", 1, {**app.models.manifest("77", 1), "proof": proof})
    ada.slash("model activate", version="v1")
    assert "worth 40 of 100, 90 before" in ada.sees and active(app) == 2
    press(ada, "Activate all the same")
    assert active(app) == 1


def test_the_history_is_whole_though_a_worker_died_in_between(ada: Person, app: App) -> None:
    two(ada)
    app.records.delete("activation#77", "0000000002")
    assert [m.after for m in app.lineage.history("77")] == [1, 2]
    ada.slash("model rollback")
    assert [m.after for m in app.lineage.history("77")] == [1, 2, 1]


def test_the_buttons_of_an_announcement_do_what_they_say(ada: Person, app: App) -> None:
    two(ada)
    app.models.activate("77", 1, app.lineage.active("77").revision)
    ada.press("compare_versions:2")
    assert "v1 and v2" in ada.sees
    ada.press("activate_version:2")
    assert active(app) == 2
    ada.press("discard_version:1")
    assert "deleted" in ada.sees
    assert [known.number for known in app.lineage.versions("77")] == [2]


def served(app: App, **chat: str) -> None:
    """v1 answers by a model that a provider serves."""
    app.lineage.describe("77", 1, {**app.models.manifest("77", 1), "method": "sft", "chat": chat})


def test_a_provider_serves_its_model_before_the_pointer_moves(ada: Person, app: App) -> None:
    two(ada)
    served(app, provider="openai", model="ft:1", made="made-1")
    asked, job = [], app.lineage.get("77", 1).facts["job"]

    def serve(*order: str) -> str:
        asked.append((*order, active(app)))
        return "ft:1"

    promotion = Promotion(app.models, app.lineage, app.comparing, serve)
    moved = promotion.activate("77", 1, Move("5", ada.user, "chosen"))
    assert asked == [("openai", f"protege-{job}", "made-1", 2)]
    assert (moved.after, moved.model) == (1, "ft:1")


def test_a_model_that_is_still_starting_leaves_all_as_it_was(ada: Person, app: App) -> None:
    two(ada)
    served(app, provider="bedrock", model="arn:1")

    def serve(*order: str) -> str:
        raise Unavailable("creating")

    promotion = Promotion(app.models, app.lineage, app.comparing, serve)
    with pytest.raises(UserError, match="still starting"):
        promotion.activate("77", 1, Move("5", ada.user, "chosen"))
    assert active(app) == 2


# ---- compared ------------------------------------------------------------------------------------


def test_two_versions_are_asked_the_same_questions(ada: Person) -> None:
    two(ada)
    ada.slash("model compare", first="v1", second="v2")
    assert "v1 and v2 on the same questions" in ada.sees
    assert "points** of right answers from v1 to v2 (95 %:" in card(ada)
    picture = ada.discord.calls[-1].files["versions.png"]
    assert picture.startswith(b"\x89PNG")
    ada.locale = "ru"
    ada.slash("model compare", first="v1", second="v2")
    assert "неверно" in card(ada)


def test_a_version_that_knows_less_loses(ada: Person, app: App) -> None:
    topics = [("refund", "Refunds take a week."), ("parking", "Park behind the house.")]
    rows = [
        (f"{ask} {topic} {where}?", answer)
        for topic, answer in topics
        for ask in ("How does", "Tell me how the", "Please explain the", "What about the")
        for where in ("work", "function today", "go here", "operate in winter")
    ]
    taught(ada, *rows[:16])
    taught(ada, *rows[16:])
    found = app.comparing.compare("77", 1, 2)
    assert found.rows == 32 and found.method == "leave-one-out"
    assert found.second.right > found.first.right and found.outcome["verdict"] == "better"
    assert found.better and not found.worse
    assert {row.second.kind for row in found.better} == {"right"}
    value, low, high = found.difference
    assert 0 < low < value < high
    ada.slash("model compare", first="v2", second="v1")
    assert "v1 is worse" in card(ada) and "Right in v2 only" in card(ada)


def test_a_version_is_not_compared_with_itself(ada: Person) -> None:
    two(ada)
    ada.slash("model compare", first="v1", second="1")
    assert "same version" in ada.sees


# ---- different -----------------------------------------------------------------------------------


def test_the_difference_between_two_versions_is_shown_and_attached(ada: Person, app: App) -> None:
    two(ada)
    app.instructions.write("77", "5", "Be brief.\nBe kind.", ada.user)
    taught(ada, (EXIT, "Behind you."), (WIFI, "Ask at the bar."))
    ada.slash("model diff", first="v2", second="v3")
    assert "lessons 1 added, 0 removed, 0 with other answers, 9 the same" in ada.sees
    assert f"➕ {WIFI} → Ask at the bar." in ada.sees and "+Be brief." in ada.sees
    [(name, body)] = ada.discord.calls[-1].files.items()
    assert name == "v2-v3.csv"
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [(r["change"], r["version"], r["question"]) for r in rows] == [("added", "after", WIFI)]


def test_versions_without_a_difference_say_so(ada: Person) -> None:
    taught(ada, *FAQ)
    taught(ada, *FAQ)
    ada.slash("model diff", first="v1", second="v2")
    assert "8 the same" in ada.sees and "instruction is the same" in ada.sees
    assert ada.discord.calls[-1].files == {}


# ---- exported ------------------------------------------------------------------------------------


def exported(ada: Person, **options: Any) -> bytes:
    ada.slash("model export", **options)
    [body] = ada.discord.calls[-1].files.values()
    return body


def test_a_version_is_exported_with_later_corrections(ada: Person) -> None:
    taught(ada, *FAQ, (EXIT, "Behind you."), (WIFI, "Ask at the bar."))
    ada.slash("ask", question="Who cooks?")
    ada.slash("correct", message_id=str(ada.discord.last_id), correction="Eve cooks.")
    lines = exported(ada, version="v1").decode().splitlines()
    said = {json.loads(line)["messages"][-1]["content"] for line in lines}
    assert len(lines) == 11 and "Eve cooks." in said


def test_too_few_rows_for_a_provider_are_explained(ada: Person) -> None:
    two(ada)
    ada.slash("model export", version="v1", format="preference")
    assert "Only 0 rows fit preference" in ada.sees and "10" in ada.sees
    assert "left out 8: not both" in ada.sees
    ada.slash("model export", version="v1", format="docx")
    assert "one of: sft" in ada.sees


def test_the_card_s_button_asks_for_the_format(ada: Person) -> None:
    two(ada)
    ada.slash("model show", version="v1")
    press(ada, "Export")
    press(ada, "CSV: all rows")
    [(name, body)] = ada.discord.calls[-1].files.items()
    assert name == "v1-csv.csv" and len(body.decode("utf-8-sig").splitlines()) == 9


# ---- deleted -------------------------------------------------------------------------------------


def test_the_active_version_cannot_be_deleted(ada: Person, app: App) -> None:
    two(ada)
    ada.slash("model delete", version="v2")
    assert "cannot be deleted" in ada.sees
    ada.press("discard_version:2")
    assert "cannot be deleted" in ada.sees
    assert len(app.lineage.versions("77")) == 2


def test_a_deleted_version_is_gone_until_it_is_brought_back(ada: Person, app: App) -> None:
    two(ada)
    ada.slash("model delete", version="v1")
    assert len(app.lineage.versions("77")) == 2, "only asked"
    press(ada, "Yes, delete it")
    assert list(app.models.versions("77")) == [2]
    undo = ada.buttons[0]
    for command in ("show", "activate", "export"):
        ada.slash(f"model {command}", version="v1")
        assert "is deleted" in ada.sees
    assert [c["value"] for c in ada.suggestions("model restore", "version", "")] == ["v1"]
    ada.slash("model rollback")
    assert "No other version" in ada.sees
    assert taught(ada, (WIFI, "Ask at the bar.")) == 3, "its number is not used again"
    ada.press(undo)
    assert "is back" in ada.sees
    ada.slash("model activate", version="v1")
    assert active(app) == 1 or "worse" in ada.sees


def test_restoring_what_is_not_deleted_or_gone_for_ever_is_explained(ada: Person, app: App) -> None:
    two(ada)
    ada.slash("model restore", version="v1")
    assert "is not deleted" in ada.sees
    app.promotion.delete("77", 1)
    app.promotion.delete("77", 1)
    for name in ("manifest.json", "instruction.md", "lessons.jsonl"):
        app.files.delete(f"guilds/77/models/v1/{name}", forever=True)
    ada.slash("model restore", version="v1")
    assert "gone for ever" in ada.sees


# ---- rebuilt -------------------------------------------------------------------------------------


def test_a_stale_version_is_rebuilt_without_what_was_taken_back(ada: Person, app: App) -> None:
    bob = someone(ada, "43", trainer=True)
    taught(ada, *FAQ)
    train(bob, data=f"{WIFI} => Ask at the bar.")
    train(ada, data=f"{EXIT} => Behind you.")
    withdraw(bob)
    ada.slash("model list")
    assert "taken back" in ada.sees
    ada.slash("model show", version="v3")
    press(ada, "Rebuild")
    assert "rebuilds **v3**" in ada.discord.contents()[-2] or "**v4**" in ada.sees
    assert active(app) == 4 and app.lineage.get("77", 4).facts["rebuilds"] == 3
    authors = {lesson.author for lesson in app.models.lessons("77", 4)}
    questions = {lesson.input for lesson in app.models.lessons("77", 4)}
    assert authors == {ada.user} and WIFI not in questions and EXIT in questions
    assert set(app.models.stale("77")) == {2, 3}
    ada.press("discard_version:3")
    assert "is deleted" in ada.sees


def test_an_old_version_that_is_rebuilt_does_not_take_over(ada: Person, app: App) -> None:
    two(ada)
    ada.slash("model rebuild", version="v1")
    assert active(app) == 2
    facts = app.lineage.get("77", 3).facts
    assert facts["rebuilds"] == 1 and facts["lessons"] == 8
    assert EXIT not in {lesson.input for lesson in app.models.lessons("77", 3)}


def test_a_paid_method_is_not_rebuilt_without_its_provider(ada: Person, app: App) -> None:
    two(ada)
    served(app, provider="openai", model="ft:1")
    ada.slash("model rebuild", version="v1")
    assert "`sft`" in ada.sees and "lessons" in ada.sees
    assert len(list(app.records.find("job#77"))) == 2


def test_another_guild_s_versions_are_unknown(ada: Person) -> None:
    two(ada)
    eve = someone(ada, "66", trainer=True, guild="78")
    for command in ("show", "activate", "delete", "export", "rebuild"):
        eve.slash(f"model {command}", version="v1")
        assert "There is no version" in eve.sees


def test_a_table_of_differences_runs_no_formula_and_shows_no_link(ada: Person) -> None:
    taught(ada, *FAQ)
    taught(ada, ("=HYPERLINK(1)", "[win](http://evil.example) ```"))
    ada.slash("model diff", first="v1", second="v2")
    assert "\\[win\\](http://evil.example) \\`\\`\\`" in ada.sees
    [(_, body)] = ada.discord.calls[-1].files.items()
    assert "'=HYPERLINK(1)" in body.decode("utf-8-sig")


def test_a_job_gets_its_number_again_though_others_took_theirs_since(app: App) -> None:
    first = app.models.reserve("77", "one@0")
    assert app.models.reserve("77", "two@0") == first + 1
    assert app.models.reserve("77", "one@0") == first
    assert app.models.reserve("77", "three@0") == first + 2


def test_a_provider_s_model_that_was_trained_on_what_was_taken_back_is_not_called_harmless(
    ada: Person, app: App
) -> None:
    two(ada)
    app.models.mark_stale("77", 2, "taken back")
    ada.slash("model show", version="v2")
    assert "They are not used" in card(ada)
    made = {"provider": "openai", "model": "ft:one"}
    app.lineage.describe("77", 2, {**app.models.manifest("77", 2), "chat": made})
    ada.slash("model show", version="v2")
    assert "was trained on them" in card(ada) and "They are not used" not in card(ada)
