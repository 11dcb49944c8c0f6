"""How the queue in SQLite keeps its messages: the table, and what is asked of it."""

import sqlite3

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL,
        body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', ready_at REAL NOT NULL,
        receipt TEXT UNIQUE, receives INTEGER NOT NULL DEFAULT 0, put_at REAL NOT NULL,
        first_received_at REAL, last_received_at REAL, ended_at REAL)""",
    """CREATE INDEX IF NOT EXISTS messages_open ON messages (queue, ready_at, seq)
        WHERE state = 'open'""",
)
COLUMNS = ("family", "once", "about")
"""Came later than the table: the group of a FIFO queue, what keeps from putting twice, and what is
said beside the body."""
PUT = """INSERT INTO messages (queue, id, body, put_at, ready_at, family, once, about)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
TWIN = """SELECT id FROM messages WHERE queue = ? AND once = ? AND put_at > ?
    ORDER BY seq DESC LIMIT 1"""
READY = """SELECT seq, id, body, receives, about FROM messages
    WHERE queue = ? AND state = 'open' AND ready_at <= ? ORDER BY ready_at, seq LIMIT 1"""
READY_FIFO = """SELECT seq, id, body, receives, about FROM messages AS this
    WHERE queue = ? AND state = 'open' AND ready_at <= ? AND NOT EXISTS (
        SELECT 1 FROM messages AS that WHERE that.queue = this.queue AND that.state = 'open'
        AND that.family = this.family AND that.seq < this.seq)
    ORDER BY seq LIMIT 1"""
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
DEPTH = """SELECT count(*) FILTER (WHERE receipt IS NULL OR ready_at <= ?),
    count(*) FILTER (WHERE receipt IS NOT NULL AND ready_at > ?),
    min(ready_at) FILTER (WHERE ready_at <= ?) FROM messages
    WHERE queue = ? AND state = 'open'"""
REDRIVE = """UPDATE messages SET state = 'open', ended_at = NULL, receives = 0, ready_at = ?
    WHERE queue = ? AND state = 'dead'"""
FORGET = "DELETE FROM messages WHERE state = 'done' AND ended_at < ?"


def grow(db: sqlite3.Connection) -> None:
    """Add the columns that a file of an earlier version has not; within a transaction."""
    there = {row[1] for row in db.execute("PRAGMA table_info(messages)")}
    for column in COLUMNS:
        if column not in there:
            db.execute(f"ALTER TABLE messages ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
