"""What every implementation of Records does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from protege.errors import Conflict, Missing
from protege.storage import Records
from protege.storage.limits import FIELDS_MAX_BYTES
from tests.storage.conftest import Clock

FIELDS = {"text": "Привет 🦉", "n": 1.5, "deep": {"list": [1, None, True, ""]}, "": "empty"}


def _ids(records: Records, kind: str = "k", **how: object) -> list[str]:
    return [record.id for record in records.find(kind, **how)]  # type: ignore[arg-type]


def test_a_document_is_read_as_it_was_written(records: Records) -> None:
    written = records.put("lesson#1", "a", FIELDS)
    assert written == ("a", FIELDS, 1)
    assert records.get("lesson#1", "a") == written
    assert records.put("lesson#1", "a", {}) == ("a", {}, 2)
    assert records.get("lesson#1", "a") == ("a", {}, 2)


def test_half_of_a_surrogate_pair_is_kept(records: Records) -> None:
    records.put("k", "a", {"text": "\ud83e"})
    assert records.get("k", "a").fields == {"text": "\ud83e"}


def test_what_is_not_there_is_missing(records: Records) -> None:
    records.put("k", "a", {})
    for kind, id in (("k", "b"), ("other", "a")):
        with pytest.raises(Missing):
            records.get(kind, id)


def test_a_write_happens_only_at_the_expected_version(records: Records) -> None:
    assert records.put("k", "a", {"n": 1}, expect=0).version == 1
    for wrong in (0, 2, -1):
        with pytest.raises(Conflict):
            records.put("k", "a", {"n": 2}, expect=wrong)
    assert records.get("k", "a") == ("a", {"n": 1}, 1)
    assert records.put("k", "a", {"n": 2}, expect=1).version == 2
    with pytest.raises(Conflict):
        records.put("k", "b", {}, expect=1)
    assert _ids(records) == ["a"]


def test_counting_by_conditional_writes_loses_nothing(records: Records) -> None:
    records.put("k", "count", {"n": 0})

    def add(_: int) -> None:
        while True:
            found = records.get("k", "count")
            try:
                records.put("k", "count", {"n": found.fields["n"] + 1}, expect=found.version)
            except Conflict:
                continue
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    assert records.get("k", "count") == ("count", {"n": 20}, 21)


def test_unconditional_writes_each_raise_the_version(records: Records) -> None:
    with ThreadPoolExecutor(4) as pool:
        written = pool.map(lambda n: records.put("k", "a", {"n": n}).version, range(20))
        assert sorted(written) == list(range(1, 21))


def test_a_document_is_missing_as_soon_as_its_time_has_run_out(
    records: Records, clock: Clock
) -> None:
    records.put("k", "a", {}, expires_at=clock.time + 0.5)
    records.put("k", "b", {})
    assert _ids(records) == ["a", "b"]
    clock.time += 0.5
    with pytest.raises(Missing):
        records.get("k", "a")
    assert _ids(records) == _ids(records, newest=True) == ["b"]
    with pytest.raises(Conflict):
        records.put("k", "a", {}, expect=1)


@pytest.mark.parametrize("expect", [0, None])
def test_an_expired_document_makes_way_for_a_new_one(
    records: Records, clock: Clock, expect: int | None
) -> None:
    for _ in range(3):
        records.put("k", "a", {"old": 1}, expires_at=clock.time + 1)
    clock.time += 2
    assert records.put("k", "a", {"new": 1}, expect=expect) == ("a", {"new": 1}, 1)
    clock.time += 10**6
    assert records.get("k", "a").fields == {"new": 1}


def test_a_write_sets_the_end_anew(records: Records, clock: Clock) -> None:
    records.put("k", "a", {}, expires_at=clock.time + 1)
    records.put("k", "a", {}, expires_at=clock.time + 100)
    clock.time += 50
    assert records.put("k", "a", {}).version == 3
    clock.time += 100
    assert records.get("k", "a").version == 3


def test_a_deleted_document_is_gone_and_may_be_deleted_again(records: Records) -> None:
    records.put("k", "a", {})
    records.put("k", "a", {})
    records.delete("k", "a")
    records.delete("k", "a")
    with pytest.raises(Missing):
        records.get("k", "a")
    assert records.put("k", "a", {}, expect=0).version == 1


def test_documents_are_found_in_order_of_code_points(records: Records) -> None:
    ids = ["a", "B", "a#1", "a10", "a2", "ж", "🦉", "\ufffd", "Z", "a-"]
    for id in ids:
        records.put("k", id, {"id": id})
    records.put("k2", "other", {})
    assert _ids(records) == sorted(ids)
    assert _ids(records, newest=True) == sorted(ids, reverse=True)
    assert [record.fields["id"] for record in records.find("k")] == sorted(ids)


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("limit", [0, 2])
def test_documents_are_found_by_prefix_after_and_limit(
    records: Records, newest: bool, limit: int
) -> None:
    last = "\U0010ffff"
    ids = ["a", "ab", "aba", "abb", "ac", "b", "ba", last, last + "a", "\ud7ff1", "\ue000"]
    for id in ids:
        records.put("k", id, {})
    for prefix in ("", "ab", "c", last, "\ud7ff"):
        for after in ("", "a", "aab", "ab", "abb", "ac", "b", last, "\ue000"):
            found = _ids(records, prefix=prefix, after=after, newest=newest, limit=limit)
            wanted = [id for id in ids if id.startswith(prefix) and id > after]
            assert found == sorted(wanted, reverse=newest)[: limit or None], (prefix, after)


def test_documents_of_many_bytes_are_found_page_by_page(records: Records) -> None:
    ids = [f"{number:02d}" for number in range(12)]
    for id in ids:
        records.put("k", id, {"pad": "x" * 200_000})  # DynamoDB ends a page at 1 MB
    assert _ids(records) == ids
    assert _ids(records, newest=True) == ids[::-1]
    assert _ids(records, limit=11) == ids[:11]
    assert _ids(records, newest=True, limit=7) == ids[:-8:-1]


def test_expired_documents_do_not_count_towards_the_limit(records: Records, clock: Clock) -> None:
    for number in range(9):
        ends = clock.time + (1 if number < 6 else 100)
        records.put("k", str(number), {}, expires_at=ends)
    clock.time += 10
    assert _ids(records, limit=2) == ["6", "7"]


def test_a_document_may_be_written_while_others_are_found(records: Records) -> None:
    for number in range(5):
        records.put("k", str(number), {})
    for record in records.find("k"):
        records.put("k", record.id, {"seen": True}, expect=record.version)
    assert all(record.fields["seen"] for record in records.find("k"))


def test_the_largest_document_is_kept_and_a_larger_one_refused(records: Records) -> None:
    room = FIELDS_MAX_BYTES - len('{"text":""}')
    kind, id = "k" * 2048, "i" * 1024
    records.put(kind, id, {"text": "ж" * (room // 2)})
    assert len(records.get(kind, id).fields["text"]) == room // 2
    with pytest.raises(ValueError, match="at most 400000"):
        records.put(kind, id, {"text": "x" * (room + 1)})


@pytest.mark.parametrize(
    ("kind", "id"),
    [("", "a"), ("k", ""), ("k" * 2049, "a"), ("k", "ж" * 513), ("k", "\0"), ("k", "\ud800")],
)
def test_an_id_that_cannot_be_kept_is_refused(records: Records, kind: str, id: str) -> None:
    with pytest.raises(ValueError):
        records.put(kind, id, {})
    with pytest.raises(ValueError):
        records.get(kind, id)
    with pytest.raises(ValueError):
        records.delete(kind, id)


def test_fields_that_are_no_json_are_refused(records: Records) -> None:
    with pytest.raises(ValueError):
        records.put("k", "a", {"n": float("nan")})
    with pytest.raises(TypeError):
        records.put("k", "a", {"body": b"bytes"})
