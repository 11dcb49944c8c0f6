"""Who may have it speak, leave and move; what cannot be made worse by asking often or twice."""

import asyncio
from typing import Any

import pytest

from protege.errors import Unavailable
from tests.person import ADA, GUILD
from tests.recorder import Recorder
from tests.voice.conftest import BOB, LOUNGE, Studio

EVE = "44"
ELSEWHERE = "902"


@pytest.mark.parametrize("sits", ["", ELSEWHERE])
def test_who_does_not_sit_with_it_cannot_make_it_speak(play: Any, sits: str) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.line.seats[EVE] = sits
        studio.order("say", user=EVE, text="Ada is a fool.")
        await studio.until(lambda: studio.told("for those who sit with me"))
        studio.order("say", user=EVE, text="Dinner is ready.", trusted=True)
        await studio.until(lambda: studio.told("> 🔊 Dinner is ready."))
        assert "Ada is a fool." not in studio.tone.said

    play(scene)


@pytest.mark.parametrize("do", ["leave", "join"])
def test_who_does_not_sit_with_it_cannot_take_it_away_from_others(play: Any, do: str) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.line.seats[EVE] = ELSEWHERE
        studio.order(do, user=EVE, voice_channel=ELSEWHERE, channel="89")
        await studio.until(lambda: studio.told(f"I am with people in <#{LOUNGE}>"))
        call = studio.worker.calls.of(GUILD)
        assert call and call.place.channel != "89" and studio.link.channel == LOUNGE
        studio.order(do, user=EVE, voice_channel=ELSEWHERE, channel="89", trusted=True)
        told = "I left" if do == "leave" else f"I am in <#{ELSEWHERE}>"
        await studio.until(lambda: studio.told(told))

    play(scene)


def test_what_it_hears_is_not_led_into_another_channel_by_who_is_not_there(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        studio.order("join", user=EVE, voice_channel=LOUNGE, channel="89")
        await studio.until(lambda: studio.told("I am with people"))
        call = studio.worker.calls.of(GUILD)
        assert call and call.place.channel == "88"

    play(scene)


def test_from_an_empty_channel_anybody_calls_it_away(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA)
        link.people = frozenset()
        studio.line.seats = {EVE: ELSEWHERE}
        studio.order("join", user=EVE, voice_channel=ELSEWHERE)
        await studio.until(lambda: studio.told(f"I am in <#{ELSEWHERE}>"))

    play(scene)


def test_nobody_piles_up_speeches_without_end(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA)
        link.held.clear()
        for number in range(7):
            studio.order("say", text=f"This is speech {number}.")
        await studio.until(lambda: len(studio.told("I have enough to say already")) == 3)
        link.held.set()
        await studio.until(lambda: studio.told("> 🔊 This is speech 3."))
        assert not any("speech 4" in said for said in studio.tone.said)

    play(scene)


def test_an_order_that_comes_twice_is_said_once(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        order = studio.order("say", text="Only once.")
        await studio.until(lambda: studio.told("> 🔊 Only once."))
        studio.app.voice_queue.put(order.body(), group=GUILD)
        again = studio.worker.metrics.orders.labels("say", "again")
        await studio.until(lambda: again._value.get())
        assert len(studio.told("Only once.")) == 1

    play(scene)


def test_an_order_that_nobody_can_read_holds_up_nobody(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        said = list(studio.tone.said)
        for body in ("[]", "{", '{"do":"dance","guild":"77","text":"Dance!"}'):
            studio.app.voice_queue.put(body, group=GUILD)
        studio.order("leave")
        await studio.until(lambda: studio.told("I left"))
        assert studio.tone.said == said

    play(scene)


def test_who_waits_is_told_when_storage_is_down_and_served_when_it_is_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.line.seats[ADA] = LOUNGE
        rules = studio.app.voice_rules.rules
        down = asyncio.Event()

        def failing(space: str) -> Any:
            if down.is_set():
                raise Unavailable("DynamoDB")
            return rules(space)

        studio.app.voice_rules.rules = failing  # type: ignore[method-assign]
        down.set()
        studio.order("join", voice_channel=LOUNGE)
        await studio.until(lambda: studio.told("does not answer right now"))
        down.clear()
        await studio.until(lambda: studio.told("I am in"))
        await studio.until(lambda: studio.greeted)
        studio.app.consent.give(GUILD, ADA)
        studio.order("rules", token="")
        await studio.until(lambda: studio.link.listens == frozenset({ADA}))
        await studio.utter(ADA, "is anybody there")
        await studio.until(lambda: studio.told("🎙️ Ada"))

    play(scene)


def test_who_asked_it_to_speak_is_told_though_it_is_stopped_meanwhile(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA, BOB)
        link.held.clear()
        studio.order("say", text="A very long story.")
        await studio.until(lambda: "A very long story." in studio.tone.said)
        studio.worker.stop.set()
        link.held.set()
        await studio.ended
        assert studio.told("> 🔇 A very long story.")

    play(scene)
