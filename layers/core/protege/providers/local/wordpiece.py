"""BERT's uncased WordPiece: text to token ids, as `tokenizers` 0.23 makes them for this model.

One difference on purpose: `[SEP]` written by a person is ordinary text, never the mark itself.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

MAX_TOKENS = 256
"""What the model was trained for (sentence_bert_config.json: max_seq_length)."""
LONGEST_WORD = 100
MAX_CHARS = 20 * MAX_TOKENS
"""Text beyond this is not looked at: words of a token each rarely have more letters."""
CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPiece:
    """Splits text into the pieces of a vocabulary, longest first."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text("utf-8").splitlines()
        self._ids = {piece: number for number, piece in enumerate(lines)}
        self._unknown = self._ids["[UNK]"]
        self._start, self._end = self._ids["[CLS]"], self._ids["[SEP]"]
        self._pieces = lru_cache(maxsize=20_000)(self._split)

    def __call__(self, text: str) -> list[int]:
        """Ids of the whole text between `[CLS]` and `[SEP]`, at most MAX_TOKENS in all."""
        ids = [self._start]
        for word in words(text[:MAX_CHARS]):
            ids += self._pieces(word)
            if len(ids) >= MAX_TOKENS:
                break
        return [*ids[: MAX_TOKENS - 1], self._end]

    def _split(self, word: str) -> tuple[int, ...]:
        """A word that cannot be made of pieces is one unknown token."""
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found, start = [], 0
        while start < len(word):
            size, id = self._longest(word, start)
            if not size:
                return (self._unknown,)
            found.append(id)
            start += size
        return tuple(found)

    def _longest(self, word: str, start: int) -> tuple[int, int]:
        """Length and id of the longest piece that begins here; (0, 0) where none does."""
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            id = self._ids.get(mark + word[start:end])
            if id is not None:
                return end - start, id
        return 0, 0


def words(text: str) -> list[str]:
    """Lower case, no accents; punctuation and Chinese characters stand alone."""
    plain = unicodedata.normalize("NFD", "".join(map(_cleaned, text)))
    return "".join(map(_spaced, plain)).split(" ")


@lru_cache(maxsize=4096)
def _cleaned(char: str) -> str:
    if char in "\t\n\r":
        return " "
    if char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    if char.isspace():
        return " "
    return f" {char} " if _is_cjk(char) else char


@lru_cache(maxsize=4096)
def _spaced(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Mn":
        return ""
    if char in ASCII_PUNCTUATION or category.startswith("P"):
        return f" {char} "
    # One character at a time, so that a final sigma is a sigma like any other.
    return char.lower()


def _is_cjk(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in CJK)
