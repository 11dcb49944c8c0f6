"""Which language a sentence is in, as far as its letters tell."""

import re

CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ]")
LATIN = re.compile(r"[A-Za-zÀ-ž]")
WRITTEN_SO = frozenset({"ru", "uk", "bg"})
"""Discord's locales that are written in Cyrillic letters."""


def language_of(text: str, usual: str) -> str:
    """The guild's usual language, unless most letters are of the other script: nobody understands
    Russian that is read by an English voice.
    """
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    if usual.partition("-")[0] in WRITTEN_SO:
        return "en-US" if latin and not cyrillic else usual
    return "ru" if cyrillic > latin else usual
