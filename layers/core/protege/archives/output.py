"""The archive as a stream of pieces, from any course on: the same bytes whoever goes on."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from protege.archives import plan
from protege.archives.blocks import Packed, blocks, packed
from protege.archives.course import Course
from protege.archives.zipping import (
    END_OF_DATA,
    Entry,
    Sums,
    descriptor,
    ending,
    header,
    listed,
)
from protege.storage import Files

SPILL = 256 << 10
"""Bytes of the central directory that a course carries; more go into a file of their own."""


class Source(NamedTuple):
    """What is packed: the plan's key, the folder of working files, what names leave out."""

    plan: str
    folder: str
    prefix: str


class Piece(NamedTuple):
    """Bytes of the archive, and the course once they are written."""

    body: bytes
    course: Course


def pieces(files: Files, source: Source, course: Course) -> Iterator[Piece]:
    """What is left to be written after `course`."""
    if course.listed < 0:
        for piece in _entries(files, source, course):
            course = piece.course
            yield piece
        course = course._replace(listed=0, begins=course.written)
    yield from _directory(files, source, course)


def _entries(files: Files, source: Source, course: Course) -> Iterator[Piece]:
    found = packed(files, blocks(plan.read(files, source.plan, course.plan), course.read))
    ended = 0
    for it in found:
        if it.block.file.next == ended:  # the rest of a file that has become shorter
            continue
        body, course = _block(source, course, it)
        if it.block.last or it.changed:
            ended = it.block.file.next
            body, course = _end(source, course, it, body)
            course = _spill(files, source, course)
        course = course._replace(written=course.written + len(body))
        yield Piece(body, course)


def _block(source: Source, course: Course, it: Packed) -> tuple[bytes, Course]:
    if it.raw is None:
        return b"", course
    head = header(_entry(source, it)) if not it.block.start else b""
    return head + it.body, course._replace(
        read=course.read + len(it.raw),
        crc=zlib.crc32(it.raw, course.crc),
        packed=course.packed + len(it.body),
        done=course.done + len(it.raw),
    )


def _end(source: Source, course: Course, it: Packed, body: bytes) -> tuple[bytes, Course]:
    """Close the entry; one of which nothing was there any more leaves no trace but in the count."""
    gone = it.raw is None and not it.block.start
    after = course._replace(plan=it.block.file.next, read=0, crc=0, packed=0)
    if gone:
        return body, after._replace(vanished=course.vanished + 1)
    if it.raw is None or not it.block.last:
        body += END_OF_DATA
        course = course._replace(packed=course.packed + len(END_OF_DATA))
    entry = _entry(source, it)
    sums = Sums(course.crc, course.packed, course.read, course.offset)
    body += descriptor(entry, sums)
    return body, after._replace(
        entries=course.entries + 1,
        changed=course.changed + it.changed,
        directory=course.directory + listed(entry, sums),
        offset=course.written + len(body),
    )


def _spill(files: Files, source: Source, course: Course) -> Course:
    """Put the directory so far into a file of its own once it has grown enough.

    Whoever goes on from an earlier course writes the same file once more.
    """
    if len(course.directory) < SPILL:
        return course
    files.write(_spilled(source, course.spilled), course.directory)
    return course._replace(spilled=course.spilled + 1, directory=b"")


def _directory(files: Files, source: Source, course: Course) -> Iterator[Piece]:
    for number in range(course.listed, course.spilled + 1):
        last = number == course.spilled
        body = course.directory if last else files.read(_spilled(source, number))
        course = course._replace(listed=number + 1, written=course.written + len(body))
        yield Piece(body, course)
    if not course.over:
        size = course.written - course.begins
        body = ending(course.entries, size, course.begins)
        yield Piece(body, course._replace(written=course.written + len(body), over=True))


def _entry(source: Source, it: Packed) -> Entry:
    file = it.block.file
    return Entry(file.key.removeprefix(source.prefix), file.size, file.at)


def _spilled(source: Source, number: int) -> str:
    return f"{source.folder}directory-{number:05d}"
