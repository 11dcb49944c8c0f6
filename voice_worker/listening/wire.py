"""How the worker and the process that recognises speech talk: short records over two pipes."""

import json
import struct
from typing import Any, Literal, NamedTuple

HEAD = struct.Struct("!cII")
"""Kind, number of the utterance, bytes that follow."""
Kind = Literal["begin", "feed", "end", "drop", "ready", "words", "trouble"]
LETTERS: dict[Kind, bytes] = {
    "begin": b"B",
    "feed": b"F",
    "end": b"E",
    "drop": b"D",
    "ready": b"R",
    "words": b"W",
    "trouble": b"X",
}
KINDS = {letter: kind for kind, letter in LETTERS.items()}


class Record(NamedTuple):
    """One of them. `number`: 0 where it is about no utterance."""

    kind: Kind
    number: int
    body: bytes = b""

    def packed(self) -> bytes:
        """As it travels."""
        return HEAD.pack(LETTERS[self.kind], self.number, len(self.body)) + self.body

    @property
    def said(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


def telling(kind: Kind, number: int, **said: Any) -> Record:
    """A record that carries JSON."""
    return Record(kind, number, json.dumps(said).encode())


def head(raw: bytes) -> tuple[Kind, int, int]:
    """Kind, number and length of what follows."""
    letter, number, length = HEAD.unpack(raw)
    return KINDS[letter], number, length
