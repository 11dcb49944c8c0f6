"""A bot moves: everything of it goes into an archive, and lives on elsewhere."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from protege.storage.embedded import FileAlarm
from tests.operating.conftest import living
from tests.recorder import Recorder
from tools.keeping import restore as restoring
from tools.keeping.clients import client
from tools.keeping.export import export
from tools.keeping.export import main as export_all
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.restore import Differs, restore
from tools.keeping.restore import main as restore_all
from tools.keeping.rows import Row
from tools.keeping.stack import StackPlace
from tools.keeping.tar import Damaged, entries

pytestmark = pytest.mark.real
QUESTION, ANSWER = "When do you open on Sundays?", "On Sundays we open at noon."
MOVES = [("machine", "stack"), ("stack", "machine"), ("stack", "stack")]


def held(place: Place) -> tuple[set[str], dict[str, bytes]]:
    """Every record as a line, and every file."""
    rows = {row.line() for row in place.rows() if row.moves}
    return rows, {key: place.files.read(key) for key in place.files.names("guilds/")}


def settled(place: Place, *guilds: str) -> None:
    """Some records and files of some servers."""
    for guild in guilds:
        rows = [
            Row(f"lesson#{guild}", f"{n:04}", n + 1, None, {"input": "ключ", "n": n})
            for n in range(30)
        ]
        expiring = Row(f"answer#{guild}", "1", 2, 4_000_000_000.25, {"text": "a\ud800b"})
        place.put([*rows, expiring, Row("settings", guild, 7, None, {"who": "all"})])
        place.files.write(f"guilds/{guild}/a", b"one")
        place.files.write(f"guilds/{guild}/a/b ü%.bin", bytes(range(256)) * 5000)
        place.files.write(f"guilds/{guild}/empty", b"")


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
    home.put([Row("answer#1", "old", 1, 1_000.0, {})])
    home.files.write("outbox/1.json", b"{}")
    export(home, tmp_path / "all.tar")
    restore(tmp_path / "all.tar", other)
    assert held(other) == held(home)
    assert {row.kind for row in other.rows()}.isdisjoint({"claim#1", "voice-worker"})
    assert len(list(other.rows())) == 2 * 32
    assert not list(other.files.names("outbox/"))


def test_an_archive_can_be_read_and_checked_without_us(
    machine: FolderPlace, tmp_path: Path
) -> None:
    settled(machine, "1")
    export(machine, tmp_path / "all.tar")
    assert (tmp_path / "all.tar").stat().st_mode & 0o077 == 0, "nobody else may read it"
    (tmp_path / "out").mkdir()
    machine.files.delete("guilds/1/a")  # beside a/b it could not be unpacked into a folder
    export(machine, tmp_path / "less.tar")
    subprocess.run(["tar", "-xf", "../less.tar"], cwd=tmp_path / "out", check=True)
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=True)
    about = json.loads((tmp_path / "out/about.json").read_text())
    assert (about["format"], about["guild"]) == (1, "")


def test_one_server_moves_alone(machine: FolderPlace, tmp_path: Path) -> None:
    home = machine
    settled(home, "1", "2", "22")
    home.put(
        [Row("running", "2/job", 1, None, {}), Row("provider-job", "p", 1, None, {"space": "2"})]
    )
    export(home, tmp_path / "two.tar", "2")
    export(home, tmp_path / "all.tar")
    alone, part = FolderPlace(tmp_path / "alone"), FolderPlace(tmp_path / "part")
    restore(tmp_path / "two.tar", alone)
    restore(tmp_path / "all.tar", part, "2")
    assert held(alone) == held(part)
    assert {row.guild for row in alone.rows()} == {"2"} and len(list(alone.rows())) == 34
    assert [key.split("/")[1] for key in alone.files.names("guilds/")] == ["2"] * 3


class Dying:
    """Files of a machine that goes down while one of them is read."""

    def __init__(self, place: Place, key: str) -> None:
        self._place, self._key = place, key
        self.name, self.files = place.name, self

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._place.files, name, None)
        return found or getattr(self._place, name)

    def stream(self, key: str) -> Any:
        if key == self._key:
            yield b"only the beginning"
            raise KeyboardInterrupt
        yield from self._place.files.stream(key)


@pytest.mark.parametrize("key", ["guilds/1/a", "guilds/1/a/b ü%.bin", "guilds/2/empty"])
def test_an_export_goes_on_where_it_was_killed(
    machine: FolderPlace, tmp_path: Path, key: str
) -> None:
    settled(machine, "1", "2")
    export(machine, tmp_path / "whole.tar")
    archive = tmp_path / "killed.tar"
    with pytest.raises(KeyboardInterrupt):
        export(Dying(machine, key), archive)  # type: ignore[arg-type]
    assert not archive.exists()
    before = (tmp_path / "killed.tar.part").stat().st_size
    export(machine, archive)
    assert before < archive.stat().st_size
    restore(archive, FolderPlace(tmp_path / "there"))
    assert held(FolderPlace(tmp_path / "there")) == held(machine)


def test_a_part_cut_anywhere_is_gone_on_with(machine: FolderPlace, tmp_path: Path) -> None:
    settled(machine, "1")
    export(machine, tmp_path / "whole.tar")
    whole = (tmp_path / "whole.tar").read_bytes()
    names = [one.name for one in entries(tmp_path / "whole.tar")]
    for number, end in enumerate((0, 1, 511, 512, 700, 5000, len(whole) // 2, len(whole) - 1200)):
        archive = tmp_path / f"{number}.tar"
        archive.with_name(f"{number}.tar.part").write_bytes(whole[:end])
        export(machine, archive)
        assert [one.name for one in entries(archive)] == names
        restoring.opened(archive)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    machine: FolderPlace, tmp_path: Path
) -> None:
    settled(machine, "1")

    class Growing(Dying):
        def stream(self, key: str) -> Any:
            if key == "guilds/1/a" and machine.files.stat(key).size == 3:
                machine.files.write(key, b"longer")
            yield from machine.files.stream(key)

    export(Growing(machine, ""), tmp_path / "all.tar")  # type: ignore[arg-type]
    restore(tmp_path / "all.tar", FolderPlace(tmp_path / "there"))
    assert FolderPlace(tmp_path / "there").files.read("guilds/1/a") == b"longer"


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


def test_a_restore_that_was_interrupted_is_run_again(machine: FolderPlace, tmp_path: Path) -> None:
    settled(machine, "1")
    export(machine, tmp_path / "all.tar")
    machine.files.delete("guilds/1/a")
    machine.drop([Row("settings", "1", 0, None, {})])
    assert restore(tmp_path / "all.tar", machine).count == 2
    assert restore(tmp_path / "all.tar", machine).count == 0


@pytest.mark.parametrize("at", [600, 3000, -4000])
def test_a_flipped_bit_is_found_before_anything_is_written(
    machine: FolderPlace, tmp_path: Path, at: int
) -> None:
    settled(machine, "1")
    archive = tmp_path / "all.tar"
    export(machine, archive)
    body = bytearray(archive.read_bytes())
    body[at] ^= 1
    archive.write_bytes(body)
    there = FolderPlace(tmp_path / "there")
    with pytest.raises(Damaged):
        restore(archive, there)
    assert held(there) == (set(), {})


def test_half_an_archive_is_refused(machine: FolderPlace, tmp_path: Path) -> None:
    settled(machine, "1")
    archive = tmp_path / "all.tar"
    export(machine, archive)
    archive.write_bytes(archive.read_bytes()[: -20 * 512])
    with pytest.raises(Damaged, match="not whole"):
        restore(archive, FolderPlace(tmp_path / "there"))


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
