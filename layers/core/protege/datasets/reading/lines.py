"""A stream of text cut into lines, none longer than a bound."""

from collections.abc import Iterable, Iterator


class Overlong(str):
    """The beginning of a line that was too long and whose rest was skipped."""


def batches(texts: Iterable[str], longest: int, end: str = "\n") -> Iterator[list[str]]:
    """Lines without their ends, many at a time."""
    tail, skipping = "", False
    for text in texts:
        lines = (tail + text).split(end) if tail else text.split(end)
        tail = lines.pop()
        if skipping and lines:
            del lines[0]
            skipping = False
        if len(text) > longest:
            lines = [_cut(line, longest) for line in lines]
        elif lines:  # only the first was joined from several pieces
            lines[0] = _cut(lines[0], longest)
        if skipping or len(tail) > longest:
            lines += [] if skipping else [_cut(tail, longest)]
            tail, skipping = "", True
        yield lines
    if tail:
        yield [tail]


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else Overlong(line[:longest])


def lines(texts: Iterable[str], longest: int, end: str = "\n") -> Iterator[str]:
    """Lines without their ends, whichever kind those are."""
    for batch in batches(texts, longest, end):
        for line in batch:
            yield line[:-1] if line.endswith("\r") and type(line) is str else line


def line_end(sample: str) -> str:
    """What the lines of a text end with: old Macs wrote a carriage return alone."""
    return "\r" if "\r" in sample and "\n" not in sample else "\n"
