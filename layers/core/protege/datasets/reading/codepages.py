"""Which code page of one byte a letter is a text in? Judged by how the words come out."""

import re

CYRILLIC = ("cp1251", "koi8-r", "cp866")
WESTERN = "cp1252"
OFTEN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
"""Russian letters by frequency. Source: the National Corpus of the Russian Language."""
WORTH = {letter: 2.0 - 3.0 * rank / len(OFTEN) for rank, letter in enumerate(OFTEN)}
WORD = re.compile(r"[^\W\d_]+")
CASED = re.compile(r"[А-ЯЁ]?[а-яё]+").fullmatch
CAPITALS = re.compile(r"[А-ЯЁ]+").fullmatch
FRAMES = re.compile("[\u2500-\u259f]")
STRANGE = re.compile(
    "[^\\W\\d_][\u2500-\u259f]|[\u2500-\u259f][^\\W\\d_]|[\u0400-\u040f\u0452-\u045f\x80-\x9f]"
)
"""Lines of tables within words, South Slavic letters, controls: seen where a code page is wrong."""


def likeliest(sample: bytes) -> str:
    """The name of the code page in which the sample reads best; cp1251 where nothing tells."""
    worth = {name: _russian(sample.decode(name, "replace")) for name in CYRILLIC}
    worth[WESTERN] = _western(sample.decode(WESTERN, "replace"))
    return max(worth, key=lambda name: worth[name])


def _russian(text: str) -> float:
    words = (word for word in WORD.findall(text) if not word.isascii())
    return sum(map(_word, words)) - len(FRAMES.findall(text)) - 4.0 * len(STRANGE.findall(text))


def _word(word: str) -> float:
    letters = [letter for letter in word.lower() if not letter.isascii()]
    if len(letters) < len(word):
        return -2.0 * len(letters)
    worth = sum(WORTH.get(letter, -1.0) for letter in letters)
    if CASED(word):
        return worth + 0.5 * len(word)
    return worth if CAPITALS(word) else worth - 1.5 * len(word)


def _western(text: str) -> float:
    found = 0.0
    for word in WORD.findall(text):
        strange = sum(not letter.isascii() for letter in word)
        found += strange * (2.0 if strange * 2 <= len(word) else -2.0)
    return found
