"""Records in SQLite: one table, a JSON text in each row."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from protege.errors import Conflict, Missing
from protege.storage import Record
from protege.storage.embedded.database import Database
from protege.storage.limits import beyond, check_id, pack, unpack

PAGE = 200
"""Rows read at a time: no transaction is open while they are being used."""
SWEEP_EVERY_S = 60.0

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS records (
        kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, expires_at REAL,
        fields TEXT NOT NULL, PRIMARY KEY (kind, id))""",
    """CREATE INDEX IF NOT EXISTS records_by_expiry ON records (expires_at)
        WHERE expires_at IS NOT NULL""",
)
ALIVE = (
    "SELECT version, fields FROM records WHERE kind = ? AND id = ? AND ifnull(expires_at, ?) > ?"
)
WRITE = """INSERT INTO records (kind, id, version, expires_at, fields) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (kind, id) DO UPDATE SET
    version = excluded.version, expires_at = excluded.expires_at, fields = excluded.fields"""
RANGE = """SELECT id, fields, version FROM records
    WHERE kind = ? AND id BETWEEN ? AND ? AND id > ? AND substr(id, 1, ?) = ?
    AND ifnull(expires_at, ?) > ?"""
FORWARD = f"{RANGE} ORDER BY id LIMIT ?"
BACKWARD = f"{RANGE} AND id < ? ORDER BY id DESC LIMIT ?"
NEVER = float("inf")


class SqliteRecords:
    """JSON documents under (kind, id). Raises Unavailable."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._db = Database(path, SCHEMA)
        self._now = now
        self._swept_at = 0.0

    def get(self, kind: str, id: str) -> Record:
        """The document. Raises Missing, ValueError."""
        check_id(kind, id)
        for version, text in self._db.rows(ALIVE, kind, id, NEVER, self._now()):
            return Record(id, unpack(text), version)
        raise Missing(f"{kind} {id}")

    def put(
        self,
        kind: str,
        id: str,
        fields: Mapping[str, Any],
        *,
        expect: int | None = None,
        expires_at: float | None = None,
    ) -> Record:
        """Write a document. Raises Conflict, ValueError (see `limits`)."""
        check_id(kind, id)
        text = pack(fields)
        with self._db.writing() as db:
            row = db.execute(ALIVE, (kind, id, NEVER, self._now())).fetchone()
            there = row[0] if row else 0
            if expect is not None and expect != there:
                raise Conflict(f"{kind} {id} is at version {there}, not {expect}")
            db.execute(WRITE, (kind, id, there + 1, expires_at, text))
            self._sweep(db)
        return Record(id, unpack(text), there + 1)

    def find(
        self, kind: str, *, prefix: str = "", after: str = "", newest: bool = False, limit: int = 0
    ) -> Iterator[Record]:
        """Documents of a kind in order of id."""
        left, edge = limit, ""
        while True:
            page = min(left or PAGE, PAGE)
            rows = self._page(kind, prefix, after, edge, newest, page)
            for id, text, version in rows:
                yield Record(id, unpack(text), version)
            if len(rows) < page or left == page:
                return
            left, edge = left and left - page, rows[-1][0]

    def delete(self, kind: str, id: str) -> None:
        """Remove the document; no error where there is none. Raises ValueError."""
        check_id(kind, id)
        with self._db.writing() as db:
            db.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, id))

    def _page(
        self, kind: str, prefix: str, after: str, edge: str, newest: bool, limit: int
    ) -> list[tuple[Any, ...]]:
        """One page of a walk that has come as far as `edge`."""
        last = beyond(prefix)
        within = (len(prefix), prefix, NEVER, self._now())
        if newest:
            below = edge or last + "~"  # every id that may be found sorts before that
            return self._db.rows(BACKWARD, kind, prefix, last, after, *within, below, limit)
        return self._db.rows(FORWARD, kind, prefix, last, max(after, edge), *within, limit)

    def _sweep(self, db: sqlite3.Connection) -> None:
        """Remove what has expired, once in a while."""
        if self._now() < self._swept_at + SWEEP_EVERY_S:
            return
        self._swept_at = self._now()
        db.execute("DELETE FROM records WHERE expires_at <= ?", (self._now(),))
