"""The head, the gate and the evaluation, on lessons made by a known rule."""

import io
import json

import numpy as np
import pytest

from protege.learning import Lesson, Vectors
from protege.learning.evaluation import evaluate
from protege.learning.gate import PRIOR, fitted, separation
from protege.learning.head import train
from protege.learning.model import Model, fit
from protege.providers.local import MiniLM
from tests.learning.conftest import Faq

ID = "made-up:1"


def made(
    groups: int, each: int, noise: float = 0.7, dims: int = 64
) -> tuple[list[Lesson], Vectors]:
    """Lessons whose vectors lie around one centre for each answer, words telling nothing."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(groups, dims))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    rows = np.repeat(centres, each, 0)
    rows = rows + noise * rng.normal(size=rows.shape) / dims**0.5
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    lessons = [
        Lesson(f"{n:05d}", f"w{rng.integers(10**9)} w{n}", f"answer {n // each}")
        for n in range(len(rows))
    ]
    return lessons, rows.astype(np.float32)


def test_a_head_learns_which_answer_is_meant_and_always_the_same() -> None:
    vectors = made(12, 20)[1]
    classes = np.repeat(np.arange(12), 20)
    heads = [train(vectors, classes, [f"answer {n}" for n in range(12)]) for _ in range(2)]
    assert (heads[0].weights == heads[1].weights).all()
    found = [int(np.argmax(heads[0].probabilities(row))) for row in vectors]
    assert found == classes.tolist()
    assert heads[0].probabilities(vectors[0]).sum() == pytest.approx(1, abs=1e-5)


def test_a_model_with_groups_has_a_head_that_survives_its_files() -> None:
    lessons, vectors = made(12, 12)
    model = fit(lessons, vectors, embedder_id=ID)
    files = model.files()
    assert "head.npz" in files
    loaded = Model.load(files)
    for row in (0, 77):
        one, other = (m.answer("unseen words", vectors[row]) for m in (model, loaded))
        assert one.lesson is not None
        assert one.lesson.good == lessons[row].good
        assert one.score == pytest.approx(other.score, abs=1e-5)


def test_a_head_forgets_an_answer_whose_lessons_are_all_gone() -> None:
    lessons, vectors = made(12, 12)
    model = fit(lessons, vectors, embedder_id=ID)
    less = model.without({x.id for x in lessons if x.good == "answer 3"})
    loaded = Model.load(less.files())
    verdict = loaded.answer("unseen words", vectors[40])
    assert "answer 3" not in [hit.lesson.good for hit in verdict.hits]
    with np.load(io.BytesIO(less.files()["head.npz"])) as head:
        assert head["weights"].shape == (65, 11)


def test_answers_of_one_question_each_make_no_head() -> None:
    lessons, vectors = made(40, 1)
    assert "head.npz" not in fit(lessons, vectors, embedder_id=ID).files()


def test_progress_goes_from_nothing_to_all() -> None:
    seen: list[float] = []
    fit(*made(12, 12), embedder_id=ID, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 100
    assert seen[-1] == 1


def test_the_threshold_is_the_prior_while_one_lesson_is_known() -> None:
    lessons, vectors = made(1, 1)
    assert fit(lessons, vectors, embedder_id=ID).threshold == PRIOR


def test_the_threshold_rises_with_how_near_untaught_questions_come() -> None:
    far, near = fitted([0.8] * 100, [0.1] * 100), fitted([0.8] * 100, [0.6] * 100)
    assert 0.1 < far < near < 0.8
    assert near > 0.6


def test_few_scores_move_the_threshold_little() -> None:
    assert abs(fitted([0.9], [0.9]) - PRIOR) < 0.1 < abs(fitted([0.9] * 90, [0.9] * 90) - PRIOR)


@pytest.mark.parametrize(
    ("taught", "untaught", "expected"),
    [([0.9, 0.8], [0.1], 1), ([0.1], [0.9], 0), ([0.5], [0.5], 0.5), ([0.5], [], None)],
)
def test_separation_counts_how_often_taught_scores_lie_above(taught, untaught, expected) -> None:
    assert separation(taught, untaught) == expected


def test_held_out_questions_are_measured_against_baselines() -> None:
    lessons, vectors = made(12, 20)
    found = evaluate(lessons, vectors, embedder_id=ID)
    assert json.loads(json.dumps(found)) == found
    assert found["method"] == "held-out"
    assert 30 <= found["rows"] <= 66
    assert found["top1"] > 0.9
    assert found["accuracy"] > 0.8
    assert found["accuracy"] + found["wrong"] + found["refused"] == pytest.approx(1, abs=1e-3)
    assert found["auroc"] > 0.9
    assert found["baseline"]["majority"] < 0.3
    assert found["baseline"]["lexical"] < 0.5
    assert found == evaluate(lessons, vectors, embedder_id=ID)


def test_answers_that_cannot_be_told_apart_are_reported_as_such() -> None:
    lessons, vectors = made(12, 20, noise=30)
    found = evaluate(lessons, vectors, embedder_id=ID)
    assert found["top1"] < 0.4
    assert found["auroc"] == pytest.approx(0.5, abs=0.2)


def test_little_data_is_asked_one_by_one() -> None:
    lessons, vectors = made(4, 5, noise=0.3)
    found = evaluate(lessons, vectors, embedder_id=ID)
    assert found["method"] == "leave-one-out"
    assert found["rows"] == 20
    assert found["top1"] == 1


def test_a_faq_is_asked_with_words_missing(embedder: MiniLM, faq: Faq) -> None:
    vectors = embedder.embed([lesson.input for lesson in faq.lessons])
    found = evaluate(faq.lessons, vectors, embedder_id=embedder.id, embedder=embedder)
    assert found["method"] == "variants"
    assert found["rows"] == 40
    assert found["accuracy"] > 0.9
    assert found["auroc"] > 0.9


@pytest.mark.parametrize("lessons", [[], [Lesson("1", "a", "", "b")], [Lesson("1", "a", "b")]])
def test_where_nothing_can_be_asked_no_number_is_made_up(lessons: list[Lesson]) -> None:
    vectors = np.ones((len(lessons), 1), np.float32)
    assert evaluate(lessons, vectors, embedder_id=ID) == {"method": "none", "rows": 0}
