"""Archives of a bot: resumable while they are written, checked before they are believed."""

import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.operating.house import held, settled
from tools.keeping import restore as restoring
from tools.keeping.export import export
from tools.keeping.folder import FolderPlace
from tools.keeping.places import Place
from tools.keeping.restore import restore
from tools.keeping.rows import Row
from tools.keeping.tar import Damaged, Growing, entries


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


def test_what_was_begun_of_something_else_is_not_mixed_in(
    machine: FolderPlace, tmp_path: Path
) -> None:
    settled(machine, "1", "2")
    archive = tmp_path / "all.tar"
    with pytest.raises(KeyboardInterrupt):
        export(Dying(machine, "guilds/2/empty"), archive, "2")  # type: ignore[arg-type]
    export(machine, archive)
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


@pytest.mark.parametrize("name", ["guilds/../../evil", "guilds/1//x", "guilds/1/\\x"])
def test_an_archive_of_somebody_else_reaches_nothing_outside(
    machine: FolderPlace, tmp_path: Path, name: str
) -> None:
    with Growing(tmp_path / "evil.tar") as archive:
        archive.add("about.json", 12, [b'{"format":1}'])
        archive.add(f"files/{name}", 4, [b"evil"])
        archive.finish()
    with pytest.raises(ValueError, match="a key has no"):
        restore(tmp_path / "evil.tar", machine)
    assert held(machine) == (set(), {})
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_an_archive_is_not_followed(machine: FolderPlace, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "link", "files/guilds/1/x")
    with pytest.raises(Damaged, match="is no file"):
        restore(tmp_path / "evil.tar", machine)


def test_half_an_archive_is_refused(machine: FolderPlace, tmp_path: Path) -> None:
    settled(machine, "1")
    archive = tmp_path / "all.tar"
    export(machine, archive)
    archive.write_bytes(archive.read_bytes()[: -20 * 512])
    with pytest.raises(Damaged, match="not whole"):
        restore(archive, FolderPlace(tmp_path / "there"))


def test_a_restore_that_was_interrupted_is_run_again(machine: FolderPlace, tmp_path: Path) -> None:
    settled(machine, "1")
    export(machine, tmp_path / "all.tar")
    machine.files.delete("guilds/1/a")
    machine.drop([Row("settings", "1", 0, None, {})])
    assert restore(tmp_path / "all.tar", machine).count == 2
    assert restore(tmp_path / "all.tar", machine).count == 0
