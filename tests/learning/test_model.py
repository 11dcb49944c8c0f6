"""A model version: what comes later, what is forgotten, files."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.learning import Lesson, Vectors
from protege.learning.model import Model, Verdict, WrongEmbedder, deduplicate, fit
from protege.providers.local import MiniLM
from tests.learning.conftest import Faq


@pytest.fixture(scope="module")
def vectors(embedder: MiniLM, faq: Faq) -> Vectors:
    return embedder.embed([lesson.input for lesson in faq.lessons])


@pytest.fixture(scope="module")
def model(embedder: MiniLM, faq: Faq, vectors: Vectors) -> Model:
    return fit(faq.lessons, vectors, embedder_id=embedder.id)


def scores(model: Model, embedder: MiniLM, faq: Faq) -> list[Verdict]:
    questions = [question for question, _ in faq.asked[::8]]
    rows = embedder.embed(questions)
    return [model.answer(q, row) for q, row in zip(questions, rows, strict=True)]


def assert_alike(ones: list[Verdict], others: list[Verdict]) -> None:
    """Equal but for the last bits: other memory, other order of additions."""
    for one, other in zip(ones, others, strict=True):
        assert one.lesson == other.lesson
        assert one.score == pytest.approx(other.score, abs=1e-5)
        assert one.threshold == other.threshold
        assert [hit.lesson for hit in one.hits[:3]] == [hit.lesson for hit in other.hits[:3]]


def test_a_model_comes_back_from_its_files_as_it_was(
    model: Model, embedder: MiniLM, faq: Faq
) -> None:
    files = model.files()
    assert set(files) == {"lessons.jsonl", "columns.npy", "index.npy", "ngrams.npz", "fit.json"}
    loaded = Model.load(files, embedder.id)
    assert loaded.lessons == model.lessons
    assert_alike(scores(loaded, embedder, faq), scores(model, embedder, faq))
    assert loaded.files() == files


def test_a_line_separator_in_a_lesson_survives_the_files(embedder: MiniLM) -> None:
    lessons = [Lesson("1", "one\u2028two\u0085three\n", "a\r\nb\u2029c")]
    model = fit(lessons, embedder.embed([lessons[0].input]), embedder_id=embedder.id)
    assert Model.load(model.files()).lessons == tuple(lessons)


def test_the_files_say_what_they_hold(model: Model, embedder: MiniLM) -> None:
    about = json.loads(model.files()["fit.json"])
    assert about["embedder"] == embedder.id
    assert about["dims"] == 384
    assert about["lessons"] == 40
    assert about["threshold"] == model.threshold


def test_a_model_of_another_embedder_is_refused(model: Model) -> None:
    with pytest.raises(WrongEmbedder, match="all-MiniLM-L6-v2:53aa5117, not text-embedding"):
        Model.load(model.files(), "text-embedding-3-small")


def test_vectors_of_another_length_are_refused(model: Model) -> None:
    with pytest.raises(WrongEmbedder):
        model.answer("question", np.ones(512, np.float32))
    with pytest.raises(WrongEmbedder):
        model.with_recent([Lesson("x", "a", "b")], np.ones((1, 512), np.float32))


def test_files_that_do_not_belong_together_are_refused(
    model: Model, embedder: MiniLM, faq: Faq, vectors: Vectors
) -> None:
    fewer = fit(faq.lessons[:5], vectors[:5], embedder_id=embedder.id)
    with pytest.raises(ValueError, match="fit together"):
        Model.load({**model.files(), "index.npy": fewer.files()["index.npy"]})
    with pytest.raises(KeyError):
        Model.load({"fit.json": model.files()["fit.json"]})


def test_lessons_without_vectors_are_refused(embedder: MiniLM, faq: Faq, vectors: Vectors) -> None:
    with pytest.raises(ValueError, match="40 lessons, but 39 vectors"):
        fit(faq.lessons, vectors[1:], embedder_id=embedder.id)


def test_a_model_that_knows_nothing_refuses_and_can_be_stored(embedder: MiniLM) -> None:
    empty = Model.load(Model.empty(embedder.id, embedder.dims).files())
    verdict = empty.answer("anything", embedder.embed(["anything"])[0])
    assert verdict.lesson is None
    assert verdict.hits == ()
    assert empty.vectors.shape == (0, 384)


def test_a_lesson_given_after_training_is_known_at_once(model: Model, embedder: MiniLM) -> None:
    new = Lesson("9", "Who feeds the office cat?", "Eve does.", kind="correction")
    later = model.with_recent([new], embedder.embed([new.input]))
    question = "who is feeding the cat in the office"
    assert model.answer(question, embedder.embed([question])).lesson is None
    assert later.answer(question, embedder.embed([question])).lesson == new
    assert later.lessons == (*model.lessons, new)
    assert len(later.vectors) == 41
    assert later.threshold == model.threshold


def test_the_trained_index_is_shared_and_the_last_addition_kept(
    model: Model, embedder: MiniLM
) -> None:
    new = [Lesson("9", "Who feeds the office cat?", "Eve does.")]
    row = embedder.embed([new[0].input])
    later = model.with_recent(new, row)
    assert model.with_recent(list(new), row) is later
    other = [new[0]._replace(good="Bob does.")]
    assert model.with_recent(other, row).lessons[-1].good == "Bob does."


def test_lessons_known_already_are_not_added_again(
    model: Model, faq: Faq, vectors: Vectors
) -> None:
    assert model.with_recent(faq.lessons[:3], vectors[:3]) is model


def test_additions_add_up_and_are_stored(model: Model, embedder: MiniLM, faq: Faq) -> None:
    news = [Lesson("91", "Who feeds the cat?", "Eve"), Lesson("92", "Кто кормит кота?", "Ева")]
    rows = embedder.embed([lesson.input for lesson in news])
    later = model.with_recent(news[:1], rows[:1]).with_recent(news[1:], rows[1:])
    loaded = Model.load(later.files())
    assert loaded.lessons == (*model.lessons, *news)
    assert_alike(scores(loaded, embedder, faq), scores(later, embedder, faq))
    for lesson, row in zip(news, rows, strict=True):
        assert loaded.answer(lesson.input, row).lesson == lesson


def test_hundreds_of_corrections_before_any_training_are_all_found(embedder: MiniLM) -> None:
    lessons = [Lesson(f"{n:03d}", f"question number {n}", f"answer {n}") for n in range(400)]
    random = np.random.default_rng(0).normal(size=(400, 384))
    vectors = (random / np.linalg.norm(random, axis=1, keepdims=True)).astype(np.float32)
    model = Model.empty(embedder.id, 384).with_recent(lessons, vectors)
    assert model.lessons == tuple(lessons)
    for row in (0, 299, 300, 399):
        assert model.answer(f"question number {row}", vectors[row]).lesson == lessons[row]


def test_a_forgotten_lesson_is_never_found_nor_stored(model: Model, embedder: MiniLM) -> None:
    new = Lesson("9", "Who feeds the office cat?", "Eve does.")
    later = model.with_recent([new], embedder.embed([new.input]))
    first = model.lessons[0]
    less = later.without({first.id, new.id})
    for gone in (first, new):
        verdict = less.answer(gone.input, embedder.embed([gone.input]))
        assert verdict.lesson != gone
        assert gone not in [hit.lesson for hit in verdict.hits]
    assert less.lessons == model.lessons[1:]
    assert len(less.vectors) == 39
    stored = b"".join(less.files().values())
    assert b"Reset password" not in stored
    assert b"office cat" not in stored
    assert Model.load(less.files()).lessons == less.lessons


def test_the_same_lesson_again_is_dropped_and_the_first_kept() -> None:
    lessons = [Lesson("1", "Q?", "A"), Lesson("2", " q ", "a."), Lesson("3", "other", "A")]
    kept, dropped = deduplicate(lessons)
    assert [x.id for x in kept] == ["1", "3"]
    assert [x.id for x in dropped] == ["2"]


def test_another_answer_to_the_same_question_is_kept_and_the_newest_word_counts() -> None:
    lessons = [Lesson("1", "Q", "A"), Lesson("2", "Q", "B"), Lesson("3", "Q", "A")]
    kept, dropped = deduplicate(lessons)
    assert [x.id for x in kept] == ["2", "3"]
    assert [x.id for x in dropped] == ["1"]


FEW = st.sampled_from(["a", "A ", "b", "?"])


@given(st.lists(st.tuples(FEW, FEW, FEW)))
def test_removing_duplicates_loses_no_answer_and_once_is_enough(
    rows: list[tuple[str, str, str]],
) -> None:
    lessons = [Lesson(f"{n:03d}", *row) for n, row in enumerate(rows)]
    kept, dropped = deduplicate(lessons)
    assert sorted([*kept, *dropped]) == lessons
    assert deduplicate(kept) == (kept, [])
    texts = {tuple(part.strip().lower() for part in row) for row in rows}
    assert len(kept) == len(texts)
