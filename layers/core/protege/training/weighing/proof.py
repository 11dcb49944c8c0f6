"""The questions that a model is proven on: held out, so that no training has seen them.

What such a question means is told as it will be told to whoever asks: by the version as if it had
never been taught what is held out. Where an answer has but one question, that would leave nothing
to answer from. Such a question is asked with a word less, of the whole version; some of them are
asked as if they had not been taught: then the right answer is to say so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from protege.learning import Embedder, Lesson
from protege.learning.model import Model, Verdict
from protege.learning.rehearsal import answer_of, held_out
from protege.learning.variants import variant
from protege.learning.wording import draw, normalise
from protege.providers import Prompt
from protege.training.weighing.questions import Row, once

MOST = 40
"""Questions: two models' answers to them tell a tenth of difference from chance."""
UNTAUGHT = 4
"""One of so many may be about what was not taught."""


class Asked(NamedTuple):
    """A question. `whole`: asked of all that the version knows; `taught`: it is to be answered."""

    text: str
    lessons: list[Lesson]
    whole: bool = False
    taught: bool = True


def rows_of(
    model: Model,
    lessons: Iterable[Lesson],
    embedder: Embedder,
    prompted: Callable[[Verdict, str], Prompt],
) -> list[Row]:
    """Choose the questions, always the same for the same lessons: MOST at most, maybe none.

    `lessons`: those of `model`, as they stream by; `prompted`: what is told with a question.
    """
    asked, twin = chosen(lessons), model.tried()
    vectors = embedder.embed([one.text for one in asked]) if asked else ()
    found = []
    for one, vector in zip(asked, vectors, strict=True):
        verdict = (model if one.whole else twin).answer(one.text, vector)
        expected = once(x.good for x in one.lessons) if one.taught else ()
        bad = once(x.bad for x in one.lessons)
        found.append(Row(prompted(verdict, one.text), expected, bad))
    return found


def chosen(lessons: Iterable[Lesson]) -> list[Asked]:
    """Which questions are asked, and how."""
    held: defaultdict[str, list[Lesson]] = defaultdict(list)
    trained: set[int] = set()
    for lesson in lessons:
        if held_out(lesson.input):
            held[normalise(lesson.input)].append(lesson)
        elif lesson.good:
            trained.add(draw(lesson.good))
    drawn = sorted(held.items(), key=lambda item: (draw(item[0]) // 5, item[0]))
    groups = [group for _, group in drawn if any(x.good for x in group)]
    near = [group for group in groups if not trained.isdisjoint(_answers(group))]
    alone = [group for group in groups if trained.isdisjoint(_answers(group))]
    away = min(MOST // UNTAUGHT, len(alone) // 2)
    found = [Asked(group[0].input, group) for group in near[: MOST - away]]
    found += [Asked(group[0].input, group, taught=False) for group in alone[:away]]
    found += [Asked(variant(group[0].input), group, whole=True) for group in alone[away:]]
    return found[:MOST]


def _answers(group: Iterable[Lesson]) -> Iterator[int]:
    return (draw(answer_of(lesson)) for lesson in group if lesson.good)
