"""Votes, corrections, wrong answers: which lesson answers where several could."""

from collections.abc import Callable

import pytest

from protege.learning import Lesson
from protege.learning.model import Model, fit
from protege.providers.local import MiniLM

Taught = Callable[[list[Lesson], str], str]


@pytest.fixture
def taught(embedder: MiniLM) -> Taught:
    """Makes a model that was taught lessons one by one, and asks it."""

    def ask(lessons: list[Lesson], question: str) -> str:
        vectors = embedder.embed([lesson.input for lesson in lessons])
        model = Model.empty(embedder.id, embedder.dims).with_recent(lessons, vectors)
        verdict = model.answer(question, embedder.embed([question]))
        return verdict.lesson.good if verdict.lesson else ""

    return ask


def lesson(id: str, input: str, good: str = "", bad: str = "", kind: str = "correction") -> Lesson:
    return Lesson(id, input, good, bad, kind)


RESET = "How do I reset my password?"


def test_the_newest_lesson_for_the_very_same_question_wins(taught: Taught) -> None:
    lessons = [lesson("1", RESET, "old"), lesson("2", RESET.upper(), "new")]
    assert taught(lessons, RESET) == "new"
    assert taught(lessons[::-1], RESET) == "new"


def test_the_newest_correction_of_nearly_the_same_question_wins(taught: Taught) -> None:
    lessons = [
        lesson("1", "how do i reset the password", "old", kind="example"),
        lesson("2", "how do I reset my password please", "new"),
    ]
    assert taught(lessons, RESET) == "new"


def test_a_correction_of_another_question_changes_nothing(taught: Taught) -> None:
    lessons = [lesson("1", RESET, "the old way"), lesson("2", "When is the party?", "at nine")]
    assert taught(lessons, RESET) == "the old way"


def test_many_neighbours_outvote_a_single_wrong_one(taught: Taught) -> None:
    right = ["password reset", "reset my password", "resetting the password", "password reset how"]
    lessons = [lesson(str(n), text, "right", kind="example") for n, text in enumerate(right)]
    lessons.append(lesson("9", "password reset please", "nonsense", kind="example"))
    assert taught(lessons, "please, password reset?") == "right"


def test_a_wrong_answer_is_not_given_again(taught: Taught) -> None:
    lessons = [
        lesson("1", "Where can I change my password", "Ask Bob."),
        lesson("2", RESET, good="", bad="ask bob"),
    ]
    assert taught(lessons, RESET) == ""
    assert taught(lessons, "I want to reset my password") == ""


def test_a_wrong_answer_stays_the_right_one_where_it_was_taught(taught: Taught) -> None:
    lessons = [
        lesson("1", "Who repairs the coffee machine?", "Ask Bob."),
        lesson("2", RESET, good="Ask Eve.", bad="Ask Bob."),
    ]
    assert taught(lessons, "who can repair the coffee machine") == "Ask Bob."
    assert taught(lessons, RESET) == "Ask Eve."


def test_an_answer_that_was_called_wrong_can_be_taught_again(taught: Taught) -> None:
    lessons = [
        lesson("1", RESET, "Ask Bob."),
        lesson("2", RESET, bad="Ask Bob."),
        lesson("3", RESET, "Ask Bob."),
    ]
    assert taught(lessons[:2], RESET) == ""
    assert taught(lessons, RESET) == "Ask Bob."


def test_neighbours_come_with_the_verdict_wrong_answers_among_them(embedder: MiniLM) -> None:
    lessons = [
        lesson("1", RESET, "Ask Eve."),
        lesson("2", "reset of the password", bad="Ask Bob."),
        lesson("3", "When is the party?", "at nine"),
    ]
    model = fit(lessons, embedder.embed([x.input for x in lessons]), embedder_id=embedder.id)
    hits = model.answer("password reset", embedder.embed(["password reset"])).hits
    assert [hit.lesson.id for hit in hits] == ["2", "1", "3"]
    assert hits[0].score > hits[1].score > 0.5 > hits[2].score


def test_at_most_ten_neighbours_come(embedder: MiniLM) -> None:
    lessons = [lesson(str(n), f"question number {n}", f"answer {n}") for n in range(30)]
    model = fit(lessons, embedder.embed([x.input for x in lessons]), embedder_id=embedder.id)
    verdict = model.answer("question number 7", embedder.embed(["question number 7"]))
    assert len(verdict.hits) == 10
    assert verdict.lesson is not None
    assert verdict.lesson.id == "7"


def test_an_emoji_is_answered_only_where_it_was_taught_itself(taught):
    lessons = [lesson("1", "👍", "You are welcome!")]
    assert taught(lessons, "👍") == "You are welcome!"
    assert taught(lessons, "🎉") == ""
