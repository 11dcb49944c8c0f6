"""Sentences, as soon as they are complete."""

import re
from collections.abc import Iterator

from voice_worker.sentences.abbreviations import ends

LONGEST = 240
"""Letters; longer sentences are cut between clauses: people cannot take a breath in them either."""
EARLY = 40
"""Letters from which on the very first sentence may end with a clause: somebody is waiting."""
SHORTEST = 60
"""Letters that a clause cut out of a long sentence has at least."""
UNBROKEN = 1000
"""A word this long is no word."""
FENCE = re.compile(r"```|~~~")
STOP = re.compile(
    r"(?P<line>\n)"
    r"|(?P<fence>(?:```|~~~))"
    r"|(?P<full>[。！？])[」』”）]*"
    r"|(?P<mark>[.!?…।]+)(?P<closers>[\"»”’')\]*_~|]*)(?P<gap>[ \t\xa0]+|(?=\n))"
)
ADDRESS = re.compile(r"\]\([^)\s]*$")
CLAUSE = re.compile(r"[,;:][\"»”)]*\s+|\s[—–-]\s+|[，；：、]")


class Sentences:
    """Give it text in pieces of any length; it gives sentences back. Blocks of code and tables are
    not taken apart. No letter is lost; white space at the ends is.
    """

    def __init__(self) -> None:
        self._text = ""
        self._first = True

    def push(self, piece: str) -> list[str]:
        """What is complete now: after a full stop the next word's beginning has to be seen."""
        self._text += piece.replace("\r", "")
        return list(self._complete())

    def end(self) -> list[str]:
        """What is left."""
        self._text += "\n"
        found = [*self._complete(), self._text.strip()]
        self._text, self._first = "", True
        return [sentence for sentence in found if sentence]

    def _complete(self) -> Iterator[str]:
        while (size := _end(self._text, self._first)) is not None:
            sentence, self._text = self._text[:size].strip(), self._text[size:]
            if sentence:
                self._first = False
                yield sentence


def cut(text: str, most: int) -> tuple[str, bool]:
    """The first sentences of a text, `most` letters at most (one sentence at least, itself cut
    between clauses where it is long), and whether that is not all.
    """
    rest = text.replace("\r", "") + "\n"
    size = 0
    while (more := _end(rest[size:], False)) is not None:
        if size and len(rest[: size + more].strip()) > most:
            return rest[:size].strip(), True
        size += more
    return rest.strip(), False


def _end(text: str, first: bool) -> int | None:
    """How many letters the next sentence has; None: that cannot be told yet."""
    start = len(text) - len(text.lstrip())
    if FENCE.match(text, start):
        return _end_of_code(text, start)
    if text.startswith("|", start) and not text.startswith("||", start):
        return _end_of_table(text, start)
    size = _stop(text, start)
    if (size or len(text)) - start > LONGEST:
        return _clause(text, start, SHORTEST, LONGEST) or size
    if first and size is None:
        return _clause(text, start, EARLY, LONGEST)
    return size


def _end_of_code(text: str, start: int) -> int | None:
    closing = text.find(text[start : start + 3], start + 3)
    return None if closing < 0 else closing + 3


def _end_of_table(text: str, start: int) -> int | None:
    """Up to the first line that is no row; a row that just ends may be followed by another."""
    at = start
    while (line := text.find("\n", at)) >= 0:
        at = line + 1
        if at < len(text) and text[at] != "|":
            return at
    return None


def _stop(text: str, start: int) -> int | None:
    for found in STOP.finditer(text, start):
        if found["line"]:
            return found.end()
        if found["fence"]:
            return found.start()
        if not _open(text[start : found.start()]) and (found["full"] or _ends(text, start, found)):
            return found.end()
    return None


def _ends(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether it is the end of a sentence that stands there, as far as can be seen."""
    rest = text[found.end() :].lstrip(" \t\xa0\"'«“„(*_~|[")
    if not rest:
        return False
    after = "" if rest[0] == "\n" else rest[0]
    if found["mark"] == ".":
        return ends(text[start : found.start()], after)
    return not (after.islower() and found["closers"])  # "Why?" he asked.


def _open(before: str) -> bool:
    """Whether it lies in `code` or in a [link's text](address)."""
    last = before.rfind("[")
    in_text = last >= 0 and "]" not in before[last:]
    return in_text or before.count("`") % 2 == 1 or bool(ADDRESS.search(before))


def _clause(text: str, start: int, least: int, most: int) -> int | None:
    """Where the last clause within `most` letters ends (of the first sentence: its first one)."""
    ends = [found.end() for found in CLAUSE.finditer(text, start + least, start + most)]
    ends = [end for end in ends if end < len(text) and not _open(text[start:end])]
    if ends:
        return ends[0] if least == EARLY else ends[-1]
    return _between_words(text, start, most) if least == SHORTEST else None


def _between_words(text: str, start: int, most: int) -> int | None:
    space = text.rfind(" ", start, start + most)
    if space < 0:
        space = text.find(" ", start + most, start + UNBROKEN)
    if space >= 0:
        return space + 1
    return start + UNBROKEN if len(text) - start > UNBROKEN else None
