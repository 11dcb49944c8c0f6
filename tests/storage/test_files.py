"""What every implementation of Files does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from protege.errors import Conflict, Missing
from protege.storage import Files

ODD_KEYS = [
    "a",
    "a/b",
    "a/b/c",
    "a+b/=c",
    "%41/%new/%",
    "A/B",
    "guilds/1/Учебные данные/вопросы.jsonl",
    "emoji/🦉.txt",
    "dots/...",
    "-/~/_",
    "long/" + "x" * 1000,
    "ж" * 512,
    "/".join("abcdefgh" for _ in range(113)),
]
BAD_KEYS = [
    "",
    "/etc/passwd",
    "..",
    "../up",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    "nul\0",
    "back\\slash",
    "line\nbreak",
    "x" * 1025,
    "half a pair \ud800",
]


def test_a_file_is_read_as_it_was_written(files: Files) -> None:
    body = bytes(range(256)) * 40
    files.write("guilds/1/data.bin", body)
    assert files.read("guilds/1/data.bin") == body
    files.write("guilds/1/data.bin", b"")
    assert files.read("guilds/1/data.bin") == b""


def test_what_is_not_there_is_missing(files: Files) -> None:
    files.write("a/b/c", b"1")
    for key in ("a", "a/b", "a/b/c/d", "z"):
        with pytest.raises(Missing):
            files.read(key)


def test_every_allowed_key_names_its_own_file(files: Files) -> None:
    for key in ODD_KEYS:
        files.write(key, key.encode())
    assert [files.read(key).decode() for key in ODD_KEYS] == ODD_KEYS
    assert list(files.names("")) == sorted(ODD_KEYS)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_could_escape_or_cannot_be_kept_is_refused(files: Files, key: str) -> None:
    with pytest.raises(ValueError):
        files.write(key, b"x")
    with pytest.raises(ValueError):
        files.read(key)
    with pytest.raises(ValueError):
        files.delete(key)
    assert list(files.names("")) == []


def test_a_prefix_is_of_the_key_and_not_a_folder(files: Files) -> None:
    for key in ("v1/a", "v10/a", "v1-x", "v2", "ж/ы", "жж"):
        files.write(key, b"")
    assert list(files.names("v1")) == ["v1-x", "v1/a", "v10/a"]
    assert list(files.names("v1/")) == ["v1/a"]
    assert list(files.names("ж")) == ["ж/ы", "жж"]
    assert list(files.names("../")) == list(files.names("v3")) == []


def test_a_prefix_may_end_within_a_long_part(files: Files) -> None:
    long = "ы" * 400
    files.write(f"{long}/end", b"")
    for length in (1, 33, 34, 67, 399, 400):
        assert list(files.names(long[:length])) == [f"{long}/end"]
    assert list(files.names(long + "ы")) == []


def test_a_file_written_once_is_never_replaced(files: Files) -> None:
    files.write("v1/manifest.json", b"first", once=True)
    with pytest.raises(Conflict):
        files.write("v1/manifest.json", b"second", once=True)
    assert files.read("v1/manifest.json") == b"first"
    files.write("v1/manifest.json", b"third")
    assert files.read("v1/manifest.json") == b"third"


def test_one_of_many_writers_wins_once(files: Files) -> None:
    def won(number: int) -> bool:
        try:
            files.write("once", b"%d" % number, once=True)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        winners = [number for number, it in enumerate(pool.map(won, range(16))) if it]
    assert len(winners) == 1
    assert files.read("once") == b"%d" % winners[0]


def test_a_deleted_file_is_gone_and_may_be_deleted_again(files: Files) -> None:
    files.write("a", b"1")
    files.write("a/b", b"2")
    files.delete("a")
    files.delete("a")
    files.delete("never/was")
    assert list(files.names("")) == ["a/b"]
    files.write("a", b"3", once=True)
    assert files.read("a") == b"3"


def test_names_come_in_pages_and_in_order(files: Files) -> None:
    keys = [f"p/{number:04d}" for number in range(1005)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: files.write(key, b""), keys))
    assert list(files.names("p/")) == keys
