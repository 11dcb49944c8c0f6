"""What a versioned bucket still has of deleted files.

A deletion puts a marker over the newest version; taking the marker away brings the file back
without copying it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from protege.errors import Conflict, Missing
from protege.storage import Buried
from protege.storage.aws.clients import faults

AT_ONCE = 1000
"""Versions that one request may delete."""


class Entry(NamedTuple):
    """One version of a key, or (`marker`) the mark that it was deleted."""

    key: str
    version: str
    at: float
    marker: bool
    size: int
    latest: bool


class Versions:
    """The history of a bucket's files. Raises Unavailable."""

    def __init__(self, bucket: str, client: Any) -> None:
        self._bucket = bucket
        self._s3 = client

    def buried(self, prefix: str) -> list[Buried]:
        """Versions that were deleted and not restored, newest deletion first."""
        histories = self._histories(prefix).values()
        found = [b for history in histories for b, _ in _deletions(history)]
        return sorted(found, key=lambda b: b.buried_at, reverse=True)

    def restore(self, key: str, version: str) -> None:
        """Bring a deleted version back. Raises Conflict where a file is there now; Missing."""
        history = self._histories(key).get(key, [])
        if history and not history[0].marker:
            raise Conflict(f"{key} is there")
        markers = next((m for b, m in _deletions(history) if b.version == version), None)
        if markers is None:
            raise Missing(f"{key} {version}")
        if markers[0] != history[0]:  # something else was deleted since: this one goes on top
            source = {"Bucket": self._bucket, "Key": key, "VersionId": version}
            with faults():
                self._s3.copy(source, self._bucket, key)
            markers = [*markers, *(entry for entry in history if entry.version == version)]
        self._remove(markers)

    def erase(self, key: str) -> None:
        """Remove a file and its whole history."""
        self._remove(self._histories(key).get(key, []))

    def _remove(self, entries: list[Entry]) -> None:
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            objects = [{"Key": entry.key, "VersionId": entry.version} for entry in some]
            with faults():
                self._s3.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )

    def _histories(self, prefix: str) -> dict[str, list[Entry]]:
        """Every key's versions and markers, newest first."""
        pages = self._s3.get_paginator("list_object_versions")
        found: dict[str, tuple[list[Entry], list[Entry]]] = {}
        with faults():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for marker, name in enumerate(("Versions", "DeleteMarkers")):
                    for it in page.get(name, []):
                        entry = _entry(it, marker=bool(marker))
                        found.setdefault(entry.key, ([], []))[marker].append(entry)
        return {key: list(_woven(*both)) for key, both in found.items()}


def _woven(versions: list[Entry], markers: list[Entry]) -> Iterator[Entry]:
    """One history of two lists, newest first.

    S3 tells whole seconds only. Within one, a version and a marker take turns: a file is written,
    deleted, written again.
    """
    versions, markers = versions[::-1], markers[::-1]
    turn = bool(markers) and markers[-1].latest
    while versions and markers:
        after = markers[-1].at - versions[-1].at
        taken = (markers if (after > 0 or (after == 0 and turn)) else versions).pop()
        turn = not taken.marker
        yield taken
    yield from reversed(versions or markers)


def _entry(found: dict[str, Any], *, marker: bool) -> Entry:
    return Entry(
        found["Key"],
        found["VersionId"],
        found["LastModified"].timestamp(),
        marker,
        found.get("Size", 0),
        found["IsLatest"],
    )


def _deletions(history: list[Entry]) -> Iterator[tuple[Buried, list[Entry]]]:
    """Deleted versions, each with the markers right above it (newest first)."""
    markers: list[Entry] = []
    for entry in history:
        if entry.marker:
            markers.append(entry)
        elif markers:
            first = markers[-1]
            yield Buried(entry.key, entry.version, entry.size, first.at), markers
            markers = []
