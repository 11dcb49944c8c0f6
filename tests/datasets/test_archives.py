"""Archives: what is in them is read, and no bomb goes off."""

import gzip
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator

import pytest

from protege.datasets.reading import Limits, read
from protege.datasets.rows import Problem, Row
from protege.errors import UserError

ROW = b"When? => Now.\n"


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def all_of(body: bytes, limits: Limits | None = None) -> list[Row | Problem]:
    return list(read([body], "data.zip", limits=limits or Limits()))


def problems(body: bytes, limits: Limits | None = None) -> list[str]:
    return [item.why.en for item in all_of(body, limits) if isinstance(item, Problem)]


def rows(body: bytes) -> list[Row]:
    return [item for item in all_of(body) if isinstance(item, Row)]


def test_a_zip_of_several_formats_gives_all_rows_with_their_files() -> None:
    files = {
        "a/faq.csv": "вопрос;ответ\nГде?;Здесь\n".encode("cp1251"),
        "b.txt": ROW,
        "c.jsonl.gz": gzip.compress(b'{"q": "Who?", "a": "You."}'),
        "d.zip": packed({"e.txt": ROW}),
        "__MACOSX/._b.txt": b"\0\1\2",
        ".DS_Store": b"\0\1\2",
    }
    found = rows(packed(files))
    assert [row.input for row in found] == ["Где?", "When?", "Who?", "When?"]
    assert [row.number for row in found] == [1, 1, 1, 1]
    assert found[0].file == "data.zip › a/faq.csv"
    assert found[3].file == "data.zip › d.zip › e.txt"
    assert problems(packed(files)) == []


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_gzip_may_have_several_members_and_arrive_in_any_pieces(size: int) -> None:
    body = gzip.compress(ROW) + gzip.compress(ROW * 2)
    found = read((body[at : at + size] for at in range(0, len(body), size)), "a.gz")
    assert [item.number for item in found if isinstance(item, Row)] == [1, 2, 3]


def test_a_damaged_archive_gives_what_it_still_can() -> None:
    body = gzip.compress(b"".join(b"When %d? => Now.\n" % n for n in range(20_000)))
    found = all_of(body[: len(body) // 2])
    assert len(found) > 5000 and isinstance(found[0], Row)
    assert isinstance(found[-1], Problem) and "damaged" in found[-1].why.en
    whole = packed({"a.txt": ROW, "b.txt": ROW * 100})
    spoilt = bytearray(whole)
    spoilt[whole.index(b"b.txt") + 6] ^= 0xFF
    assert len(rows(bytes(spoilt))) >= 1
    assert any("damaged" in why for why in problems(bytes(spoilt)))
    for cut in range(5, len(whole), 7):
        assert problems(whole[:cut]) == ["the archive is damaged from here on"]


def test_archives_nested_too_deep_are_refused() -> None:
    body = packed({"a.zip": packed({"b.zip": packed({"c.txt": ROW})}), "d.txt": ROW})
    assert [row.file for row in rows(body)] == ["data.zip › d.txt"]
    assert problems(body) == ["archives within archives within archives are not opened"]
    assert "within archives" in problems(gzip.compress(gzip.compress(gzip.compress(ROW))))[0]


def test_what_is_locked_or_oddly_packed_is_named_and_the_rest_read() -> None:
    body = bytearray(packed({"a.txt": ROW, "b.txt": ROW}))
    first = body.index(b"PK\x01\x02")
    body[first + 8] |= 1
    assert problems(bytes(body)) == ["locked with a password"] and len(rows(bytes(body))) == 1
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        [why] = problems(packed({"a.txt": ROW}, method))
        assert why == "packed in an unusual way: pack it as an ordinary ZIP"


def test_pictures_in_a_zip_are_problems_and_office_documents_are_refused() -> None:
    body = packed({"a.png": b"\x89PNG\r\n\x1a\n", "b.txt": ROW})
    assert problems(body) == ["not text but a picture"] and len(rows(body)) == 1
    document = packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    with pytest.raises(UserError, match="office document"):
        all_of(document)
    assert "office document" in problems(packed({"table.xlsx": document}))[0]


def test_a_zip_bomb_stops_at_the_bound() -> None:
    bomb = packed({"a.txt": b"When? => Now.\n" * 4_000_000})
    assert len(bomb) < 200_000
    tracemalloc.start()
    [last] = deque(read([bomb], "bomb.zip", limits=Limits(rows=10**9, ratio=5)), maxlen=1)
    assert isinstance(last, Problem) and "too large" in last.why.en
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


def test_many_small_bombs_share_one_bound() -> None:
    files = {f"{n}.txt": ROW * 70_000 for n in range(30)}
    found = all_of(packed(files), Limits(rows=10**9, unpacked=5_000_000, ratio=10**6))
    assert sum(isinstance(item, Row) for item in found) <= 5_000_000 // len(ROW)
    assert sum(isinstance(item, Problem) for item in found) >= 24


def test_a_gzip_bomb_stops_at_the_bound() -> None:
    def bomb() -> Iterator[bytes]:
        packer = zlib.compressobj(9, wbits=31)
        while True:
            yield packer.compress(b"\n" * (1 << 20))

    found = list(read(bomb(), "bomb.gz"))
    assert next(i.why.en for i in found if isinstance(i, Problem)).startswith("unpacked")


def test_too_many_entries_are_counted_and_the_first_read() -> None:
    body = packed({f"{n}.txt": ROW for n in range(12)})
    assert problems(body, Limits(entries=10)) == ["only the first 10 files of an archive are read"]
    assert len([i for i in all_of(body, Limits(entries=10)) if isinstance(i, Row)]) == 10


def test_a_table_of_contents_out_of_proportion_is_not_loaded() -> None:
    entry = bytearray(packed({"a": b""}))
    start = entry.index(b"PK\x01\x02")
    directory = bytes(entry[start : start + 47]) * 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), start, 0)
    tracemalloc.start()
    assert "damaged" in problems(bytes(entry[:start]) + directory + end)[0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


def test_an_archive_larger_than_the_bound_is_refused_while_it_arrives() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b"PK\x03\x04"
        while True:
            taken += 1 << 16
            yield bytes(1 << 16)

    [found] = read(endless(), "a.zip", limits=Limits(packed=1 << 20))
    assert isinstance(found, Problem) and "larger than 1 MB" in found.why.en
    assert taken < 3 << 20


def test_names_of_entries_are_only_shown() -> None:
    body = packed({"../../etc/passwd": ROW, "/abs\x1b[2J": ROW, "c" * 500: ROW})
    files = [row.file for row in rows(body)]
    assert files[0] == "data.zip › ../../etc/passwd" and "\x1b" not in files[1]
    assert len(files[2]) < 220


def test_russian_names_of_windows_are_readable() -> None:
    body = packed({"вопросы.txt": ROW})
    raw = body.replace("вопросы".encode(), "вопросы".encode("cp866") + b"_______")
    plain = raw.replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")
    name = rows(plain)[0].file
    assert name.startswith("data.zip › вопросы") or "вопросы" in rows(body)[0].file
