"""A bot moves: everything of it goes into an archive, and lives on elsewhere."""

from pathlib import Path

import pytest

from protege.storage.embedded import FileAlarm
from tests.operating.conftest import living
from tests.operating.house import held, settled
from tests.recorder import Recorder
from tools.keeping.clients import client
from tools.keeping.export import export
from tools.keeping.export import main as export_all
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.restore import Differs, restore
from tools.keeping.restore import main as restore_all
from tools.keeping.rows import Row
from tools.keeping.stack import StackPlace

pytestmark = pytest.mark.real
QUESTION, ANSWER = "When do you open on Sundays?", "On Sundays we open at noon."
MOVES = [("machine", "stack"), ("stack", "machine"), ("stack", "stack")]


def test_a_taught_bot_answers_the_same_after_it_moved_to_aws(
    machine: FolderPlace, stack: StackPlace, discord: Recorder, tmp_path: Path
) -> None:
    home, other = machine, stack
    ada = living(home, discord, tmp_path)
    ada.slash("ask", question=QUESTION)
    ada.slash("correct", message_id=str(discord.last_id), correction=ANSWER)
    ada.slash(
        "train", attachment=ada.upload("faq.jsonl", '{"prompt": "Who?", "completion": "Me."}')
    )
    export(home, tmp_path / "all.tar")
    restore(tmp_path / "all.tar", other)
    assert held(other) == held(home)
    there = living(other, discord, tmp_path / "there")
    there.slash("ask", question=QUESTION)
    assert there.sees == f"> {QUESTION}\n{ANSWER}"
    there.slash("model list")
    assert "1" in there.sees


@pytest.mark.parametrize(("home", "other"), MOVES, indirect=True)
def test_what_is_odd_arrives_as_it_was(home: Place, other: Place, tmp_path: Path) -> None:
    settled(home, "1", "2")
    home.put([Row("claim#1", "claim", 1, None, {}), Row("voice-worker", "it", 1, None, {})])
    home.put([Row("voice-call", "1", 1, None, {}), Row("saying", "9", 1, None, {"guild": "1"})])
    home.put([Row("answer#1", "old", 1, 1_000.0, {})])
    home.files.write("outbox/1.json", b"{}")
    export(home, tmp_path / "all.tar")
    restore(tmp_path / "all.tar", other)
    assert held(other) == held(home)
    assert {row.kind for row in other.rows()}.isdisjoint({"claim#1", "voice-worker"})
    assert len(list(other.rows())) == 2 * 32
    assert not list(other.files.names("outbox/"))


def test_one_server_moves_alone(machine: FolderPlace, tmp_path: Path) -> None:
    home = machine
    settled(home, "1", "2", "22")
    home.put(
        [
            Row("running", "2/job", 1, None, {}),
            Row("spenders", "2026-11/2", 1, None, {}),
            Row("provider-job", "p", 1, None, {"space": "2"}),
        ]
    )
    export(home, tmp_path / "two.tar", "2")
    export(home, tmp_path / "all.tar")
    alone, part = FolderPlace(tmp_path / "alone"), FolderPlace(tmp_path / "part")
    restore(tmp_path / "two.tar", alone)
    restore(tmp_path / "all.tar", part, "2")
    assert held(alone) == held(part)
    assert {row.guild for row in alone.rows()} == {"2"} and len(list(alone.rows())) == 35
    assert [key.split("/")[1] for key in alone.files.names("guilds/")] == ["2"] * 3


def test_nothing_that_differs_is_overwritten_unless_forced(home: Place, tmp_path: Path) -> None:
    settled(home, "1")
    archive = tmp_path / "all.tar"
    export(home, archive)
    then = held(home)
    home.put([Row("settings", "1", 8, None, {"who": "nobody"})])
    home.files.write("guilds/1/a", b"two")
    home.files.delete("guilds/1/empty")
    home.files.write("guilds/1/new", b"younger than the archive")
    now = held(home)
    with pytest.raises(Differs, match="2 records and files"):
        restore(archive, home)
    assert held(home) == now
    restore(archive, home, force=True)
    assert held(home) == (then[0], then[1] | {"guilds/1/new": b"younger than the archive"})


def test_jobs_that_ran_are_looked_after_where_they_go(
    machine: FolderPlace, other: Place, tmp_path: Path
) -> None:
    machine.put([Row("running", "1/j", 1, None, {})])
    export(machine, tmp_path / "all.tar")
    restore(tmp_path / "all.tar", other)
    if isinstance(other, FolderPlace):
        assert FileAlarm(Path(other.name) / "alarm").ringing()
    else:
        [rule] = client("events").list_rules()["Rules"]
        assert rule["State"] == "ENABLED"


def test_records_of_another_time_come_back_from_a_table_that_aws_restored(
    stack: StackPlace, tmp_path: Path
) -> None:
    settled(stack, "1", "2")
    then = held(stack)
    client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=stack.table, TargetTableName="then", UseLatestRestorableTime=True
    )
    stack.drop(list(stack.rows())[::2])
    stack.put([Row("settings", "1", 8, None, {"who": "nobody"})])
    archive = str(tmp_path / "then.tar")
    assert export_all(["--stack", "Bot", "--table", "then", "--to", archive]) == 0
    assert restore_all([archive, "--stack", "Bot", "--force"]) == 0
    assert held(stack) == then


def test_the_commands_tell_what_they_did_and_what_is_wrong(
    stack: StackPlace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settled(stack, "1")
    archive = str(tmp_path / "all.tar")
    assert export_all(["--stack", "Bot", "--to", archive]) == 0
    assert capsys.readouterr().out == f"{archive}\n"
    assert export_all(["--stack", "Bot", "--to", archive]) == 1
    assert "there already" in capsys.readouterr().err
    folder = str(tmp_path / "laptop")
    assert restore_all([archive, "--folder", folder]) == 0
    assert held(FolderPlace(Path(folder))) == held(stack)
    stack.files.write("guilds/1/a", b"two")
    assert restore_all([archive, "--stack", "Bot"]) == 1
    assert "FORCE=1" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="no bot keeps anything in"):
        export_all(["--folder", str(tmp_path / "nowhere")])
    assert not (tmp_path / "nowhere").exists()
    assert restore_all([str(tmp_path / "nowhere.tar"), "--folder", folder]) == 1
    assert "is no archive" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="no Bucket and no Table"):
        export_all(["--stack", "Nobody", "--to", str(tmp_path / "none.tar")])
