"""Sentences, as soon as they are complete."""

import re

END = re.compile(r"[.!?…]+[\"»”')\]]*\s+|\n+")


class Sentences:
    """Give it text in pieces of any length; it gives sentences back."""

    def __init__(self) -> None:
        self._text = ""

    def push(self, piece: str) -> list[str]:
        """What is complete now."""
        self._text += piece
        found = []
        while end := END.search(self._text):
            found.append(self._text[: end.end()].strip())
            self._text = self._text[end.end() :]
        return [sentence for sentence in found if sentence]

    def end(self) -> list[str]:
        """What is left."""
        rest, self._text = self._text.strip(), ""
        return [rest] if rest else []


def cut(text: str, most: int) -> tuple[str, bool]:
    """The first sentences of a text, `most` letters at most, and whether that is not all."""
    sentences = Sentences()
    kept = ""
    for sentence in [*sentences.push(text), *sentences.end()]:
        if kept and len(kept) + len(sentence) > most:
            return kept, True
        kept = f"{kept} {sentence}".strip()
    return kept, False
