"""Which language a row is in: by its letters, then by its most usual words."""

import re

LOOKED_AT = 150
"""Characters that are looked at."""
RUN = re.compile(r"[^\W\d_]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
NOT_RUSSIAN = re.compile(r"[іїєґўјљњћђџќѓѕ]", re.IGNORECASE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SLAVIC = _set("що як та це від або він вони съм това къде който със ще")
"""Words that Ukrainian and Bulgarian use often and Russian does not."""
ENGLISH = _set(
    "the a an and or of to in is are was be been do does did how what when where why who which can "
    "could will would should i my me you your we our us it its this that these with for from on at "
    "by not no yes have has had there if please"
)
FOREIGN = _set(
    "der die das und ist nicht ein eine ich sie wir wie wo mit für von zu den dem auf "
    "le la les et est un une je vous nous que qui dans pour pas avec sur du des comment où "
    "el los las y es una yo usted nosotros qué cómo dónde con por para del mi su se "
    "il lo gli di che non sono ho come dove per della "
    "o os as e é um uma não você como onde com para meu minha "
    "jak gdzie jest nie się czy dla"
)
"""German, French, Spanish, Italian, Portuguese, Polish."""


def language(text: str) -> str:
    """`en`, `ru` or `other`; text without letters is `other`."""
    head = text[:LOOKED_AT].lower()
    if head.isascii():
        return _latin(head)
    letters, cyrillic = _count(RUN, head), _count(CYRILLIC, head)
    if cyrillic * 2 >= letters > 0:
        foreign = NOT_RUSSIAN.search(head) or SLAVIC.intersection(CYRILLIC.findall(head))
        return "other" if foreign else "ru"
    return _latin(head) if _count(LATIN, head) * 2 >= letters else "other"


def _latin(text: str) -> str:
    """English, if it says so or nothing speaks against it."""
    words = set(LATIN.findall(text))
    english, foreign = len(words & ENGLISH), len((words & FOREIGN) - ENGLISH)
    marked = not text.isascii() and any(not word.isascii() for word in words)
    certain = english > foreign or (english == foreign and not marked)
    return "en" if words and certain else "other"


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))
