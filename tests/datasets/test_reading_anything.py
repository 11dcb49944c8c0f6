"""Whatever the bytes: no crash, no good row lost, no bound passed."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protege.datasets.reading import Limits, decode, read
from protege.datasets.rows import Problem, Row
from protege.errors import UserError

Pair = tuple[str, str]
SMALL = Limits(rows=50, input=60, answer=80, line=300, raw=40, unpacked=20_000, entries=5)

letters = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")
texts = st.text(letters, min_size=1, max_size=40).map(str.strip).filter(bool)
words = st.text(
    st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВ abcXYZ012,;|\"'?!—«»"), max_size=40
)
lines = words.map(lambda text: f"Слово {text.strip()}".strip())
pairs = st.lists(st.tuples(texts, texts), min_size=2, max_size=12)
plain_pairs = st.lists(st.tuples(lines, lines), min_size=2, max_size=12)


def as_chat(rows: Sequence[Pair], ascii: bool) -> str:
    return "".join(
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": question},
                    {"role": "assistant", "content": answer},
                ]
            },
            ensure_ascii=ascii,
        )
        + "\n"
        for question, answer in rows
    )


def as_lines(rows: Sequence[Pair], ascii: bool) -> str:
    found = (json.dumps({"prompt": q, "completion": a}, ensure_ascii=ascii) for q, a in rows)
    return "\r\n".join(found)


def as_array(rows: Sequence[Pair], ascii: bool) -> str:
    objects = [{"вопрос": question, "ответ": answer} for question, answer in rows]
    return json.dumps(objects, ensure_ascii=ascii, indent=None if ascii else 2)


def as_envelope(rows: Sequence[Pair], ascii: bool) -> str:
    return json.dumps({"n": 1, "data": [list(row) for row in rows]}, ensure_ascii=ascii)


def table(separator: str, quoting: int) -> Callable[[Sequence[Pair], bool], str]:
    def write(rows: Sequence[Pair], windows: bool) -> str:
        out = io.StringIO()
        end = "\r\n" if windows else "\n"
        writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
        writer.writerows([("question", "answer"), *rows])
        return out.getvalue()

    return write


def as_marks(rows: Sequence[Pair], russian: bool) -> str:
    asked, answered = ("В", "О") if russian else ("Q", "A")
    return "\n".join(f"{asked}: {q}\n{answered}: {a}\n" for q, a in rows)


def as_headings(rows: Sequence[Pair], deep: bool) -> str:
    return "".join(f"{'##' if deep else '#'} {q}\n\n{a}\n\n" for q, a in rows)


def as_arrows(rows: Sequence[Pair], long: bool) -> str:
    return "\n".join(f"{q} {'=>' if long else '->'} {a}" for q, a in rows)


WRITERS = {
    "chat": as_chat,
    "lines": as_lines,
    "array": as_array,
    "envelope": as_envelope,
    "csv": table(",", csv.QUOTE_MINIMAL),
    "semicolons": table(";", csv.QUOTE_ALL),
    "tsv": table("\t", csv.QUOTE_MINIMAL),
    "pipes": table("|", csv.QUOTE_MINIMAL),
}
PROSE = {"marks": as_marks, "headings": as_headings, "arrows": as_arrows}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


def cut(body: bytes, places: Sequence[int]) -> Iterator[bytes]:
    at = 0
    for place in sorted(place % (len(body) + 1) for place in places):
        yield body[at:place]
        at = place
    yield body[at:]


def read_back(chunks: Iterator[bytes] | list[bytes]) -> list[Pair]:
    found = list(read(chunks, "any"))
    assert not [item for item in found if isinstance(item, Problem)]
    return [(item.input, item.good) for item in found if isinstance(item, Row)]


@pytest.mark.parametrize("name", WRITERS)
@given(
    rows=pairs,
    either=st.booleans(),
    encoding=st.sampled_from(UNICODE),
    places=st.lists(st.integers(0)),
)
def test_rows_of_any_text_come_back_from_every_strict_format(
    name: str, rows: list[Pair], either: bool, encoding: str, places: list[int]
) -> None:
    body = WRITERS[name](rows, either).encode(encoding)
    assert read_back(cut(body, places)) == rows


@pytest.mark.parametrize("name", [*WRITERS, *PROSE])
@given(
    rows=plain_pairs,
    either=st.booleans(),
    encoding=st.sampled_from([*UNICODE, "cp1251", "utf-16-le"]),
)
def test_russian_rows_come_back_from_every_format_and_encoding(
    name: str, rows: list[Pair], either: bool, encoding: str
) -> None:
    body = {**WRITERS, **PROSE}[name](rows, either).encode(encoding)
    assert read_back([body]) == rows


@settings(max_examples=20)
@given(rows=plain_pairs, name=st.sampled_from(sorted(WRITERS | PROSE)))
def test_rows_come_back_however_the_bytes_are_cut(rows: list[Pair], name: str) -> None:
    body = {**WRITERS, **PROSE}[name](rows[:3], True).encode()
    for at in range(len(body)):
        assert read_back([body[:at], b"", body[at:]]) == rows[:3]
    assert read_back([body[at : at + 1] for at in range(len(body))]) == rows[:3]


@given(rows=pairs, names=st.lists(st.sampled_from(sorted(WRITERS)), min_size=1, max_size=4))
def test_rows_come_back_from_archives(rows: list[Pair], names: list[str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, name in enumerate(names):
            archive.writestr(f"{number}-{name}", WRITERS[name](rows, False).encode())
    assert read_back([out.getvalue()]) == rows * len(names)
    packed = [gzip.compress(part.encode()) for part in as_lines(rows, False).splitlines(True)]
    assert read_back(packed) == rows


@given(
    rows=plain_pairs,
    place=st.integers(0, 12),
    junk=st.sampled_from(
        ['{"q": "un', "{broken}", "7", "[", '{"a": {"b": ["c"]}', "nonsense", "]]}}"]
    ),
)
def test_a_broken_line_of_json_costs_no_good_row(rows: list[Pair], place: int, junk: str) -> None:
    lines = as_lines(rows, False).split("\r\n")
    lines.insert(min(place, len(rows)), junk)
    found = [item for item in read(["\n".join(lines).encode()], "any") if isinstance(item, Row)]
    if lines[0] != junk or junk.startswith("{"):
        assert [(row.input, row.good) for row in found] == rows


@given(
    rows=plain_pairs,
    place=st.integers(0, 12),
    junk=st.sampled_from(['"open', "a;b;c;d", "alone", 'x"y', '"a"b"c";"', '";"', '"""']),
)
def test_a_broken_record_of_a_table_costs_no_good_row(
    rows: list[Pair], place: int, junk: str
) -> None:
    lines = table(";", csv.QUOTE_ALL)(rows, False).splitlines()
    lines.insert(1 + min(place, len(rows)), junk)
    found = [item for item in read(["\n".join(lines).encode()], "any") if isinstance(item, Row)]
    assert set(rows) <= {(row.input, row.good) for row in found}


