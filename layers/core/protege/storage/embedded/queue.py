"""A queue in SQLite that behaves as SQS does: leases, redelivery, dead letters.

A message that was delivered `max_receives` times without `done` becomes a dead letter. Every
receipt is new: an old one can neither extend nor finish a message that was handed on since.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from protege.errors import Missing
from protege.storage import Delivery, Depth
from protege.storage.embedded import messages as sql
from protege.storage.embedded.database import Database
from protege.storage.limits import LEASE_MAX_S, WAIT_MAX_S, check_fifo, check_message, check_seconds

KEEP_DONE_S = 15 * 60
"""How long the journal shows a message that is done."""
SAME_S = 5 * 60
"""For so long a message is put once only; as in SQS.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
"""
SWEEP_EVERY_S = 60.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.15
"""Between two looks at an empty queue."""

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
    """Work to be done at least once. Several queues (`name`) may share one file.

    `fifo`: of a group, the next message is delivered only when the earlier one is done.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str = "work",
        fifo: bool = False,
        max_receives: int = 3,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._db = Database(path, sql.SCHEMA)
        with self._db.writing() as db:
            sql.grow(db)
        self._name = name
        self._fifo = fifo
        self._ready = sql.READY_FIFO if fifo else sql.READY
        self._max_receives = max_receives
        self._now = now
        self._swept_at = 0.0
        self._news = threading.Condition()

    def put(
        self,
        body: str,
        *,
        delay_s: int = 0,
        group: str = "",
        once: str = "",
        about: Mapping[str, str] | None = None,
    ) -> str:
        """Add a message; return its id. Raises Unavailable, ValueError (see `limits`)."""
        check_message(body, delay_s, about)
        check_fifo(self._fifo, delay_s, group, once)
        id, now = os.urandom(16).hex(), self._now()
        beside = json.dumps(dict(about)) if about else ""
        with self._db.writing() as db:
            if twin := once and db.execute(sql.TWIN, (self._name, once, now - SAME_S)).fetchone():
                return str(twin[0])
            db.execute(sql.PUT, (self._name, id, body, now, now + delay_s, group, once, beside))
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
            held = db.execute(sql.HOLD, (now + lease_s, self._name, receipt, now)).rowcount
        if not held:
            raise Missing("the message is no longer held by this receipt")

    def done(self, receipt: str) -> None:
        """Never deliver it again; no effect once it was handed on."""
        with self._db.writing() as db:
            db.execute(sql.FINISH, (self._now(), self._name, receipt))
            self._sweep(db)

    def release(self, receipt: str, *, delay_s: int = 0) -> None:
        """Give the message back; no effect once it was handed on. Raises ValueError."""
        check_seconds("a delay", delay_s, LEASE_MAX_S)
        with self._db.writing() as db:
            db.execute(sql.GIVE_BACK, (self._now() + delay_s, self._name, receipt))
        with self._news:
            self._news.notify()

    def depth(self) -> Depth:
        """How much there is to do, and since when. Raises Unavailable."""
        self._bury()
        now = self._now()
        [[waiting, held, oldest]] = self._db.rows(sql.DEPTH, now, now, now, self._name)
        return Depth(waiting, held, None if oldest is None else now - oldest)

    def dead(self) -> list[Entry]:
        """Dead letters, oldest first."""
        self._bury()
        rows = self._db.rows(f"{SHOW} AND state = 'dead' ORDER BY seq", self._now(), self._name)
        return [Entry(*row) for row in rows]

    def redrive(self) -> int:
        """Put every dead letter back to be delivered anew; return how many there were."""
        self._bury()
        with self._db.writing() as db:
            return db.execute(sql.REDRIVE, (self._now(), self._name)).rowcount

    def journal(self, limit: int = 50) -> list[Entry]:
        """The latest messages, newest first; those done stay for 15 minutes."""
        self._bury()
        rows = self._db.rows(f"{SHOW} ORDER BY seq DESC LIMIT ?", self._now(), self._name, limit)
        kept = self._now() - KEEP_DONE_S
        return [entry for row in rows if ((entry := Entry(*row)).done_at or kept) >= kept]

    def _take(self, lease_s: int) -> Delivery | None:
        now = self._now()
        if not self._db.rows(self._ready, self._name, now):  # a look needs no lock
            return None
        with self._db.writing() as db:
            db.execute(sql.BURY, (now, self._name, now, self._max_receives))
            row = db.execute(self._ready, (self._name, now)).fetchone()
            if row is None:
                return None
            seq, id, body, receives, about = row
            receipt = os.urandom(16).hex()
            db.execute(sql.TAKE, (receipt, now + lease_s, now, now, seq))
        return Delivery(id, body, receipt, receives + 1, json.loads(about or "{}"))

    def _bury(self) -> None:
        now = self._now()
        with self._db.writing() as db:
            db.execute(sql.BURY, (now, self._name, now, self._max_receives))

    def _sweep(self, db: sqlite3.Connection) -> None:
        """Forget what was done a while ago."""
        if self._now() < self._swept_at + SWEEP_EVERY_S:
            return
        self._swept_at = self._now()
        db.execute(sql.FORGET, (self._now() - KEEP_DONE_S,))
