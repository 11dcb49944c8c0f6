"""Questions made by a grammar: intents that share their words, each said in many ways.

An intent is something done to something (cancel an order); six things and ten deeds make 60 of
them. Words for one deed or thing have few letters in common, and most are rare, as in any language;
every third question mentions another thing in passing, every tenth has a slip of the pen.
"""

import random
from typing import NamedTuple

THINGS = {
    "order": (
        *("my order", "my purchase", "the parcel", "the things I bought", "the goods"),
        *("what I put in the cart", "the merchandise", "my consignment"),
    ),
    "plan": (
        *("my subscription", "my plan", "my membership", "the monthly package", "my tier"),
        *("what I am enrolled in", "the recurring deal"),
    ),
    "visit": (
        *("my appointment", "my visit", "the meeting", "my booked slot", "the consultation"),
        *("when I come to see you", "our rendezvous"),
    ),
    "account": (
        *("my account", "my profile", "my login", "my user page", "my credentials"),
        *("what I sign in with", "my registration"),
    ),
    "contest": (
        *("the tournament", "the championship", "the competition", "the cup", "the league"),
        *("the knockout round", "our scrim", "the bracket"),
    ),
    "world": (
        *("my game server", "my world", "my realm", "our map", "the shard"),
        *("where we all build", "our instance", "the sandbox"),
    ),
}
DEEDS = {
    "cancel": (
        *("*cancel {}", "*call off {}", "*get rid of {}", "*drop {}", "I do not need {} now"),
        *("*withdraw from {}", "*scrap {}", "it is over with {}"),
    ),
    "change": (
        *("*change {}", "*edit {}", "*make a correction to {}", "*adjust the details of {}"),
        *("*amend {}", "*fix a mistake in {}", "*revise {}"),
    ),
    "pay": (
        *("*pay for {}", "*settle the bill for {}", "*transfer the money for {}", "*fund {}"),
        *("*hand over what I owe for {}", "*use a voucher for {}"),
    ),
    "share": (
        *("*share {}", "*show {} to a friend", "*let somebody else see {}", "*invite to {}"),
        *("*have my brother join {}", "*give access to {}"),
    ),
    "delay": (
        *("*postpone {}", "*push {} back", "*move {} to a later day", "*have {} next week"),
        *("*defer {}", "too early for {}, *make it later", "*reschedule {}"),
    ),
    "price": (
        *("how much is {}", "what does {} cost", "is {} expensive", "the fee of {}?"),
        *("what will I be charged for {}", "is {} free", "the rates for {}"),
    ),
    "broken": (
        *("{} does not work", "something is wrong with {}", "{} is broken", "error in {}"),
        *("{} keeps crashing", "I cannot get into {}", "{} is damaged"),
    ),
    "news": (
        *("what is happening with {}", "is there any news of {}", "how far along is {}"),
        *("when will I hear about {}", "the status of {}", "any progress on {}"),
    ),
    "start": (
        *("*set up {}", "*create {}", "*begin with {}", "*get {} for the first time"),
        *("I am new, how do I come by {}", "*launch {}", "*open {}"),
    ),
    "keep": (
        *("*make a copy of {}", "*save {} for later", "*back up {}", "*store {} safely"),
        *("*archive {}", "*download {}", "I must not lose {}"),
    ),
}
OPENINGS = (
    *("how do I ", "I want to ", "please help me ", "can I ", "what must I do to ", "", "let me "),
    *("is it possible to ", "I would like to ", "where can I ", "hello, I need to "),
)
ENDINGS = ("", "", "", " please", " today", ", thanks", " right now", " quickly")
PASSING = (
    *("this is not about {}: ", "I have {} already, but ", "after {} went well, ", "besides {}: "),
    *("my friend told me about {} and ", "I could change {} myself, now ", "{} costs nothing, so "),
)
FAR = (
    "what will the weather be in {}",
    "who is the mayor of {}",
    "how do I cook the soup they eat in {}",
    "tell me a joke about {}",
    "which language do they speak in {}",
    "when was {} founded",
    "how long does the train to {} take",
    "write a poem about {}",
)
NEAR = (
    "who invented {}",
    "what colour is {}",
    "translate the words “{}” into French",
    "how heavy is {}",
    "do animals like {}",
    "who was the first in the world to have {}",
)
PLACES = (
    *("Rome", "Oslo", "Lima", "Cairo", "Delhi", "Paris", "Quito", "Seoul", "Tunis", "Vienna"),
    *("Warsaw", "Lisbon", "Dublin", "Athens", "Havana", "Kyiv", "Minsk", "Tallinn", "Bern", "Riga"),
)
TESTED = 10
"""Questions asked of each intent."""
WRONG = 0.2
"""Share of lessons with another intent's answer where vandals were at work."""
DISTRACTED, SLIPPED = 1 / 3, 0.1

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
    found = Data([], [], _outside())
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


def _outside() -> list[str]:
    """Half of another subject, half about the very things of the intents."""
    things = [name for names in THINGS.values() for name in names[:4]]
    near = [line.format(thing) for line in NEAR for thing in things]
    return [line.format(place) for line in FAR for place in PLACES] + near


def _said(draw: random.Random, deed: str, thing: str, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[_question(draw, deed, thing)] = None
    return list(found)


def _question(draw: random.Random, deed: str, thing: str) -> str:
    form = _rarer(draw, DEEDS[deed])
    opening = draw.choice(OPENINGS) if form.startswith("*") else ""
    text = (
        opening + form.replace("*", "").format(_rarer(draw, THINGS[thing])) + draw.choice(ENDINGS)
    )
    if draw.random() < DISTRACTED:
        other = draw.choice([name for name in THINGS if name != thing])
        text = draw.choice(PASSING).format(_rarer(draw, THINGS[other])) + text
    return _slip(draw, text) if draw.random() < SLIPPED else text


def _rarer(draw: random.Random, forms: tuple[str, ...]) -> str:
    """One of them, each less likely than the one before (Zipf's law)."""
    return draw.choices(forms, [1 / (rank + 1) for rank in range(len(forms))])[0]


def _slip(draw: random.Random, text: str) -> str:
    """Two neighbouring letters change places."""
    at = draw.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
