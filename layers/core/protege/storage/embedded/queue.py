"""A queue in SQLite that behaves as SQS does: leases, redelivery, dead letters.

A message that was delivered `max_receives` times without `done` becomes a dead letter. Every
receipt is new: an old one can neither extend nor finish a message that was handed on since.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from protege.errors import Missing
from protege.storage import Delivery
from protege.storage.embedded.database import Database
from protege.storage.limits import LEASE_MAX_S, WAIT_MAX_S, check_message, check_seconds

KEEP_DONE_S = 15 * 60
"""How long the journal shows a message that is done."""
SWEEP_EVERY_S = 60.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.15
"""Between two looks at an empty queue."""

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL,
        body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', ready_at REAL NOT NULL,
        receipt TEXT UNIQUE, receives INTEGER NOT NULL DEFAULT 0, put_at REAL NOT NULL,
        first_received_at REAL, last_received_at REAL, ended_at REAL)""",
    """CREATE INDEX IF NOT EXISTS messages_open ON messages (queue, ready_at, seq)
        WHERE state = 'open'""",
)
READY = """SELECT seq, id, body, receives FROM messages
    WHERE queue = ? AND state = 'open' AND ready_at <= ? ORDER BY ready_at, seq LIMIT 1"""
TAKE = """UPDATE messages SET receipt = ?, ready_at = ?, receives = receives + 1,
    last_received_at = ?, first_received_at = ifnull(first_received_at, ?) WHERE seq = ?"""
BURY = """UPDATE messages SET state = 'dead', ended_at = ?, receipt = NULL
    WHERE queue = ? AND state = 'open' AND ready_at <= ? AND receives >= ?"""
HOLD = """UPDATE messages SET ready_at = ?
    WHERE queue = ? AND state = 'open' AND receipt = ? AND ready_at > ?"""
FINISH = """UPDATE messages SET state = 'done', ended_at = ?, receipt = NULL
    WHERE queue = ? AND state = 'open' AND receipt = ?"""
GIVE_BACK = """UPDATE messages SET ready_at = ?, receipt = NULL
    WHERE queue = ? AND state = 'open' AND receipt = ?"""
REDRIVE = """UPDATE messages SET state = 'open', ended_at = NULL, receives = 0, ready_at = ?
    WHERE queue = ? AND state = 'dead'"""
SHOW = """SELECT id, body,
    CASE WHEN state = 'open' THEN iif(receipt IS NOT NULL AND ready_at > ?, 'held', 'waiting')
    ELSE state END, put_at, first_received_at, last_received_at,
    CASE WHEN state = 'done' THEN ended_at END, receives FROM messages WHERE queue = ?"""


class Entry(NamedTuple):
    """What became of a message. Times are seconds since the epoch."""

    id: str
    body: str
    state: Literal["waiting", "held", "done", "dead"]
    put_at: float
    first_received_at: float | None
    last_received_at: float | None
    done_at: float | None
    receives: int


class SqliteQueue:
    """Work to be done at least once. Several queues (`name`) may share one file."""

    def __init__(
        self,
        path: Path,
        *,
        name: str = "work",
        max_receives: int = 3,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._db = Database(path, SCHEMA)
        self._name = name
        self._max_receives = max_receives
        self._now = now
        self._swept_at = 0.0
        self._news = threading.Condition()

    def put(self, body: str, *, delay_s: int = 0) -> str:
        """Add a message; return its id. Raises Unavailable, ValueError (see `limits`)."""
        check_message(body, delay_s)
        id, now = os.urandom(16).hex(), self._now()
        with self._db.writing() as db:
            db.execute(
                "INSERT INTO messages (queue, id, body, put_at, ready_at) VALUES (?, ?, ?, ?, ?)",
                (self._name, id, body, now, now + delay_s),
            )
        with self._news:
            self._news.notify()
        return id

    def receive(self, *, wait_s: float, lease_s: int) -> Delivery | None:
        """Take one message for `lease_s` seconds; wait up to `wait_s` (at most 20) for it.

        Raises Unavailable, ValueError. A message put by another process is noticed within 0.15 s.
        """
        check_seconds("a lease", lease_s, LEASE_MAX_S)
        ends = time.monotonic() + min(wait_s, WAIT_MAX_S)
        pause = SHORTEST_PAUSE_S
        while True:
            taken = self._take(lease_s)
            left = ends - time.monotonic()
            if taken or left <= 0:
                return taken
            with self._news:
                self._news.wait(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def extend(self, receipt: str, lease_s: int) -> None:
        """Hold it for `lease_s` seconds from now. Raises Missing, ValueError."""
        check_seconds("a lease", lease_s, LEASE_MAX_S)
        now = self._now()
        with self._db.writing() as db:
            held = db.execute(HOLD, (now + lease_s, self._name, receipt, now)).rowcount
        if not held:
            raise Missing("the message is no longer held by this receipt")

    def done(self, receipt: str) -> None:
        """Never deliver it again; no effect once it was handed on."""
        with self._db.writing() as db:
            db.execute(FINISH, (self._now(), self._name, receipt))
            self._sweep(db)

    def release(self, receipt: str, *, delay_s: int = 0) -> None:
        """Give the message back; no effect once it was handed on. Raises ValueError."""
        check_seconds("a delay", delay_s, LEASE_MAX_S)
        with self._db.writing() as db:
            db.execute(GIVE_BACK, (self._now() + delay_s, self._name, receipt))
        with self._news:
            self._news.notify()

    def dead(self) -> list[Entry]:
        """Dead letters, oldest first."""
        self._bury()
        rows = self._db.rows(f"{SHOW} AND state = 'dead' ORDER BY seq", self._now(), self._name)
        return [Entry(*row) for row in rows]

    def redrive(self) -> int:
        """Put every dead letter back to be delivered anew; return how many there were."""
        self._bury()
        with self._db.writing() as db:
            return db.execute(REDRIVE, (self._now(), self._name)).rowcount

    def journal(self, limit: int = 50) -> list[Entry]:
        """The latest messages, newest first; those done stay for 15 minutes."""
        self._bury()
        rows = self._db.rows(f"{SHOW} ORDER BY seq DESC LIMIT ?", self._now(), self._name, limit)
        kept = self._now() - KEEP_DONE_S
        return [entry for row in rows if ((entry := Entry(*row)).done_at or kept) >= kept]

    def _take(self, lease_s: int) -> Delivery | None:
        now = self._now()
        if not self._db.rows(READY, self._name, now):  # a look needs no lock
            return None
        with self._db.writing() as db:
            db.execute(BURY, (now, self._name, now, self._max_receives))
            row = db.execute(READY, (self._name, now)).fetchone()
            if row is None:
                return None
            seq, id, body, receives = row
            receipt = os.urandom(16).hex()
            db.execute(TAKE, (receipt, now + lease_s, now, now, seq))
        return Delivery(id, body, receipt, receives + 1)

    def _bury(self) -> None:
        now = self._now()
        with self._db.writing() as db:
            db.execute(BURY, (now, self._name, now, self._max_receives))

    def _sweep(self, db: sqlite3.Connection) -> None:
        """Forget what was done a while ago."""
        if self._now() < self._swept_at + SWEEP_EVERY_S:
            return
        self._swept_at = self._now()
        db.execute(
            "DELETE FROM messages WHERE state = 'done' AND ended_at < ?",
            (self._now() - KEEP_DONE_S,),
        )
