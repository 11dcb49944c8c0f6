"""Deleted files and how they come back."""

import time
from pathlib import Path

import pytest

from protege.errors import Conflict, Missing
from protege.storage import Files
from protege.storage.embedded import FolderFiles
from protege.storage.embedded.trash import KEEP_S
from tests.storage.conftest import Clock


def test_a_deleted_file_can_be_restored(files: Files) -> None:
    began = time.time()
    files.write("a/b", b"old")
    files.write("a/b", b"123")
    files.delete("a/b")
    [buried] = files.buried("a/")
    assert (buried.key, buried.size) == ("a/b", 3)
    assert began - 2 <= buried.buried_at <= time.time() + 2
    files.restore("a/b", buried.version)
    assert files.read("a/b") == b"123"
    assert list(files.buried("")) == []
    with pytest.raises((Conflict, Missing)):
        files.restore("a/b", buried.version)


def test_what_was_never_there_leaves_nothing_to_restore(files: Files) -> None:
    files.delete("a")
    files.write("b", b"1")
    files.delete("b")
    files.delete("b")
    assert [found.key for found in files.buried("")] == ["b"]


def test_nothing_is_restored_over_a_file_that_is_there(files: Files) -> None:
    files.write("a", b"1")
    files.delete("a")
    [buried] = files.buried("a")
    files.write("a", b"2")
    with pytest.raises(Conflict):
        files.restore("a", buried.version)
    assert files.read("a") == b"2"
    assert list(files.buried("a")) == [buried]


def test_of_several_deletions_each_can_be_undone(files: Files) -> None:
    for body in (b"1", b"22", b"333"):
        files.write("a", body)
        files.delete("a")
    newest, middle, oldest = files.buried("a")
    assert (newest.size, middle.size, oldest.size) == (3, 2, 1)
    files.restore("a", middle.version)
    assert files.read("a") == b"22"
    files.delete("a")
    files.restore("a", newest.version)
    assert files.read("a") == b"333"
    assert oldest in files.buried("a")


def test_only_deleted_files_of_the_prefix_are_found(files: Files) -> None:
    keys = ["guilds/1/a", "guilds/10/a", "guilds/1/%v/ы" + "ы" * 100, "guilds/1/" + "x" * 900]
    for key in keys:
        files.write(key, b"")
        files.delete(key)
    assert {found.key for found in files.buried("guilds/1/")} == {k for k in keys if "10" not in k}
    assert list(files.buried("guilds/1/a0")) == list(files.buried("guilds/2/")) == []
    for found in list(files.buried("")):
        files.restore(found.key, found.version)
    assert sorted(files.names("")) == sorted(keys)


def test_a_version_of_another_key_is_missing(files: Files) -> None:
    files.write("guilds/1/a", b"1")
    files.delete("guilds/1/a")
    [buried] = files.buried("")
    for version in (buried.version, "", "../x", "0" * 18 + "-00000000"):
        with pytest.raises(Missing):
            files.restore("guilds/2/a", version)
    assert list(files.names("")) == []


def test_deleted_for_ever_is_for_ever(files: Files) -> None:
    files.write("ab", b"stays")
    files.delete("ab")
    for body in (b"1", b"2"):
        files.write("a", body)
        files.delete("a")
    files.write("a", b"3")
    files.delete("a", forever=True)
    files.delete("a", forever=True)
    with pytest.raises(Missing):
        files.read("a")
    assert [found.key for found in files.buried("")] == ["ab"]


def test_after_thirty_days_a_deleted_file_is_off_the_disk(tmp_path: Path, clock: Clock) -> None:
    files = FolderFiles(tmp_path, now=clock)
    for key in ("a", "b", "c"):
        files.write(key, b"x")
    files.delete("a")
    clock.time += KEEP_S - 10
    assert [found.key for found in files.buried("")] == ["a"]
    clock.time += 20
    assert list(files.buried("")) == []
    files.delete("b")
    left = [path for path in (tmp_path / "%gone").rglob("*") if path.is_file()]
    assert [path.name.partition("%v")[0] for path in left] == ["=b"]
