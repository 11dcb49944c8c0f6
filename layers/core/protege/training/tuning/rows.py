"""The questions that an instruction is judged by, taken from the lessons.

Some answers are taken away altogether: to questions about them, the right answer is that they were
not taught. Of the others, a question is asked with its own lesson taken away; where an answer has
but one question, that would leave nothing to answer from, so it is asked with a word less.

Held-out questions (`rehearsal.held_out`) prove the result and nothing else. Others, half and half,
are those whose failures a proposal is made from, and those that choose among proposals.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from protege.chat import prompted
from protege.errors import UserError
from protege.learning import Embedder, Lesson
from protege.learning.model import Model, Verdict
from protege.learning.rehearsal import answer_of, held_out
from protege.learning.variants import variant
from protege.learning.wording import draw, normalise
from protege.providers import Prompt
from protege.shapes import in_order
from protege.text import Text
from protege.training.weighing.questions import Row, once, read

HIDDEN = 6
"""One of so many answers is taken away."""
FEWEST = 5
"""Questions at least on either side of the proof, so as many lessons that are held out, or not."""
TOO_FEW = Text(
    "An instruction can be tuned from about 50 lessons on: too few of these {lessons} can be asked "
    "as a test. Teach more, or train without tuning.",
    "Настраивать инструкцию можно примерно от 50 уроков: из этих ({lessons}) слишком мало годится "
    "для проверки. Добавьте уроков или обучайте без настройки.",
)


class Rows(NamedTuple):
    """`study`: for proposals; `choose`: among proposals; `proof`: old against new, at the end."""

    study: list[Row]
    choose: list[Row]
    proof: list[Row]


class Sizes(NamedTuple):
    """How many questions there are at most: before the proof, and for it."""

    before: int
    proof: int

    @classmethod
    def of(cls, calls: int) -> "Sizes":
        """So many that a third of the calls proves and the rest is enough for some ten rounds."""
        return cls(min(24, max(16, calls // 12)), min(40, max(2 * FEWEST, calls // 6)))


class _Asked(NamedTuple):
    question: str
    lessons: list[Lesson]
    taught: bool


def rows_of(model: Model, embedder: Embedder, space: str, locale: str, sizes: Sizes) -> Rows:
    """Choose the questions, always the same for the same lessons. Raises UserError: too few."""
    twin, asked = _prepared(list(model.lessons), model, sizes)
    vectors = embedder.embed([one.question for one in asked]) if asked else ()
    found: dict[bool, list[Row]] = {True: [], False: []}
    for one, vector in zip(asked, vectors, strict=True):
        verdict = twin.answer(one.question, vector)
        if _fair(one, verdict):
            row = _row(one, prompted(verdict, one.question, "", locale, f"{space}/tune"))
            found[held_out(one.lessons[0].input)].append(row)
    before, proof = found[False], found[True]
    if any(sum(bool(row.expected) for row in side) < FEWEST for side in (before, proof)):
        raise UserError(TOO_FEW, lessons=len(model.lessons))
    if len(before) < 2 * FEWEST:
        return Rows(before, before, proof)
    study, choose = _halves(before)
    return Rows(study, choose, proof)


def _halves(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Half of each kind on either side."""
    taught = [row for row in rows if row.expected]
    untaught = [row for row in rows if not row.expected]
    return taught[::2] + untaught[::2], taught[1::2] + untaught[1::2]


def pack(rows: Rows) -> bytes:
    """As a file."""
    return json.dumps(rows, ensure_ascii=False).encode()


def unpack(body: bytes) -> Rows:
    """What `pack` made."""
    return in_order(Rows, ([read(*row) for row in side] for side in json.loads(body)))


def _prepared(lessons: Sequence[Lesson], model: Model, sizes: Sizes) -> tuple[Model, list[_Asked]]:
    """The questions, and the model without what must not be known while they are asked."""
    answers: defaultdict[str, set[str]] = defaultdict(set)
    questions: defaultdict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        questions[normalise(lesson.input)].append(lesson)
        if lesson.good:
            answers[answer_of(lesson)].add(normalise(lesson.input))
    hidden = set(sorted(answers, key=draw)[: max(1, len(answers) // HIDDEN)])
    gone = {lesson.id for lesson in lessons if answer_of(lesson) in hidden}
    asked = []
    for question in _chosen(questions, hidden, sizes):
        group = questions[question]
        known = [answer_of(lesson) for lesson in group if lesson.good]
        one = _Asked(group[0].input, group, hidden.isdisjoint(known))
        if one.taught and all(len(answers[answer]) == 1 for answer in known):
            one = one._replace(question=variant(one.question))
        else:
            gone |= {lesson.id for lesson in group}
        asked.append(one)
    return model.without(gone), asked


def _chosen(questions: dict[str, list[Lesson]], hidden: set[str], sizes: Sizes) -> list[str]:
    """Questions of both kinds, drawn; a quarter of each side may be about hidden answers."""
    drawn = sorted(questions, key=lambda question: (draw(question) // 5, question))
    chosen = []
    for proof, most in ((False, sizes.before), (True, sizes.proof)):
        side = [q for q in drawn if held_out(q) == proof and any(x.good for x in questions[q])]
        about = {q: hidden.isdisjoint(map(answer_of, questions[q])) for q in side}
        away = [q for q in side if not about[q]][: most // 4]
        known = [q for q in side if about[q]]
        chosen += known[: most - len(away)] + away
    return chosen


def _fair(asked: _Asked, verdict: Verdict) -> bool:
    """Whether an instruction can make a difference: what is shown decides nothing wrongly."""
    if not asked.taught:
        return verdict.lesson is None
    right = {answer_of(lesson) for lesson in asked.lessons if lesson.good}
    shown = {answer_of(hit.lesson) for hit in verdict.hits if hit.lesson.good}
    told = answer_of(verdict.lesson) if verdict.lesson else ""
    return bool(right & shown) and (not told or told in right)


def _row(asked: _Asked, prompt: Prompt) -> Row:
    expected = once(x.good for x in asked.lessons) if asked.taught else ()
    return Row(prompt, expected, once(x.bad for x in asked.lessons))
