"""Small files that become large, slow or endless: read within bounds of time and memory."""

import gzip
import io
import json
import struct
import time
import tracemalloc
import wave
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from protege.datasets.reading import read
from protege.datasets.reading.limits import Limits
from protege.datasets.rows import Problem, Row
from protege.errors import UserError
from protege.sounds import length_s, samples
from protege.storage.limits import check_message
from protege.voice.orders import Order
from tests.person import Person
from tests.security.tally import Attacks

ATTACK = "bombs in files"
MB = 1 << 20
MOST_BYTES = 48 * MB
MOST_S = 20.0
"""Of processor time; nothing here takes two on a free machine."""
ROW = b"When? => Now.\n"
LIMITS = Limits(rows=200, lines=200_000, unpacked=16 * MB, packed=8 * MB)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def overlapping(count: int = 2_000) -> bytes:
    """One entry's bytes, listed ever again: https://www.bamsoftware.com/hacks/zipbomb/"""
    whole = zipped({"a.txt": ROW * 50_000})
    start = whole.index(b"PK\x01\x02")
    entry = whole[start : whole.index(b"PK\x05\x06")]
    directory = entry * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return whole[:start] + directory + end


def nested(depth: int) -> bytes:
    body = zipped({"a.txt": ROW * 10_000})
    for number in range(depth):
        body = zipped({f"{number}.zip": body})
    return body


def lying() -> bytes:
    """Sizes in the heads that are not those of the bytes."""
    body = bytearray(zipped({"a.txt": ROW * 1_000}))
    for mark, at in ((b"PK\x03\x04", 18), (b"PK\x01\x02", 20)):
        place = body.index(mark) + at
        body[place : place + 8] = struct.pack("<2L", 2**32 - 2, 2**32 - 2)
    return bytes(body)


def quine() -> bytes:
    """Gzip of gzip of gzip ..."""
    body = ROW * 10_000
    for _ in range(50):
        body = gzip.compress(body)
    return body


FILES: dict[str, Callable[[], bytes]] = {
    "zeros.zip": lambda: zipped({"a.txt": b"\n" * (64 * MB)}),
    "row.zip": lambda: zipped({"a.txt": ROW * 2_000_000}),
    "overlap.zip": overlapping,
    "nested.zip": lambda: nested(20),
    "lying.zip": lying,
    "many.zip": lambda: zipped({f"{n}.txt": b"" for n in range(5_000)}, zipfile.ZIP_STORED),
    "bzip2.zip": lambda: zipped({"a.txt": b"\n" * (8 * MB)}, zipfile.ZIP_BZIP2),
    "lzma.zip": lambda: zipped({"a.txt": b"\n" * MB}, zipfile.ZIP_LZMA),
    "zeros.gz": lambda: gzip.compress(b"\n" * (64 * MB)),
    "quine.gz": quine,
    "members.gz": lambda: gzip.compress(b"") * 100_000,
    "line.jsonl": lambda: b'{"a":"' + b"x" * (16 * MB) + b'"}',
    "line.csv": lambda: b'question,answer\n"' + b"x" * (16 * MB),
    "columns.csv": lambda: b"a," * (2 * MB) + b"\n" + b"1," * (2 * MB),
    "quotes.csv": lambda: b'question,answer\n' + b'"' * (4 * MB),
    "deep.json": lambda: b"[" * (4 * MB),
    "deeper.json": lambda: b'[{"a":' * MB,
    "deep.jsonl": lambda: (b"[" * 5_000 + b"\n") * 400,
    "wide.json": lambda: b"[" + b'{"question":"a","answer":"b"},' * 100_000 + b"{}]",
    "keys.json": lambda: json.dumps([{f"k{n}": n for n in range(100_000)}]).encode(),
    "number.json": lambda: b'[{"question":' + b"9" * MB + b"}]",
    "blank.txt": lambda: b"\n" * (16 * MB),
    "answer.txt": lambda: b"Q: a\n" + b"b\n" * (4 * MB),
    "macs.txt": lambda: b"Q: a\r" + b"b\r" * (4 * MB),
    "spaces.txt": lambda: b" " * (16 * MB),
    "arrows.txt": lambda: b"=>" * (4 * MB),
    "colons.txt": lambda: b"q: a: q: " * MB,
    "head.md": lambda: b"# x" + b" " * (MB - 9) + b"y",
    "gap.txt": lambda: b"x" + b" " * (MB - 9) + b"y",
    "gaps.txt": lambda: b"x => y\n" + (b"x" + b" \t" * 200_000 + b"y\n") * 3,
    "tabs.tsv": lambda: b"\t" * (8 * MB),
    "zero.txt": lambda: bytes(8 * MB),
    "utf16.txt": lambda: b"\xff\xfe" + b"\n\x00" * (4 * MB),
}  # fmt: skip


