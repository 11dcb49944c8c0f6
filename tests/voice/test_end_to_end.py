"""From one person's mouth through encrypted packets to the bot, and back to their ears."""

import asyncio
from collections.abc import Iterator

import pytest

from playground.voice.speech import speech
from tests.voice.theatre import Actor, Theatre

pytestmark = pytest.mark.real
QUESTION = "when does the library open"
ANSWER = "The library opens at nine in the morning."
SPOKEN = "the library opens at nine in the morning"
OTHER, OTHER_ANSWER = "where is the telescope", "The big telescope stands on the roof."
STORY = "Once upon a time there was a king. " * 20
SAYINGS = (
    SPOKEN,
    "the big telescope stands on the roof",
    "dinner is ready in the kitchen",
    "the train leaves at seven in the evening",
    "please close the window tonight",
    "i hear only those who pressed listen to me",
)
"""What the listener's ears expect to hear; one of these, or something else."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with Theatre(tmp_path_factory.mktemp("theatre")) as it:
        vera = it.actor()

        async def taught() -> None:
            await vera.teaches(QUESTION, ANSWER)
            await vera.teaches(OTHER, OTHER_ANSWER)

        it.play(taught)
        yield it


@pytest.fixture
def theatre(stage: Theatre) -> Iterator[Theatre]:
    """One theatre for all: its worker stays; people, faults and violations do not."""
    yield stage
    rooms = stage.server.voice.rooms
    rooms.loss, violations = 0.0, rooms.violations
    rooms.forgive()
    assert violations == []


async def called(theatre: Theatre, *actors: Actor) -> None:
    """The bot is in the lounge with these people, hears the first one, and has said hello."""
    for actor in actors:
        await actor.sit()
    joined = await actors[0].call()
    assert "I am in" in joined["content"], joined["content"]
    await actors[0].lets_hear(joined)
    await actors[0].greeted()


def unharmed(*actors: Actor) -> bool:
    """Nothing came in plain, and no key was wrong."""
    return all(a.voice.plaintext == a.voice.undecryptable == 0 for a in actors)


def test_a_taught_question_that_is_spoken_is_answered_aloud(theatre: Theatre) -> None:
    vera = theatre.actor()

    async def scene() -> None:
        await called(theatre, vera)
        before, heard = vera.packets(), vera.frames()
        shown = await vera.asks(QUESTION)
        assert ANSWER in shown["content"] and "👍" in str(shown["components"])
        await vera.hears(heard + 50)
        await vera.voice.quiet(theatre.bot_id, 1.5)
        assert vera.heard(SAYINGS, before) == SPOKEN
        assert "helped" in (await vera.press(shown, "👍"))["content"]
        await vera.leaves()
        assert unharmed(vera)

    theatre.play(scene)


def test_with_every_twentieth_packet_lost(theatre: Theatre) -> None:
    vera = theatre.actor()

    async def scene() -> None:
        await called(theatre, vera)
        theatre.server.voice.rooms.loss = 0.05
        before, heard = vera.packets(), vera.frames()
        shown = await vera.asks(QUESTION)
        assert ANSWER in shown["content"]
        await vera.hears(heard + 50)
        await vera.voice.quiet(theatre.bot_id, 1.5)
        assert vera.heard(SAYINGS, before) == SPOKEN
        await vera.leaves()

    theatre.play(scene)


def test_who_speaks_while_it_speaks_silences_it(theatre: Theatre) -> None:
    vera = theatre.actor()

    async def scene() -> None:
        await called(theatre, vera)
        before = vera.frames()
        said = asyncio.create_task(vera.command("say", lambda said: "🔇" in said, text=STORY))
        await vera.hears(before + 50)
        await vera.voice.say(speech(OTHER))
        await said
        heard = vera.frames() - before
        assert heard < 50 * 30, "the story takes fifty seconds"
        await vera.leaves()

    theatre.play(scene)


def test_somebody_who_did_not_press_is_not_heard(theatre: Theatre) -> None:
    vera, lina = theatre.actor(), theatre.actor("lina", "Aurora Observatory")

    async def scene() -> None:
        await called(theatre, vera, lina)
        await lina.voice.say(speech("nobody may understand this"))
        await vera.asks(QUESTION)
        await vera.leaves()
        assert not any(lina.wrote(message) for message in vera.typing.messages())
        assert unharmed(vera, lina)

    theatre.play(scene)


def test_two_who_speak_at_once_are_both_answered(theatre: Theatre) -> None:
    vera, max = theatre.actor(), theatre.actor("max")

    async def scene() -> None:
        await called(theatre, vera, max)
        await max.lets_hear(await max.reads(lambda m: "I am in" in m["content"]))
        answers = await asyncio.gather(vera.asks(QUESTION), max.asks(OTHER))
        assert [ANSWER in answers[0]["content"], OTHER_ANSWER in answers[1]["content"]] == [
            True
        ] * 2
        await vera.leaves()
        assert unharmed(vera, max)

    theatre.play(scene)


def test_two_guilds_at_once(theatre: Theatre) -> None:
    vera, lina = theatre.actor(), theatre.actor("lina", "Книжный клуб")

    async def scene() -> None:
        await asyncio.gather(vera.sit(), lina.sit())
        await asyncio.gather(vera.call(), lina.call())
        before = vera.frames(), lina.frames()
        told = lambda said: said.startswith("> 🔊")  # noqa: E731
        await asyncio.gather(
            vera.command("say", told, text="Dinner is ready in the kitchen."),
            lina.command("say", told, text="The train leaves at seven in the evening."),
        )
        assert vera.frames() > before[0] and lina.frames() > before[1]
        await asyncio.gather(vera.leaves(), lina.leaves())
        assert unharmed(vera, lina)

    theatre.play(scene)


def test_it_says_what_it_is_told_to(theatre: Theatre) -> None:
    vera = theatre.actor()

    async def scene() -> None:
        await called(theatre, vera)
        before = vera.packets()
        await vera.command(
            "say", lambda said: said.startswith("> 🔊"), text="Please close the window tonight."
        )
        await vera.voice.quiet(theatre.bot_id, 0.5)
        assert vera.heard(SAYINGS, before) == "please close the window tonight"
        await vera.leaves()

    theatre.play(scene)


def test_a_message_that_mentions_it_is_answered_in_writing_and_aloud(theatre: Theatre) -> None:
    vera = theatre.actor()

    async def scene() -> None:
        await called(theatre, vera)
        before, heard = vera.packets(), vera.frames()
        asked = await asyncio.to_thread(vera.typing.say, f"<@{theatre.bot_id}> {QUESTION}?")
        answer = await vera.reads(
            lambda m: (m.get("message_reference") or {}).get("message_id") == asked["id"]
        )
        assert answer["content"] == ANSWER
        await vera.hears(heard + 50)
        await vera.voice.quiet(theatre.bot_id, 1.0)
        assert vera.heard(SAYINGS, before) == SPOKEN
        await vera.leaves()

    theatre.play(scene)


@pytest.mark.parametrize(
    ("room", "told"), [("Booth", "is full (1)"), ("Stage door", "I lack “Connect”")]
)
def test_a_channel_that_does_not_let_it_in_is_told(theatre: Theatre, room: str, told: str) -> None:
    vera, max = theatre.actor(), theatre.actor("max")

    async def scene() -> None:
        channels = theatre.server.parts.world.channels.values()
        channel = next(str(c["id"]) for c in channels if c["name"] == room)
        if room == "Booth":
            await max.sit(channel)
        refused = await vera.call(channel=channel)
        assert told in refused["content"]

    theatre.play(scene)