START = st.sampled_from(
    [
        *(
            b"",
            b"{",
            b"[",
            b'{"q": "',
            b"q;a\n",
            b"question,answer\n",
            b"| q | a |\n|-|-|\n",
            b"# ",
        ),
        *(b"PK\x03\x04", b"\x1f\x8b\x08\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"Q: "),
        *(b'{"data": [', b'"', b"sep=;\n", b"```\n", b"**Q:** "),
        gzip.compress(b"a => b\n" * 100)[:60],
    ]
)
PIECES = st.lists(
    st.sampled_from(
        [
            *(b"{", b"}", b"[", b"]", b'"', b'""', b"\\", b":", b",", b";", b"\t", b"|"),
            *(b"\n", b"\r\n", b"\r", b'{"q": "a", "a": "b"}', b'"data"', b"Q: a", b"A: b"),
            *(b"# a", b"a => b", b"\0", b"\xd0", b"\xff", b" ", b"a" * 50, b"\xe2\x80\xa8"),
            *(b"\xcf\xf0\xe8\xe2\xe5\xf2", b"1e999", b"```\n"),
        ]
    )
    | st.binary(max_size=12),
    max_size=60,
).map(b"".join)


@given(start=START, rest=PIECES, places=st.lists(st.integers(0)), answers=st.booleans())
@settings(max_examples=400)
def test_no_bytes_make_it_crash_or_pass_a_bound(
    start: bytes, rest: bytes, places: list[int], answers: bool
) -> None:
    body = start + rest
    try:
        found = list(read(cut(body, places), "any", answers=answers, limits=SMALL))
    except UserError as error:
        assert "not text" in error.to("en")
        return
    assert 1 <= len(found) <= SMALL.rows + 1
    for item in found:
        json.dumps(item).encode()
        if isinstance(item, Row):
            assert 1 <= len(item.input) <= SMALL.input
            assert max(len(item.good), len(item.bad)) <= SMALL.answer
            "".join(item[1:4]).encode()
        else:
            assert len(item.raw) <= SMALL.raw and item.why.en and item.why.ru


@given(start=START, rest=PIECES)
def test_no_document_makes_decoding_crash(start: bytes, rest: bytes) -> None:
    try:
        decode("any", start + rest).encode()
    except UserError as error:
        assert "not text" in error.to("en")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_makes_it_crash(value: object) -> None:
    for body in (json.dumps(value), json.dumps({"messages": value, "input": value, "data": value})):
        list(read([body.encode()], "any"))
        list(read([f"{body}\n{body}\n".encode()], "any", answers=False))
