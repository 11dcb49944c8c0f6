"""How much of a file is read."""

from typing import NamedTuple

from protege.datasets.rows import LONGEST_ANSWER, LONGEST_INPUT, MOST_ROWS


class Limits(NamedTuple):
    """Bounds of one `read`. What lies beyond one is a Problem, never an exception."""

    rows: int = MOST_ROWS
    """Rows and problems together."""
    input: int = LONGEST_INPUT
    """Characters of a question."""
    answer: int = LONGEST_ANSWER
    """Characters of an answer."""
    line: int = 1 << 20
    """Characters of a line, of a row that goes over several, of an element of an array."""
    lines: int = 25 * MOST_ROWS
    """Lines of all files together: also those that give no row take their time."""
    raw: int = 20_000
    """Characters that a Problem keeps of its row."""
    packed: int = 256 << 20
    """Bytes of an archive, which is put on disk: a Lambda has 512 MB there."""
    unpacked: int = 1 << 30
    """Bytes of all that comes out of archives."""
    ratio: int = 300
    """Bytes that may come out of one of an archive's; rows of data give some 5 to 50."""
    entries: int = 1000
    """Files in an archive."""
    nested: int = 1
    """Archives within one another."""


DEFAULT = Limits()
