"""What makes very many lessons light: lines, columns, rounded vectors, n-grams in parts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.learning import Lesson, npy
from protege.learning.columns import Columns
from protege.learning.counting import Part, index
from protege.learning.lines import InMemory, Lines, OnDisk, line
from protege.learning.ngrams import Postings, grams, rarity
from protege.learning.rehearsal import held_out
from protege.learning.tables import Dense, Small, Stored

TEXTS = st.lists(st.text(st.sampled_from("abc d,É!"), max_size=12), min_size=1, max_size=12)


def unit(rows: int, dims: int = 16) -> np.ndarray:
    found = np.random.default_rng(rows).normal(size=(rows, dims))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@given(TEXTS, st.integers(1, 5))
def test_n_grams_counted_in_parts_make_the_index_that_all_at_once_make(
    texts: list[str], size: int
) -> None:
    parts = [Part.of(texts[at : at + size]) for at in range(0, len(texts), size)]
    found, rare = index([lambda part=part: part for part in parts])  # type: ignore[misc]
    wanted_rare = rarity([grams(text) for text in texts])
    wanted = Postings.of([wanted_rare.weigh(grams(text)) for text in texts])
    assert (rare.hashes == wanted_rare.hashes).all()
    assert (rare.values == wanted_rare.values).all()
    for name in ("hashes", "starts", "rows"):
        assert (getattr(found, name) == getattr(wanted, name)).all()
    assert found.weights == pytest.approx(wanted.weights, abs=1e-6)
    assert found.size == len(texts)


@given(st.lists(st.tuples(st.text(), st.text(), st.text())))
def test_lessons_are_read_from_their_lines_in_memory_and_on_disk(
    rows: list[tuple[str, str, str]],
) -> None:
    lessons = [Lesson(f"{n}", *row) for n, row in enumerate(rows)]
    assert list(Lines(InMemory(b"".join(map(line, lessons))))) == lessons


def test_lines_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    lessons = [Lesson(f"{n}", f"question\n{n}", "x" * n) for n in range(2000)]
    path = tmp_path / "lessons.jsonl"
    path.write_bytes(b"".join(map(line, lessons)))
    found = Lines(OnDisk(path))
    assert len(found) == 2000
    assert (found[0], found[-1], found[5:7]) == (lessons[0], lessons[-1], tuple(lessons[5:7]))
    with pytest.raises(IndexError):
        found[2000]


def test_columns_hold_out_the_same_questions_as_their_texts_say() -> None:
    lessons = [Lesson(f"{n}", f"Question {n}?", "a" if n % 3 else "") for n in range(200)]
    columns = Columns.of(lessons)
    assert columns.held_out().tolist() == [held_out(lesson.input) for lesson in lessons]
    assert ((columns.answers == 0) == [not lesson.good for lesson in lessons]).all()
    again = Columns.stacked(npy.unpacked(npy.packed(columns.matrix())))
    assert all((one == other).all() for one, other in zip(columns, again, strict=True))


def test_rounded_vectors_stay_near_and_are_rounded_once() -> None:
    rows = unit(300)
    small = Small.of(rows)
    assert small.nbytes < Dense(rows).nbytes / 2
    assert np.abs(small.dot(rows) - rows @ rows.T).max() < 0.01
    again = Small.of(small.take(slice(None)))
    assert (again.values == small.values).all()
    assert (Small.of(np.zeros((2, 4), np.float32)).take(slice(None)) == 0).all()


def test_vectors_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    rows = unit(9000)
    path = tmp_path / "index.npy"
    path.write_bytes(npy.packed(rows))
    stored = Stored(OnDisk(path))
    assert stored.shape == (9000, 16)
    some = np.array([0, 8999, 17])
    assert (stored.take(some) == rows[some]).all()
    assert (stored.take(slice(8990, 9100)) == rows[8990:]).all()
    assert np.allclose(stored.dot(rows[:3]), rows[:3] @ rows.T, atol=1e-6)
