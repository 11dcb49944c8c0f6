"""What is remembered of the rows seen so far, in arrays of a fixed size."""

from array import array

MOST_ROWS = 250_000
"""Rows that are remembered to compare later ones with; further rows are only compared."""
SHOWN = 100
"""Characters of a question that are kept to show it."""
ALL_BITS = (1 << 64) - 1


def key(*parts: object) -> int:
    """A 64-bit number for some texts, never 0; it holds within this process only."""
    return hash(parts) & ALL_BITS or 1


class Firsts:
    """Keys, each with the value it came with first: open addressing over two arrays.

    `bits`: there are 2**bits slots, of 16 bytes each. Three quarters full it learns no new keys.
    """

    def __init__(self, bits: int = 20) -> None:
        self._mask = (1 << bits) - 1
        self._keys = array("Q", bytes(8 << bits))
        self._values = array("Q", bytes(8 << bits))
        self._left = 3 << (bits - 2)

    def first(self, key: int, value: int) -> int:
        """The value kept under a key; where there is none, 0, and `value` (not 0) is kept."""
        slot = self._slot(key)
        if self._keys[slot]:
            return self._values[slot]
        if self._left:
            self._left -= 1
            self._keys[slot], self._values[slot] = key, value
        return 0

    def get(self, key: int) -> int:
        """The value kept under a key, or 0."""
        slot = self._slot(key)
        return self._values[slot] if self._keys[slot] else 0

    def replace(self, key: int, value: int) -> None:
        """Keep another value under a key that is there."""
        self._values[self._slot(key)] = value

    def _slot(self, key: int) -> int:
        keys, mask = self._keys, self._mask
        slot = key & mask
        while keys[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot


class Shelf:
    """Where each remembered row stands and how its question begins, by ordinal from 1."""

    def __init__(self) -> None:
        self._numbers = array("Q")
        self._files = array("H")
        self._names: dict[str, int] = {"": 0}
        self._texts = bytearray()
        self._ends = array("L", [0])

    def add(self, number: int, file: str, text: str) -> int:
        """Remember a row; return its ordinal, or 0 when the shelf is full."""
        if len(self._numbers) >= MOST_ROWS:
            return 0
        self.open(file)
        self._numbers.append(number)
        self._files.append(self._names.get(file, 0))
        self._texts += text[:SHOWN].encode("utf-8", "surrogatepass")
        self._ends.append(len(self._texts))
        return len(self._numbers)

    def open(self, file: str) -> None:
        """Rows of this file follow."""
        if len(self._names) <= 0xFFFF:
            self._names.setdefault(file, len(self._names))

    @property
    def files(self) -> int:
        """How many files the rows stand in."""
        return max(1, len(self._names) - 1)

    def where(self, ordinal: int) -> tuple[int, str]:
        """Number of the row and name of its file."""
        index = self._files[ordinal - 1]
        name = next(name for name, at in self._names.items() if at == index)
        return self._numbers[ordinal - 1], name

    def text(self, ordinal: int) -> str:
        """How the row's question begins."""
        part = self._texts[self._ends[ordinal - 1] : self._ends[ordinal]]
        return part.decode("utf-8", "surrogatepass")
