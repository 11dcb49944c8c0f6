"""Looks at rows as they pass by; whatever their number, it holds some tens of MB and no more."""

from collections.abc import Iterable

from protege.datasets.report import advice
from protege.datasets.report.figures import Place, Report, Tokens
from protege.datasets.report.history import Echo, History, Said
from protege.datasets.report.languages import language
from protege.datasets.report.leaks import leaks, masked
from protege.datasets.report.memory import SHOWN, Shelf
from protege.datasets.report.nearness import Near, Question
from protege.datasets.report.tally import Findings, Measure
from protege.datasets.report.tokens import tokens
from protege.datasets.rows import Problem, Row
from protege.learning.wording import normalise

LONG_ANSWER = 2000
"""Characters of a message on Discord; longer answers come in several."""
LONG_QUESTION = 1000
"""Characters. The sentence model reads 256 pieces of words, about so many characters of English."""
PLACEHOLDERS = frozenset(
    ("n/a", "#n/a", "na", "nan", "null", "none", "undefined", "todo", "tbd", "tba", "xxx")
)
MARKS = frozenset("-—–_.…?*/\\#=~ ")
LONGEST_NOTHING = 20
BRIEF = 48
"""Characters of a question that are shown."""
plain = normalise.__wrapped__
"""Without the cache, which would hold on to thousands of long texts."""


class Inspector:
    """`see` each row and each problem once, then ask for the `report`."""

    def __init__(self) -> None:
        self._findings = Findings()
        self._shelf = Shelf()
        self._history = History()
        self._near = Near(lambda ordinal: plain(self._shelf.text(ordinal)))
        self._languages = {"en": 0, "ru": 0, "other": 0}
        self._questions, self._answers = Measure(), Measure()
        self._tokens = [0.0, 0.0, 0.0]
        self._rows = self._good = self._answered = self._pairs = 0

    def see(self, item: Row | Problem) -> None:
        """Look at the next row, or at what is wrong with it."""
        self._rows += 1
        if isinstance(item, Problem):
            self._shelf.open(item.file)
            self._findings.add("rejected", item.why, Place(item.number, item.file))
        else:
            self._good += 1
            self._measure(item)
            shown = self._look_for_leaks(item)
            self._look_at_answers(item)
            self._compare(item, shown)

    def report(self) -> Report:
        """All that was found so far."""
        self._note_near(self._near.rest())
        return Report(
            rows=self._rows,
            good=self._good,
            answered=self._answered,
            pairs=self._pairs,
            files=self._shelf.files,
            findings=tuple(self._findings.all()),
            languages=dict(self._languages),
            questions=self._questions.lengths(),
            answers=self._answers.lengths(),
            tokens=Tokens(*map(round, self._tokens)),
        )

    def _measure(self, row: Row) -> None:
        self._answered += bool(row.good)
        self._questions.add(row.input)
        for answer in filter(None, (row.good, row.bad)):
            self._answers.add(answer)
        for at, text in enumerate((row.input, row.good, row.bad)):
            self._tokens[at] += tokens(text)
        self._languages[language(f"{row.input}\n{row.good or row.bad}")] += 1

    def _look_for_leaks(self, row: Row) -> str:
        """Note what should not be taught; return the question as it may be shown."""
        found = leaks(f"{row.input}\n{row.good}\n{row.bad}")
        for leak in {f.leak.what: f for f in reversed(found)}.values():
            place = Place(row.number, row.file, sample=leak.shown)
            self._findings.add(leak.leak.kind, leak.leak.what, place)
        return masked(row.input) if found else row.input

    def _look_at_answers(self, row: Row) -> None:
        place = Place(row.number, row.file)
        for answer in filter(None, (row.good, row.bad)):
            if says_nothing(answer):
                self._findings.add("placeholder", advice.PLACEHOLDER, place)
            elif len(answer) > LONG_ANSWER:
                self._findings.add("long_answer", advice.LONG_ANSWER, place)
        if len(row.input) > LONG_QUESTION:
            self._findings.add("long_question", advice.LONG_QUESTION, place)

    def _compare(self, row: Row, shown: str) -> None:
        ordinal = self._shelf.add(row.number, row.file, " ".join(shown[: 2 * SHOWN].split()))
        said = Said(plain(row.input), plain(row.good), plain(row.bad))
        echo = self._history.echo(said, ordinal)
        self._pairs += echo.pairs
        self._note_echo(row, echo)
        if not echo.asked:
            question = Question(
                ordinal, row.number, row.file, said.question if shown is row.input else plain(shown)
            )
            self._note_near(self._near.add(question))

    def _note_echo(self, row: Row, echo: Echo) -> None:
        if echo.repeats:
            self._note("duplicate", row.number, row.file, echo.repeats)
        elif echo.contradicts:
            self._note("contradiction", row.number, row.file, echo.contradicts)

    def _note_near(self, pairs: Iterable[tuple[Question, int]]) -> None:
        for question, earlier in pairs:
            self._note("near", question.number, question.file, earlier, question.text)

    def _note(self, kind: str, number: int, file: str, earlier: int, text: str = "") -> None:
        what = advice.WHAT[kind]
        place = Place(number, file)
        if self._findings.wants(kind, what):
            other, other_file = self._shelf.where(earlier)
            first = brief(self._shelf.text(earlier))
            sample = f"{first} | {brief(text)}" if text else first
            place = Place(number, file, other, other_file, sample)
        self._findings.add(kind, what, place)


def says_nothing(answer: str) -> bool:
    """Whether an answer only fills the place of one: `n/a`, `TODO`, dashes."""
    if len(answer) > LONGEST_NOTHING:
        return False
    return set(answer) <= MARKS or answer.strip(" .?!").casefold() in PLACEHOLDERS


def brief(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= BRIEF else f"{line[: BRIEF - 1]}…"
