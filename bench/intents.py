"""Questions made by a grammar: intents that share their words, each said in many ways.

An intent is something done to something (cancel an order); six things and ten deeds make 60 of
them. Words for one deed or thing have no letters in common, so that likeness of words misleads.
"""

import random
from typing import NamedTuple

THINGS = {
    "order": ("my order", "my purchase", "the things I bought", "the parcel", "the goods"),
    "plan": ("my subscription", "my plan", "my membership", "the monthly package"),
    "visit": ("my appointment", "my visit", "the meeting", "my booked slot"),
    "account": ("my account", "my profile", "my login", "my user page"),
    "contest": ("the tournament", "the championship", "the competition", "the cup"),
    "world": ("my game server", "my world", "my realm", "our map"),
}
DEEDS = {
    "cancel": ("*cancel {}", "*call off {}", "*get rid of {}", "*drop {}", "I do not need {} now"),
    "change": ("*change {}", "*edit {}", "*make a correction to {}", "*adjust the details of {}"),
    "pay": ("*pay for {}", "*settle the bill for {}", "*transfer the money for {}", "*fund {}"),
    "share": ("*share {}", "*show {} to a friend", "*let somebody else see {}", "*invite to {}"),
    "delay": ("*postpone {}", "*push {} back", "*move {} to a later day", "*have {} next week"),
    "price": ("how much is {}", "what does {} cost", "is {} expensive", "the fee of {}?"),
    "broken": ("{} does not work", "something is wrong with {}", "{} is broken", "error in {}"),
    "news": ("what is happening with {}", "is there any news of {}", "how far along is {}"),
    "start": ("*set up {}", "*create {}", "*begin with {}", "*get {} for the first time"),
    "keep": ("*make a copy of {}", "*save {} for later", "*back up {}", "*store {} safely"),
}
OPENINGS = (
    *("how do I ", "I want to ", "please help me ", "can I ", "what must I do to ", "", "let me "),
    *("is it possible to ", "I would like to ", "where can I ", "hello, I need to "),
)
ENDINGS = ("", "", "", " please", " today", ", thanks", " right now", " quickly")
OUTSIDE = (
    "what will the weather be in {}",
    "who is the mayor of {}",
    "how do I cook the soup they eat in {}",
    "tell me a joke about {}",
    "which language do they speak in {}",
    "when was {} founded",
    "how long does the train to {} take",
    "write a poem about {}",
)
PLACES = (
    *("Rome", "Oslo", "Lima", "Cairo", "Delhi", "Paris", "Quito", "Seoul", "Tunis", "Vienna"),
    *("Warsaw", "Lisbon", "Dublin", "Athens", "Havana", "Kyiv", "Minsk", "Tallinn", "Bern", "Riga"),
)
TESTED = 10
"""Questions asked of each intent."""
WRONG = 0.2
"""Share of lessons with another intent's answer where vandals were at work."""

Said = tuple[str, str]
"""A question and its answer."""


class Data(NamedTuple):
    """`outside`: questions that nobody taught."""

    train: list[Said]
    test: list[Said]
    outside: list[str]


def generated(each: int, seed: int = 0) -> Data:
    """`each` lessons for each of the 60 intents; no question is in both parts."""
    draw = random.Random(seed)  # noqa: S311
    found = Data([], [], [line.format(place) for line in OUTSIDE for place in PLACES])
    for deed in DEEDS:
        for thing in THINGS:
            said = _said(draw, deed, thing, each + TESTED)
            answer = f"{deed.capitalize()} it on the page “{thing}”."
            found.test.extend((question, answer) for question in said[:TESTED])
            found.train.extend((question, answer) for question in said[TESTED:])
    return found


def vandalised(data: Data, seed: int = 0) -> Data:
    """The same with a fifth of the lessons' answers drawn anew."""
    draw = random.Random(seed)  # noqa: S311
    answers = sorted({answer for _, answer in data.train})
    train = [
        (text, draw.choice(answers) if draw.random() < WRONG else answer)
        for text, answer in data.train
    ]
    return data._replace(train=train)


def few(data: Data, each: int, seed: int = 0) -> Data:
    """The same with `each` lessons for each answer."""
    lessons = random.Random(seed).sample(data.train, len(data.train))  # noqa: S311
    kept: dict[str, list[Said]] = {}
    for text, answer in lessons:
        kept.setdefault(answer, []).append((text, answer))
    return data._replace(train=[said for some in kept.values() for said in some[:each]])


def _said(draw: random.Random, deed: str, thing: str, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        form = draw.choice(DEEDS[deed])
        text = form.lstrip("*").format(draw.choice(THINGS[thing]))
        opening = draw.choice(OPENINGS) if form.startswith("*") else ""
        found[opening + text + draw.choice(ENDINGS)] = None
    return list(found)
