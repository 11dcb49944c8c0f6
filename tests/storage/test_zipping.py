"""The bytes of ZIP files that are too large to be made in a test: their parts are not."""

import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.archives.zipping import (
    BLOCK,
    END_OF_DATA,
    LARGE_FROM,
    Entry,
    Sums,
    deflated,
    descriptor,
    ending,
    header,
    listed,
)


def entry(planned: Entry, body: bytes, offset: int) -> tuple[bytes, bytes]:
    """An entry's own bytes, and its line in the directory."""
    data = deflated(body, last=True)
    sums = Sums(zlib.crc32(body), len(data), len(body), offset)
    return header(planned) + data + descriptor(planned, sums), listed(planned, sums)


@given(st.lists(st.binary(max_size=5000), max_size=5), st.booleans())
def test_blocks_make_one_stream(blocks: list[bytes], ended: bool) -> None:
    body = b"".join(deflated(block, last=False) for block in blocks)
    body += END_OF_DATA if ended else deflated(b"tail", last=True)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    assert unpacker.decompress(body) == b"".join(blocks) + (b"" if ended else b"tail")
    assert unpacker.eof and not unpacker.unused_data


def test_more_entries_than_a_small_archive_can_count(tmp_path: Path) -> None:
    body, directory = io.BytesIO(), io.BytesIO()
    for number in range(70_000):
        data, line = entry(Entry(f"{number}.txt", 1, 0.0), b"x", body.tell())
        body.write(data)
        directory.write(line)
    offset = body.tell()
    body.write(directory.getvalue())
    body.write(ending(70_000, len(directory.getvalue()), offset))
    with zipfile.ZipFile(body) as archive:
        assert len(archive.namelist()) == 70_000
        assert archive.read("69999.txt") == b"x"


@pytest.mark.parametrize("at", [0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 6 << 30])
def test_entries_beyond_four_gigabytes(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.zip"  # a sparse file: a hole, then the entry
    with path.open("wb") as file:
        first, line = entry(Entry("first", 5, 1.7e9), b"first", 0)
        file.write(first)
        file.seek(at)
        second, other = entry(Entry("second", 6, 1.7e9), b"second", at)
        file.write(second + line + other)
        file.write(ending(2, len(line + other), at + len(second)))
    with zipfile.ZipFile(path) as archive:
        assert [archive.read(name) for name in ("first", "second")] == [b"first", b"second"]


def test_an_entry_planned_larger_than_four_gigabytes() -> None:
    data, line = entry(Entry("large", LARGE_FROM, 1.7e9), b"less, in the end", 0)
    body = io.BytesIO(data + line + ending(1, len(line), len(data)))
    with zipfile.ZipFile(body) as archive:
        assert archive.read("large") == b"less, in the end"
        assert archive.getinfo("large").extract_version == 45


def test_sizes_beyond_four_gigabytes_stand_in_the_directory() -> None:
    sums = Sums(1, 5 << 30, 6 << 30, 7 << 30)
    line = listed(Entry("large", 6 << 30, 1.7e9), sums)
    with zipfile.ZipFile(io.BytesIO(line + ending(1, len(line), 0))) as archive:
        found = archive.getinfo("large")
    assert (found.compress_size, found.file_size, found.header_offset) == (
        5 << 30,
        6 << 30,
        7 << 30,
    )


def test_names_are_utf_8_and_times_are_utc() -> None:
    at = 1_790_000_000.0
    data, line = entry(Entry("ж/🦉.txt", 1, at), b"x", 0)
    old, other = entry(Entry("old", 1, -5.0), b"x", len(data))
    body = data + old + line + other
    with zipfile.ZipFile(io.BytesIO(body + ending(2, len(line + other), len(data + old)))) as it:
        assert it.getinfo("ж/🦉.txt").date_time == (2026, 9, 21, 14, 13, 20)
        assert it.getinfo("old").date_time == (1980, 1, 1, 0, 0, 0)
        assert it.getinfo("old").external_attr >> 16 == 0o100644


def test_dense_data_hardly_grows() -> None:
    noise = random.Random(1).randbytes(BLOCK)
    assert len(deflated(noise, last=True)) < 1.001 * BLOCK
