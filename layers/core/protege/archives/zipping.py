"""The bytes of a ZIP file that is written front to back, and never looked back at.

Every entry is deflated in blocks that know nothing of each other, so a file can be gone on with
after any block; sizes and checksums follow the data (a "data descriptor").
Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.7, 4.3.9, 4.3.12 to 16,
4.5.3)
"""

import time
import zlib
from struct import pack
from typing import NamedTuple

BLOCK = 1 << 20
"""Bytes deflated at a time: forgetting the words of the block before costs under 1 %."""
LEVEL = 6
FLAGS = 0x0808
"""Sizes follow the data; names are UTF-8."""
DEFLATED = 8
PLAIN, LARGE = 20, 45
"""Versions needed to unpack: 2.0; 4.5 for ZIP64."""
UNIX_FILE = 0o100644 << 16
MADE_BY_UNIX = 3 << 8 | LARGE
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
LARGE_FROM = 0xF0000000
"""Bytes from which an entry is ZIP64: what cannot be deflated grows by less than 0.1 %."""
SAMPLE = 32 << 10
DENSE = 0.95
END_OF_DATA = b"\x03\x00"
"""A last block of deflate without anything in it (RFC 1951, 3.2.3)."""


class Entry(NamedTuple):
    """A file in the archive. `size`: its bytes as planned; `at`: seconds since the epoch."""

    name: str
    size: int
    at: float


class Sums(NamedTuple):
    """What became of an entry: checksum, bytes packed and unpacked, where its header begins."""

    crc: int
    packed: int
    size: int
    offset: int


def deflated(block: bytes, *, last: bool) -> bytes:
    """A block by itself; a stream of blocks is deflate's own format. Dense data is not tried."""
    sample = block[:SAMPLE]
    dense = len(zlib.compress(sample, 1)) > DENSE * len(sample)
    packer = zlib.compressobj(0 if dense else LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(block) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def header(entry: Entry) -> bytes:
    """What stands before an entry's data."""
    name = entry.name.encode()
    large = _large(entry)
    size, extra = (FULL32, pack("<HHQQ", 1, 16, 0, 0)) if large else (0, b"")
    needed = LARGE if large else PLAIN
    fixed = (needed, FLAGS, DEFLATED, *_stamp(entry.at), 0, size, size, len(name), len(extra))
    return b"PK\x03\x04" + pack("<5H3L2H", *fixed) + name + extra


def descriptor(entry: Entry, sums: Sums) -> bytes:
    """What stands after an entry's data."""
    sizes = pack("<LQQ" if _large(entry) else "<3L", sums.crc, sums.packed, sums.size)
    return b"PK\x07\x08" + sizes


def listed(entry: Entry, sums: Sums) -> bytes:
    """The entry's line in the central directory."""
    name = entry.name.encode()
    numbers = (sums.size, sums.packed, sums.offset)
    large = [number for number in numbers if number >= FULL32]
    extra = pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    size, packed, offset = (min(number, FULL32) for number in numbers)
    needed = LARGE if large or _large(entry) else PLAIN
    fixed = (MADE_BY_UNIX, needed, FLAGS, DEFLATED, *_stamp(entry.at), sums.crc, packed, size)
    rest = (len(name), len(extra), 0, 0, 0, UNIX_FILE, offset)
    return b"PK\x01\x02" + pack("<6H3L", *fixed) + pack("<5H2L", *rest) + name + extra


def ending(entries: int, directory: int, offset: int) -> bytes:
    """What ends the archive; `directory`: bytes of the directory, which begins at `offset`."""
    plain = pack(
        "<4H2LH", 0, 0, *(min(entries, FULL16),) * 2, min(directory, FULL32), min(offset, FULL32), 0
    )
    found = b"PK\x05\x06" + plain
    if entries < FULL16 and max(directory, offset) < FULL32:
        return found
    large = pack("<Q2H2L4Q", 44, MADE_BY_UNIX, LARGE, 0, 0, entries, entries, directory, offset)
    locator = pack("<LQL", 0, offset + directory, 1)
    return b"PK\x06\x06" + large + b"PK\x06\x07" + locator + found


def _large(entry: Entry) -> bool:
    return entry.size >= LARGE_FROM


def _stamp(at: float) -> tuple[int, int]:
    """Time and date as DOS wrote them: from 1980 to 2107, in steps of two seconds; here UTC."""
    year, month, day, hour, minute, second, *_ = time.gmtime(max(0.0, at))
    if not 1980 <= year <= 2107:
        return 0, 1 << 5 | 1
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
