"""Dots that end no sentence."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_LAST = _words(
    "mr mrs ms dr prof sr jr st mt vs e.g i.e approx fig vol pp no cf viz gen sen rep gov capt sgt "
    "univ assn prov dist incl excl orig abbr "
    "т.е т.к т.н т.о напр см ср рис стр им ул пр пл наб пер бул проф акад тов гр гр-н св ред изд "
    "гл п пп обл р-н дер пос тел кв корп"
)
"""What is meant comes after them."""
SELDOM_LAST = _words(
    "etc a.m p.m inc ltd co corp est dept u.s u.k u.n ph.d b.c a.d al "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "т.д т.п др пр г гг в вв н.э руб коп тыс млн млрд трлн мин сек ч час км м кг шт чел д стр "
    "янв февр фев апр авг сент сен окт нояб дек"
)
"""They end a sentence where a capital letter follows."""
LAST_WORD = re.compile(r"[^\s(\[{\"'«“„]+$")
INITIAL = re.compile(r"(?:[A-HJ-ZА-ЯЁ]|(?:[A-ZА-ЯЁ]\.\s?)+[A-ZА-ЯЁ])").fullmatch
"""J. K. Rowling; but "So do I." ends."""
WHOLE_WORD = 4
"""Letters that no abbreviation has which is missing here."""
NUMBER = re.compile(r"(?:^|\n)\s*\d{1,3}$").search


def ends(before: str, after: str) -> bool:
    """Whether a dot between these is the end. `after`: the next letter; empty: the line ends."""
    if NUMBER(before):
        return False  # 1. the item of a list
    if not after:
        return True
    found = LAST_WORD.search(before)
    word = found.group() if found else ""
    plain = word.lower()
    if INITIAL(word) or (plain in NEVER_LAST and (plain != "no" or after.isdigit())):
        return False
    if after.islower():  # some people never write a capital letter
        return len(word) >= WHOLE_WORD and plain not in SELDOM_LAST
    return plain not in SELDOM_LAST or after.isupper()
