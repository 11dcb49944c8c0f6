"""What only files in a folder can show: how they lie on the disk."""

import os
import string
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protege.errors import Missing, Unavailable
from protege.storage.embedded import FolderFiles
from tests.storage.test_files import ODD_KEYS

ALLOWED = set(string.ascii_lowercase + string.digits + "._-%=")

parts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1
)
keys = st.lists(parts.filter(lambda part: part not in (".", "..")), min_size=1, max_size=4).map(
    "/".join
)


def _on_disk(root: Path) -> list[Path]:
    return [path.relative_to(root) for path in root.rglob("*") if path.is_file()]


def test_names_on_disk_suit_any_file_system_and_stay_beneath_the_root(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "root")
    for key in ODD_KEYS:
        files.write(key, b"")
    assert len(_on_disk(tmp_path / "root")) == len(ODD_KEYS) == len(_on_disk(tmp_path))
    for path in _on_disk(tmp_path / "root"):
        for name in path.parts:
            assert set(name) <= ALLOWED
            assert len(name) <= 255
            assert name not in (".", "..")


def test_a_plain_key_can_be_recognised_on_disk(tmp_path: Path) -> None:
    FolderFiles(tmp_path).write("guilds/1/models/v3/manifest.json", b"{}")
    assert (tmp_path / "guilds/1/models/v3/=manifest.json").read_bytes() == b"{}"


@given(st.sets(keys, min_size=1, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_any_keys_live_side_by_side(
    tmp_path_factory: pytest.TempPathFactory, chosen: set[str], data: st.DataObject
) -> None:
    files = FolderFiles(tmp_path_factory.mktemp("files"))
    for key in chosen:
        files.write(key, key.encode(), once=True)
    assert list(files.names("")) == sorted(chosen)
    assert all(files.read(key) == key.encode() for key in chosen)
    one = data.draw(st.sampled_from(sorted(chosen)))
    prefix = one[: data.draw(st.integers(0, len(one)))]
    assert list(files.names(prefix)) == sorted(k for k in chosen if k.startswith(prefix))


def test_unfinished_files_are_not_listed_and_swept_once_abandoned(tmp_path: Path) -> None:
    FolderFiles(tmp_path).write("a", b"1")
    fresh, abandoned = tmp_path / "%new" / "fresh", tmp_path / "%new" / "abandoned"
    for path in (fresh, abandoned):
        path.write_bytes(b"half a fi")
    os.utime(abandoned, (time.time() - 7200,) * 2)
    files = FolderFiles(tmp_path)
    assert list(files.names("")) == ["a"]
    assert [path.name for path in (tmp_path / "%new").iterdir()] == ["fresh"]


def test_a_write_leaves_nothing_but_its_file(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.write("a", b"1")
    files.write("a", b"2")
    files.write("b", b"3", once=True)
    assert sorted(map(str, _on_disk(tmp_path))) == ["=a", "=b"]


@pytest.mark.parametrize("once", [False, True])
def test_a_reader_never_sees_half_a_file(tmp_path: Path, once: bool) -> None:
    files = FolderFiles(tmp_path)
    sizes, over = set[int](), threading.Event()
    keys = [f"new/{number}" if once else "same" for number in range(30)]

    def read() -> None:
        last = False
        while not last:
            last = over.is_set()  # once more when all are there: it may not have had its turn yet
            for key in set(keys):
                with suppress(Missing):
                    sizes.add(len(files.read(key)))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for key in keys:
        files.write(key, bytes(3_000_000), once=once)
    over.set()
    reader.join()
    assert sizes == {3_000_000}


def test_a_folder_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(Unavailable):
        FolderFiles(tmp_path / "taken")


def test_a_folder_that_holds_nothing_any_more_is_not_offered(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.write("a/b/c", b"")
    files.delete("a/b/c")
    assert list(files.browse("")) == list(files.browse("a/")) == []


def test_an_upload_belongs_to_its_key(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    upload = files.begin("guilds/1/a")
    with pytest.raises(Missing):
        files.put_part("guilds/2/a", upload, 1, b"1")


def test_parts_are_swept_once_abandoned_and_gone_once_finished(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    uploads = [files.begin("a") for _ in range(3)]
    tags = [files.put_part("a", upload, 1, b"1") for upload in uploads]
    os.utime(tmp_path / "%parts" / uploads[0], (time.time() - 100_000,) * 2)
    FolderFiles(tmp_path).finish("a", uploads[1], tags[1:2])
    assert [path.name for path in (tmp_path / "%parts").iterdir()] == uploads[2:]
