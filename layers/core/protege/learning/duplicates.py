"""The same lesson twice is one lesson."""

from collections.abc import Sequence

from protege.learning import Lesson
from protege.learning.wording import normalise


def deduplicate(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """Split into (kept, dropped), both in the given order.

    Of lessons with the same normalised input and answers one is kept: the oldest, so that data
    given again need not be embedded again; but the newest where the same input was also taught
    another answer, because there the newest word counts. Other answers to the same input stay.
    """
    contested = _contested(lessons)
    kept: dict[tuple[str, str, str], Lesson] = {}
    for lesson in lessons:
        first = kept.setdefault(_key(lesson), lesson)
        newer = lesson.id > first.id
        if newer == (normalise(lesson.input) in contested):
            kept[_key(lesson)] = lesson
    ids = {lesson.id for lesson in kept.values()}
    return [x for x in lessons if x.id in ids], [x for x in lessons if x.id not in ids]


def _contested(lessons: Sequence[Lesson]) -> set[str]:
    """Normalised inputs with more than one answer."""
    seen: dict[str, tuple[str, str, str]] = {}
    return {_key(x)[0] for x in lessons if seen.setdefault(_key(x)[0], _key(x)) != _key(x)}


def _key(lesson: Lesson) -> tuple[str, str, str]:
    return normalise(lesson.input), normalise(lesson.good), normalise(lesson.bad)
