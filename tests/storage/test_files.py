"""What every implementation of Files does."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from protege.errors import Conflict, Missing
from protege.storage import Files, Listing

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
    for refused in (
        files.stat,
        files.begin,
        lambda key: files.part(key, 0, 1),
        lambda key: files.link(key, seconds=60, name="x"),
        lambda key: files.write_stream(key, [b"x"]),
        lambda key: files.restore(key, "1"),
        lambda key: list(files.stream(key)),
    ):
        with pytest.raises(ValueError):
            refused(key)
    files.write("a", b"")
    with pytest.raises(ValueError):
        files.copy("a", key)
    assert list(files.names("")) == ["a"]


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


def test_a_file_is_seen_from_outside(files: Files) -> None:
    began = time.time()
    files.write("a/b", b"12345")
    files.write("a/c", b"")
    seen = files.stat("a/b")
    assert (seen.key, seen.size) == ("a/b", 5)
    assert began - 2 <= seen.modified_at <= time.time() + 2
    assert list(files.list("a/")) == [seen, files.stat("a/c")]
    with pytest.raises(Missing):
        files.stat("a")


def test_any_range_of_a_file_can_be_read(files: Files) -> None:
    body = bytes(range(256))
    files.write("a", body)
    files.write("empty", b"")
    for start, length in ((0, 1), (0, 256), (10, 20), (250, 100), (255, 1), (256, 1), (900, 5)):
        assert files.part("a", start, length) == body[start : start + length]
    assert files.part("a", 3, 0) == files.part("empty", 0, 9) == b""
    for length in (0, 4):
        with pytest.raises(Missing):
            files.part("b", 0, length)


def test_a_file_is_streamed_in_chunks(files: Files) -> None:
    files.write("a", b"abcdefgh")
    files.write("empty", b"")
    assert list(files.stream("a", 3)) == [b"abc", b"def", b"gh"]
    assert b"".join(files.stream("empty")) == b""
    with pytest.raises(Missing):
        next(files.stream("b"))


def test_a_stream_that_is_not_read_to_its_end_does_no_harm(files: Files) -> None:
    files.write("a", bytes(3_000_000))
    for _ in range(12):  # more than the connections S3's client keeps
        assert len(next(files.stream("a", 1000))) == 1000
    assert files.stat("a").size == 3_000_000


@pytest.mark.parametrize("size", [0, 1, 8 << 20, (8 << 20) + 1, 20_000_000])
def test_a_stream_is_stored_whole(files: Files, size: int) -> None:
    chunk = bytes(range(250)) * 4000
    chunks = (chunk[: size - start] for start in range(0, size, len(chunk)))
    assert files.write_stream("a/b", chunks) == size
    assert files.stat("a/b").size == size
    assert files.part("a/b", max(size - 1000, 0), 1000) == (chunk * 21)[:size][-1000:]


@pytest.mark.parametrize("size", [10, 20_000_000])
def test_a_stream_that_breaks_off_leaves_what_was_there(files: Files, size: int) -> None:
    files.write("a", b"before")

    def chunks():
        yield bytes(size // 2)
        yield bytes(size // 2)
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError):
        files.write_stream("a", chunks())
    assert files.read("a") == b"before"
    assert list(files.names("")) == ["a"]


def test_a_copy_is_a_file_of_its_own(files: Files) -> None:
    files.write("a", b"1")
    files.write("ж/b", b"2")
    files.copy("a", "ж/b")
    files.copy("a", "ж/ы +?#%")
    files.write("a", b"3")
    assert [files.read(key) for key in ("a", "ж/b", "ж/ы +?#%")] == [b"3", b"1", b"1"]
    with pytest.raises(Missing):
        files.copy("nothing", "a")
    assert files.read("a") == b"3"


def test_browsing_shows_what_comes_next(stocked: tuple[Files, Listing]) -> None:
    files, listing = stocked
    odd = "<&>+ %41'\"/x"
    for key in ("a", "a/b/c", "a/b/d", "a/e", "ab", "ж/x", f"{'ы' * 200}/z", odd):
        files.write(key, b"")
    browse = listing.browse
    assert list(browse("")) == ["<&>+ %41'\"/", "a", "a/", "ab", "ж/", f"{'ы' * 200}/"]
    assert list(browse("a")) == ["a", "a/", "ab"]
    assert list(browse("a/")) == ["a/b/", "a/e"]
    assert list(browse("a/b")) == ["a/b/"]
    assert list(browse("a/b/c")) == ["a/b/c"]
    assert list(browse("ыы")) == [f"{'ы' * 200}/"]
    assert list(browse("<&>+")) == ["<&>+ %41'\"/"]
    assert list(browse("<&>+ %41'\"/")) == [odd]
    assert list(browse("x")) == list(browse("../")) == []
    assert list(browse("a", 2)) == ["a", "a/"]
