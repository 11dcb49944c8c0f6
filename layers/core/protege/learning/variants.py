"""A question asked a little differently, always in the same way."""

from protege.learning.wording import draw, words


def variant(text: str) -> str:
    """The text without one of its words; of two words or fewer, with two letters swapped."""
    found = words(text)
    if len(found) > 2:
        gone = draw(text) % len(found)
        return " ".join(found[:gone] + found[gone + 1 :])
    return _swapped(" ".join(found), draw(text))


def _swapped(text: str, number: int) -> str:
    if len(text) < 2:
        return text
    at = number % (len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
