"""Secrets and personal data in rows: found, and shown only masked."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from protege.datasets.report.patterns import CARD, MAIL, PASSWORD, PHONE, TOKENS, Leak

LONG_WORD = 20
"""Keys and tokens have at least so many characters without a space."""
LONG_NUMBER = re.compile(r"[0-9](?:[ \t\xa0().‑–-]{0,3}[0-9]){9}")


class Found(NamedTuple):
    """Something found; `shown` is masked."""

    leak: Leak
    shown: str


def leaks(text: str) -> list[Found]:
    """All that is found in a text."""
    return [Found(leak, leak.mask(match[0])) for leak, match in _matches(text)]


def masked(text: str, *, personal: bool = True) -> str:
    """A text with all that is found in it masked; addresses and numbers only if `personal`."""
    for leak in _suspects(text):
        if leak.kind == "personal" and not personal:
            continue
        text = leak.pattern.sub(lambda m, leak=leak: _shown(leak, m[0]), text)  # type: ignore[misc]
    return text


def _shown(leak: Leak, match: str) -> str:
    return leak.mask(match) if leak.real(match) else match


def _matches(text: str) -> Iterator[tuple[Leak, re.Match[str]]]:
    taken: list[tuple[int, int]] = []
    for leak in _suspects(text):
        for match in leak.pattern.finditer(text):
            inside = any(match.start() < end and start < match.end() for start, end in taken)
            if leak.real(match[0]) and not inside:
                taken.append(match.span())
                yield leak, match


def _suspects(text: str) -> Iterator[Leak]:
    """What may be in a text, most telling first; nearly all texts are done with here, and fast."""
    if max(map(len, text.split()), default=0) >= LONG_WORD:
        yield from TOKENS
    if "=" in text or ":" in text:
        yield PASSWORD
    numbers = LONG_NUMBER.search(text)
    if numbers:
        yield CARD
    if "@" in text:
        yield MAIL
    if numbers:
        yield PHONE
