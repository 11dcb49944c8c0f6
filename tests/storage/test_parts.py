"""Files that are stored in parts."""

import pytest

from protege.errors import Missing
from protege.storage import Files

PART = bytes(range(256)) * 4 * 5 * 1024
"""5 MiB: the least S3 takes."""


def test_parts_become_a_file_when_they_are_finished(files: Files) -> None:
    files.write("a/b", b"before")
    upload = files.begin("a/b")
    tags = [files.put_part("a/b", upload, n, body) for n, body in ((1, PART), (2, b"end"))]
    assert files.read("a/b") == b"before"
    assert [found.key for found in files.list("")] == ["a/b"]
    files.finish("a/b", upload, tags)
    assert files.read("a/b") == PART + b"end"


def test_parts_may_come_in_any_order_and_again(files: Files) -> None:
    upload = files.begin("a")
    last = files.put_part("a", upload, 2, b"end")
    files.put_part("a", upload, 1, PART[::-1])
    first = files.put_part("a", upload, 1, PART)
    assert files.put_part("a", upload, 1, PART) == first
    files.finish("a", upload, [first, last])
    assert files.read("a") == PART + b"end"


def test_uploads_of_one_key_know_nothing_of_each_other(files: Files) -> None:
    one, other = files.begin("a"), files.begin("a")
    tag = files.put_part("a", one, 1, b"one")
    files.finish("a", other, [files.put_part("a", other, 1, b"other")])
    assert files.read("a") == b"other"
    files.finish("a", one, [tag])
    assert files.read("a") == b"one"


def test_an_abandoned_upload_is_gone(files: Files) -> None:
    upload = files.begin("a")
    tag = files.put_part("a", upload, 1, b"1")
    files.abandon("a", upload)
    files.abandon("a", upload)
    with pytest.raises(Missing):
        files.put_part("a", upload, 2, b"2")
    with pytest.raises(Missing):
        files.finish("a", upload, [tag])
    assert list(files.names("")) == []


def test_a_finished_upload_takes_no_more(files: Files) -> None:
    upload = files.begin("a")
    files.finish("a", upload, [files.put_part("a", upload, 1, b"1")])
    with pytest.raises(Missing):
        files.put_part("a", upload, 2, b"2")
    assert files.read("a") == b"1"


def test_parts_that_were_never_stored_cannot_be_finished(files: Files) -> None:
    upload = files.begin("a")
    tag = files.put_part("a", upload, 1, PART)
    with pytest.raises(Missing):
        files.finish("a", upload, [tag, tag[::-1]])
    files.finish("a", upload, [tag])
    assert files.stat("a").size == len(PART)


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_a_part_has_a_number_that_s3_takes(files: Files, number: int) -> None:
    with pytest.raises(ValueError):
        files.put_part("a", files.begin("a"), number, b"")


@pytest.mark.parametrize("upload", ["", "../a", "0" * 32, "x"])
def test_an_upload_nobody_began_is_missing(files: Files, upload: str) -> None:
    with pytest.raises((Missing, ValueError)):
        files.put_part("a", upload, 1, b"")
