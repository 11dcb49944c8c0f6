"""What was taught between two versions, in memory of two hashes for each question."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

from protege.datasets.writing import cells, harmless
from protege.learning import Lesson
from protege.learning.wording import draw

SHOWN = 3
Stream = Callable[[], Iterable[Lesson]]


class Changes(NamedTuple):
    """Counts are of questions; `kinds` says of each that is not the same what became of it."""

    old: Stream
    new: Stream
    kinds: Mapping[int, str]
    """By `draw` of the question: added, removed or changed."""
    same: int
    samples: Mapping[str, list[str]]

    @property
    def added(self) -> int:
        """Questions that only the new one knows."""
        return self._count("added")

    @property
    def removed(self) -> int:
        """Questions that only the old one knows."""
        return self._count("removed")

    @property
    def changed(self) -> int:
        """Questions that both know with other answers."""
        return self._count("changed")

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.kinds)

    def csv(self) -> Iterator[bytes]:
        """All differences: what was before, then what is now. UTF-8 with a BOM."""
        head = cells("change", "version", "question", "answer", "bad")
        yield head.encode("utf-8-sig")
        for side, stream in (("before", self.old), ("after", self.new)):
            for lesson in stream():
                kind = self.kinds.get(draw(lesson.input))
                if kind:
                    texts = map(harmless, (lesson.input, lesson.good, lesson.bad))
                    yield cells(kind, side, *texts).encode()

    def _count(self, kind: str) -> int:
        return sum(found == kind for found in self.kinds.values())


def changes(old: Stream, new: Stream) -> Changes:
    """Compare two versions' lessons by question and answers. The streams are read three times."""
    before, after = _answers(old()), _answers(new())
    kinds = {q: "added" for q in after.keys() - before.keys()}
    kinds |= {q: "removed" for q in before.keys() - after.keys()}
    both = before.keys() & after.keys()
    kinds |= {q: "changed" for q in both if before[q] != after[q]}
    same = len(before.keys() | after.keys()) - len(kinds)
    samples = {
        "added": _some(new(), kinds, "added"),
        "removed": _some(old(), kinds, "removed"),
        "changed": _some(new(), kinds, "changed"),
    }
    return Changes(old, new, kinds, same, samples)


def _answers(lessons: Iterable[Lesson]) -> dict[int, int]:
    """What is answered to each question, in whatever order: the sum of its answers' hashes."""
    found: dict[int, int] = {}
    for lesson in lessons:
        question = draw(lesson.input)
        body = f"{lesson.good}\0{lesson.bad}".encode()
        answer = int.from_bytes(blake2b(body, digest_size=8).digest())
        found[question] = found.get(question, 0) + answer
    return found


def _some(lessons: Iterable[Lesson], kinds: Mapping[int, str], kind: str) -> list[str]:
    found = []
    for lesson in lessons:
        if kinds.get(draw(lesson.input)) == kind:
            found.append(f"{lesson.input} → {lesson.good or f'✗ {lesson.bad}'}")
        if len(found) == SHOWN:
            break
    return found
