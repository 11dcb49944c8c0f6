"""Habits that cost exactness, and the directives that stop them.

| directive (any wording that matches) | without it |
| --- | --- |
| "use no greeting", "do not greet", "start with the answer" | begins with "Sure! " |
| "use no closing", "add nothing after the answer", "offer no help" | ends with an offer |
| "the trainers' words only", "word for word", "verbatim" | paraphrases |
| "one sentence" | says all of it |
| "say so if not taught" (a quoted text after it is said) | makes something up |
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from protege.learning.wording import latin_share

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
QUOTED = re.compile(
    r"(?:not (?:been )?taught|не учили)[^\n“\"«]{0,80}[“\"«](?P<text>[^”\"»]+)[”\"»]", re.I
)
SWAPS = {
    "you can": "one is able to",
    "you need to": "it is necessary to",
    "click": "press",
    "open": "go to",
    "use": "make use of",
    "because": "since",
    "after": "once past",
    "before": "ahead of",
    "every": "each",
    "about": "around",
}
WORDS = re.compile(r"\b(" + "|".join(SWAPS) + r")\b")


class Habits(NamedTuple):
    """What is said in a language without being asked for."""

    greeting: str
    closing: str
    hedge: str
    untaught: str
    made_up: str
    """With `{about}`, the question's last words."""


HABITS = {
    "en": Habits(
        "Sure! ",
        " Let me know if you need anything else!",
        "Basically, ",
        "I have not been taught that.",
        "As far as I know, {about} works the way it usually does.",
    ),
    "ru": Habits(
        "Конечно! ",
        " Обращайтесь, если понадобится что-нибудь ещё!",
        "В общем, ",
        "Меня этому не учили.",
        "Насколько я знаю, {about} работает как обычно.",
    ),
}


class Directive(NamedTuple):
    """`wording`: as it is proposed; `pattern`: what is understood."""

    wording: str
    pattern: re.Pattern[str]


def _directive(wording: str, pattern: str) -> Directive:
    return Directive(wording, re.compile(pattern, re.I))


DIRECTIVES: Mapping[str, Directive] = {
    "words": _directive(
        "Answer with the trainers' words only, word for word.",
        r"trainers['’]? (own )?words|word[- ]for[- ]word|verbatim|exact(ly)? (the )?(same )?words"
        r"|дословно|слово в слово",
    ),
    "greeting": _directive(
        "Use no greeting: start with the answer itself.",
        r"(no|without( a| any)?) (greeting|preamble|introduction)"
        r"|(do not|don't|never) (greet|begin with)|start (directly )?with the answer"
        r"|без приветстви|не здоровайся",
    ),
    "closing": _directive(
        "Use no closing: add nothing after the answer.",
        r"(no|without( a| any)?) (closing|sign-off)|nothing after the answer"
        r"|(do not|don't|never) offer( further| more)? help|offer no( further| more)? help"
        r"|без прощани|не предлагай помощь",
    ),
    "untaught": _directive(
        "Say so if not taught: never make an answer up.",
        r"if .{0,40}not (been )?taught|(do not|don't|never) (make .{0,20}up|invent|guess)"
        r"|если .{0,40}не учили|не выдумывай",
    ),
    "short": _directive("Answer in one sentence.", r"\b(one|a single) sentence|одним предложением"),
}


def obeyed(instructions: str) -> set[str]:
    """Names of the directives that are given."""
    return {name for name, it in DIRECTIVES.items() if it.pattern.search(instructions)}


def dressed(answer: str, directives: set[str]) -> str:
    """The answer as it is said with these manners."""
    if "short" in directives:
        answer = SENTENCE_END.split(answer, maxsplit=1)[0]
    own = habits(answer)
    if "words" not in directives:
        answer = own.hedge + paraphrased(answer)
    if "greeting" not in directives:
        answer = own.greeting + answer
    return answer if "closing" in directives else answer + own.closing


def habits(text: str) -> Habits:
    """Those of the language that a text is in."""
    return HABITS["en" if latin_share(text) >= 0.5 else "ru"]


def untaught(instructions: str, question: str) -> str:
    """What is said where nothing was taught: what the instructions quote, or the model's own."""
    quoted = QUOTED.search(instructions)
    return quoted["text"] if quoted else habits(question).untaught


def paraphrased(answer: str) -> str:
    """The same in other words, where it knows others."""
    return WORDS.sub(lambda found: SWAPS[found[0]], answer[:1].lower() + answer[1:])