def pieces(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), 1 << 16):
        yield body[at : at + (1 << 16)]


@pytest.mark.parametrize("name", FILES)
def test_no_file_takes_more_than_its_share(name: str, attacks: Attacks) -> None:
    body = FILES[name]()
    tracemalloc.start()
    began, items = time.process_time(), 0
    try:
        for item in read(pieces(body), name, limits=LIMITS):
            assert isinstance(item, Row | Problem)
            items += 1
    except UserError:
        items = 0
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    attacks.stopped(items <= LIMITS.rows + 2, f"{items} rows and problems")
    attacks.stopped(peak < MOST_BYTES, f"{peak >> 20} MB")
    attacks.stopped(took < MOST_S, f"{took:.1f} s")


def sound(seconds: int, hz: int = 8_000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(hz)
        file.writeframes(bytes(seconds * hz))
    return out.getvalue()


def sounds() -> dict[str, bytes]:
    """Sound files that lie, are cut, or are no sound at all."""
    good = sound(2)
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\nhttp://127.0.0.1:9/x\n"
    concat = b"ffconcat version 1.0\nfile /etc/passwd\n"
    huge = bytearray(good)
    huge[4:8] = huge[40:44] = b"\xff\xff\xff\xff"
    return {
        "cut.wav": good[:50], "huge.wav": bytes(huge), "list.mp3": playlist, "list.ogg": concat,
        "zero.wav": b"RIFF" + bytes(100), "ogg.ogg": b"OggS" * 5_000, "mp3.mp3": b"\xff\xfb" * 50,
        "id3.mp3": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(1_000), 
        "flac.flac": b"fLaC" + b"\xff" * 9_000,
        "mp4.m4a": b"\x00\x00\x00\x01ftyp" + b"\xff" * 1_000, "svg.ogg": b"<svg onload=alert(1)>",
        "webm.webm": b"\x1a\x45\xdf\xa3" + b"\xff" * 1_000, "rate.wav": sound(1, 1),
        "atoms.m4a": struct.pack(">L4s", 8, b"moov") * 2_000,
    }  # fmt: skip


@pytest.mark.parametrize("name", sounds())
def test_no_sound_file_takes_more_than_its_share(name: str, attacks: Attacks) -> None:
    body = sounds()[name]
    length = length_s(body)
    attacks.stopped(length is None or length >= 0, length)
    try:
        pcm = samples(name, body, 3.0)
    except UserError:
        pcm = b""
    attacks.stopped(len(pcm) <= 3 * 32_000 + 32_000, len(pcm))
    attacks.stopped(b"root:" not in pcm, "a file of this machine")


ORDERS: tuple[Any, ...] = (
    b"[" * 100_000, b"{}", b"null", b'{"do":"join"}', b'{"do":"x","guild":"1"}',
    b'{"do":"say","guild":"../1"}', b'{"do":"say","guild":"1","token":7}',
    b'{"do":"say","guild":"1","trusted":"yes"}', b'{"do":"say","guild":["1"]}',
)  # fmt: skip


def test_orders_to_the_voice_worker_are_checked(attacks: Attacks) -> None:
    for body in ORDERS:
        with pytest.raises(ValueError):
            Order.parse(body.decode())
        attacks.stopped(True, body)
    with pytest.raises(ValueError):
        check_message("x" * (256 * 1024 + 1), 0)
    attacks.stopped(True, "a message beyond what the queue takes")


def test_a_bomb_in_a_command_is_told_in_words(ada: Person, attacks: Attacks) -> None:
    for name in ("quine.gz", "lying.zip", "nested.zip"):
        for command, option in (("test", "attachment"), ("ask", "file")):
            more = {"question": "what is it?"} if command == "ask" else {}
            ada.slash(command, **{option: ada.upload(name, FILES[name]())}, **more)
            attacks.stopped("went wrong" not in repr(ada.discord.contents()[-2:]), (command, name))
