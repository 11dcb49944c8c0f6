"""Questions and answers in plain text and Markdown, line by line.

`Q:` and `A:` in several spellings, headings with the text beneath, `question => answer`, lists of
`- question: answer`. What is between two questions belongs to the answer above.
"""

import re
from collections.abc import Iterator, Sequence

from protege.datasets.reading.fields import Maker
from protege.datasets.reading.lines import Overlong
from protege.datasets.reading.words import NO_QUESTION_ABOVE, TOO_LONG, filled
from protege.datasets.rows import Problem, Row
from protege.text import Text

BEFORE = r"\s*(?:>\s*)?(?:[-*+•]\s+|#{1,6}\s+|\d{1,6}[.)]\s+)?"
WORD_END = r"\s*(?:№?\s*\d{1,6})?\s*[:.)]"
BOLD = r"(?:\*\*|__)"


def _mark(words: str, letters: str) -> re.Pattern[str]:
    """`Q:`, `Q.`, `Q1:`, `**Q:**`, `**Q**:`, `**Q**`, `### Question 3.`; text follows."""
    said = rf"(?:(?:{words}){WORD_END}|(?:{letters})(?:\d{{0,6}}\s*:|\.))"
    bold = rf"{BOLD}(?:{words}|{letters})\s*\d{{0,6}}\s*[:.)]?{BOLD}\s*[:.)]?"
    return re.compile(rf"{BEFORE}(?:{bold}|{said}{BOLD}?|{BOLD}{said})\s*", re.IGNORECASE)


ASKED = _mark("Question|Вопрос", "Q|В")
ANSWERED = _mark("Answer|Ответ", "A|А|О")
HEADING = re.compile(r" {0,3}#{1,6}\s+((?:.*?[^\s#])?)\s*(?:#+\s*)?")
BOLD_QUESTION = re.compile(rf"{BEFORE}{BOLD}([^*_]+\?){BOLD}\s*")
PAIR = re.compile(r"(?:[-*+•]\s+|\d{1,6}[.)]\s+)?(.*?\S)\s*(?:=>|->|→|\t)\s*(.+)")
"""What ends in no space: else each of many would be tried as its end, for hours in a long line."""
ARROW = re.compile("=>|->|→").search
ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,6}[.)])\s+((?:(?!: ).)+): ((?:(?!: ).)+)")
FENCE = re.compile(r"\s*(?:```|~~~)").match


class Block:
    """A question and what has been gathered beneath it. `marked`: by `Q:`, not by a heading."""

    def __init__(self, question: str, marked: bool, room: int, line: str) -> None:
        self.marked = marked
        self.answered = not marked
        self.raw = [line]
        self._question = [question]
        self._answer: list[str] = []
        self._room = room

    def add(self, text: str, line: str) -> None:
        """Another line of the question or the answer; beyond the bound it only counts."""
        self._room -= len(line) + 1
        if self._room >= 0:
            (self._answer if self.answered else self._question).append(text)
            self.raw.append(line)

    def answer(self, text: str, line: str) -> None:
        """The answer begins."""
        self.answered = True
        self.add(text, line)

    @property
    def bare(self) -> bool:
        """A heading with nothing beneath: a section's title."""
        return not self.marked and not any(map(str.strip, self._answer)) and self._room >= 0

    def row(self, number: int, make: Maker) -> Row | Text:
        """The row that it makes."""
        if self._room < 0:
            return filled(TOO_LONG, limit=make.limits.line)
        return make.pair(number, "\n".join(self._question), "\n".join(self._answer))


class Prose:
    """Reads line by line; `block` is the question that is being answered."""

    def __init__(self, make: Maker) -> None:
        self._make = make
        self._block: Block | None = None
        self._fenced = False
        self._number = 0

    def see(self, line: str) -> Iterator[Row | Problem]:
        """Take a line; give what has become complete by it."""
        if isinstance(line, Overlong):
            yield from self.end()
            yield self._item(filled(TOO_LONG, limit=self._make.limits.line), line)
        elif not line and not self._block:
            return
        elif self._block and (self._fenced or FENCE(line)):
            self._fenced ^= bool(FENCE(line))
            self._block.add(line, line)
        elif begun := self._begun(line):
            yield from self.end()
            self._block = begun
        elif self._block:
            yield from self._go_on(self._block, line)
        elif line.strip():
            yield self._single(line)

    def end(self) -> Iterator[Row | Problem]:
        """What is complete when nothing follows."""
        block, self._block, self._fenced = self._block, None, False
        if block and not (block.bare and self._make.answers):
            self._number += 1
            made = block.row(self._number, self._make)
            raw = "\n".join(block.raw)
            yield self._make.problem(self._number, made, raw) if isinstance(made, Text) else made

    def _begun(self, line: str) -> Block | None:
        room = self._make.limits.line
        if found := ASKED.match(line):
            return Block(_bare(line[found.end() :]), True, room, line)
        if ANSWERED.match(line):
            return None
        if (found := HEADING.fullmatch(line) or BOLD_QUESTION.fullmatch(line)) and found[1]:
            return Block(_bare(found[1]), False, room, line)
        return None

    def _go_on(self, block: Block, line: str) -> Iterator[Row | Problem]:
        found = ANSWERED.match(line)
        if found and (block.marked or block.bare):
            block.answer(_bare(line[found.end() :]), line)
        elif block.bare and "?" not in block.raw[0] and PAIR.fullmatch(line.strip()):
            yield self._single(line)  # a heading above a list of pairs
        else:
            block.add(line, line)

    def _single(self, line: str) -> Row | Problem:
        text = line.strip()
        if found := PAIR.fullmatch(text) or ITEM.fullmatch(text):
            return self._item(found.groups(), line)
        if ANSWERED.match(line):
            return self._item(NO_QUESTION_ABOVE, line)
        return self._item((text,), line)

    def _item(self, found: tuple[str, ...] | Text, line: str) -> Row | Problem:
        self._number += 1
        made = found if isinstance(found, Text) else self._make.pair(self._number, *found)
        return self._make.problem(self._number, made, line) if isinstance(made, Text) else made


def rows(lines: Iterator[str], make: Maker) -> Iterator[Row | Problem]:
    """A row or a problem for every question and for every line that belongs to none."""
    prose = Prose(make)
    for line in lines:
        yield from prose.see(line)
    yield from prose.end()


def marked(lines: Sequence[str]) -> bool:
    """Whether questions are marked as such, by letters or as headings."""
    headings = any(map(HEADING.fullmatch, lines))
    return headings or (any(map(ASKED.match, lines)) and any(map(ANSWERED.match, lines)))


def arrows(lines: Sequence[str]) -> bool:
    """Whether most lines are `question => answer`."""
    found = [bool(ARROW(line)) for line in lines if line.strip()]
    return sum(found) * 2 > len(found)


def _bare(text: str) -> str:
    """A question without the asterisks that make it bold as a whole."""
    found = text.strip()
    return found[2:-2] if len(found) > 4 and found[:2] == found[-2:] == "**" else found
