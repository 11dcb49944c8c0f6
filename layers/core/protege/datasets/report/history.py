"""What earlier rows said: repeats, contradictions, pairs of a right and a wrong answer."""

from typing import NamedTuple

from protege.datasets.report.memory import Firsts, key

ORDINAL_BITS = 32
ORDINAL = (1 << ORDINAL_BITS) - 1


class Said(NamedTuple):
    """A row as it is compared: normalised, a missing answer empty."""

    question: str
    good: str
    bad: str


class Echo(NamedTuple):
    """How a row relates to earlier ones: their ordinals, 0 where there is none."""

    repeats: int = 0
    contradicts: int = 0
    asked: int = 0
    """A row with the same question."""
    pairs: bool = False
    """Whether it makes its question one with both a right and a wrong answer."""


class History:
    """Remembers hashes of questions and answers, in a fixed size.

    The table holds, under hashes of different things: for a whole row its ordinal; for a question
    its first row and half a hash of its first right answer; for a wrong answer its row.
    """

    def __init__(self) -> None:
        self._firsts = Firsts()
        self._any_bad = False

    def echo(self, said: Said, ordinal: int) -> Echo:
        """Compare a row with the earlier ones and remember it (not where its ordinal is 0)."""
        repeats = self._keep(key(said), ordinal)
        if repeats:
            return Echo(repeats=repeats, asked=repeats)
        asked = self._keep(key("asked", said.question), ordinal)
        contradicts = self._other_good(said, ordinal) or self._opposite(said, ordinal)
        return Echo(0, contradicts, asked, self._makes_pair(said, ordinal))

    def _keep(self, key: int, ordinal: int) -> int:
        return self._firsts.first(key, ordinal) if ordinal else self._firsts.get(key)

    def _other_good(self, said: Said, ordinal: int) -> int:
        """An earlier row that gives another right answer to the same question."""
        if not said.good:
            return 0
        answer = key(said.good) >> ORDINAL_BITS
        found = self._keep(key("good", said.question), answer << ORDINAL_BITS | ordinal)
        return found & ORDINAL if found and found >> ORDINAL_BITS != answer else 0

    def _opposite(self, said: Said, ordinal: int) -> int:
        """An earlier row that calls right what this one calls wrong, or the other way about."""
        found = 0
        if said.bad:
            self._any_bad = True
            self._keep(key("bad", said.question, said.bad), ordinal)
            first = self._firsts.get(key("good", said.question))
            same = first >> ORDINAL_BITS == key(said.bad) >> ORDINAL_BITS
            found = first & ORDINAL if first and same else 0
        if said.good and self._any_bad and not found:
            found = self._firsts.get(key("bad", said.question, said.good))
        return found

    def _makes_pair(self, said: Said, ordinal: int) -> bool:
        """Each question counts once."""
        if said.bad:
            self._keep(key("wrong", said.question), ordinal)
        if not self._any_bad or not ordinal:
            return False
        both = self._firsts.get(key("good", said.question)) and self._firsts.get(
            key("wrong", said.question)
        )
        return bool(both) and not self._firsts.first(key("pair", said.question), ordinal)
