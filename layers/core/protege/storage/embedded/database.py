"""SQLite for many threads and processes at once.

Write-ahead log with synchronous=FULL: each commit is flushed to the disk before it is acknowledged,
so neither a killed process nor a power cut takes it back (NORMAL would survive the first, not the
second; https://sqlite.org/pragma.html#pragma_synchronous).
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from protege.errors import Unavailable

BUSY_S = 10.0
"""How long to wait for other writers before Unavailable."""


class _Connection(sqlite3.Connection):
    """Closes itself when its thread ends."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it was never opened
            self.close()


class Database:
    """One file; each thread has its own connection. Not for use across `fork`."""

    def __init__(self, path: Path, schema: Sequence[str]) -> None:
        """`schema`: statements that do nothing when they were run before. Raises Unavailable."""
        self._path = path
        self._threads = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.writing() as db:
            for statement in schema:
                db.execute(statement)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, read at once. Raises Unavailable."""
        with self._troubles():
            return self._connection().execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from the start. Raises Unavailable."""
        with self._troubles():
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if known is None:
            known = self._threads.connection = self._open()
        return known

    def _open(self) -> sqlite3.Connection:
        # A connection stays in its thread, but may be collected in another.
        db = sqlite3.connect(
            self._path,
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        _use_log(db)
        db.execute("PRAGMA synchronous=FULL")
        return db

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{self._path.name}: {error}") from error


def _use_log(db: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite itself does not wait while another does the same."""
    ends = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.01)
