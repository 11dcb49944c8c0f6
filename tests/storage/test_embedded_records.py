"""What only records in SQLite can show, and that they behave as a dictionary would."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from protege.errors import Conflict, Missing, Unavailable
from protege.storage import Record
from protege.storage.embedded import SqliteRecords
from tests.storage.conftest import Clock

ids = st.sampled_from(["a", "ab", "b", "ж", "🦉", "a#1"])
kinds = st.sampled_from(["k", "k2"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(
    st.text(), json_values.filter(lambda it: "inf" not in repr(it)), max_size=3
)


class RecordsAreADictionary(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        self.open()
        self.model: dict[tuple[str, str], tuple[Record, float]] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule()
    def open(self) -> None:
        self.records = SqliteRecords(Path(self.folder.name) / "records.sqlite", now=self.clock)

    @rule(
        kind=kinds,
        id=ids,
        fields=fields,
        expect=st.none() | st.integers(0, 3),
        lasts_s=st.none() | st.integers(-5, 20),
    )
    def put(
        self, kind: str, id: str, fields: dict[str, Any], expect: int | None, lasts_s: int | None
    ) -> None:
        there = self.model[kind, id][0].version if (kind, id) in self.model else 0
        ends = None if lasts_s is None else self.clock.time + lasts_s
        try:
            written = self.records.put(kind, id, fields, expect=expect, expires_at=ends)
        except Conflict:
            assert expect is not None and expect != there
            return
        assert expect in (None, there)
        assert written == Record(id, fields, there + 1)
        self.model[kind, id] = (written, float("inf") if ends is None else ends)
        self.forget()

    @rule(kind=kinds, id=ids)
    def delete(self, kind: str, id: str) -> None:
        self.records.delete(kind, id)
        self.model.pop((kind, id), None)

    @rule(seconds=st.integers(1, 90))
    def pass_time(self, seconds: int) -> None:
        self.clock.time += seconds
        self.forget()

    @rule(kind=kinds, id=ids)
    def get(self, kind: str, id: str) -> None:
        if (kind, id) in self.model:
            assert self.records.get(kind, id) == self.model[kind, id][0]
        else:
            with pytest.raises(Missing):
                self.records.get(kind, id)

    @rule(
        kind=kinds,
        prefix=st.sampled_from(["", "a", "ж"]),
        after=ids | st.just(""),
        newest=st.booleans(),
        limit=st.integers(0, 3),
    )
    def find(self, kind: str, prefix: str, after: str, newest: bool, limit: int) -> None:
        wanted = [
            self.model[k, id][0]
            for k, id in sorted(self.model, reverse=newest)
            if k == kind and id.startswith(prefix) and id > after
        ]
        found = self.records.find(kind, prefix=prefix, after=after, newest=newest, limit=limit)
        assert list(found) == wanted[: limit or None]

    @invariant()
    def nothing_else_is_there(self) -> None:
        for kind in ("k", "k2"):
            assert [it.id for it in self.records.find(kind)] == sorted(
                id for k, id in self.model if k == kind
            )

    def forget(self) -> None:
        self.model = {at: it for at, it in self.model.items() if it[1] > self.clock.time}


RecordsAreADictionary.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None
)
TestRecords = RecordsAreADictionary.TestCase


def test_many_documents_are_found_page_by_page(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    ids = [f"{number:03d}" for number in range(400)]
    for id in ids:
        records.put("k", id, {})
    for limit in (0, 199, 200, 201, 399, 400, 401):
        assert [it.id for it in records.find("k", limit=limit)] == ids[: limit or None]
        newest = records.find("k", newest=True, limit=limit)
        assert [it.id for it in newest] == ids[::-1][: limit or None]


def test_no_transaction_stays_open_while_records_are_being_used(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    for number in range(3):
        records.put("k", str(number), {})
    walk = records.find("k")
    next(walk)
    with sqlite3.connect(tmp_path / "records.sqlite") as other:
        busy, left, done = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    other.close()
    assert (busy, left, done) == (0, 0, 0)
    assert [record.id for record in walk] == ["1", "2"]


def test_what_has_expired_is_removed_from_the_disk_too(tmp_path: Path, clock: Clock) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite", now=clock)
    for number in range(100):
        records.put("k", str(number), {}, expires_at=clock.time + 1)
    clock.time += 3600
    records.put("k", "new", {})
    with sqlite3.connect(tmp_path / "records.sqlite") as other:
        rows = other.execute("SELECT id FROM records").fetchall()
    other.close()
    assert rows == [("new",)]


def test_records_that_cannot_be_opened_are_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        SqliteRecords(tmp_path)
