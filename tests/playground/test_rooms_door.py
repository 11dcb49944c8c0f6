"""Coming into a voice room, staying, coming back: what is wrong ends with its code."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from playground.voice.rooms.codes import Close, Op
from tests.playground.house import House, building, house
from tests.playground.rogue import Rogue, again, rogue

__all__ = ["building", "house"]
Deed = Callable[[Rogue], Awaitable[Any]]


ENDED: list[tuple[str, Deed, Close]] = [
    ("op 1 before op 0", lambda r: r.say(1, {}), Close.NOT_AUTHENTICATED),
    ("binary before op 0", lambda r: r.binary(26, b"x"), Close.NOT_AUTHENTICATED),
    ("no JSON", lambda r: r.ws.send_str("hello"), Close.UNDECODABLE),
    ("no op", lambda r: r.ws.send_str("[]"), Close.UNDECODABLE),
    ("unknown op", lambda r: r.say(99, {}), Close.UNKNOWN_OPCODE),
    ("a token that was never given", lambda r: r.identify(token="x"), Close.AUTHENTICATION_FAILED),
    ("another's name", lambda r: r.identify(user_id="1"), Close.AUTHENTICATION_FAILED),
    ("another session", lambda r: r.identify(session_id="x"), Close.AUTHENTICATION_FAILED),
    ("another guild", lambda r: r.identify(server_id="1"), Close.SERVER_NOT_FOUND),
    ("a token that is no text", lambda r: r.identify(token=7), Close.UNDECODABLE),
    ("no DAVE", lambda r: r.identify(max_dave_protocol_version=0), Close.DAVE_REQUIRED),
    ("a heartbeat without t", lambda r: r.say(3, 12345), Close.BAD_REQUEST),
    ("an unknown session", lambda r: r.resume(), Close.SESSION_INVALID),
]


@pytest.mark.parametrize(("what", "deed", "code"), ENDED, ids=[what for what, _, _ in ENDED])
def test_a_wrong_beginning_is_ended_with_its_code(house: House, what: str, deed: Deed, code: Close):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.wait(Op.HELLO)
            await deed(r)
            assert await r.closed() == code

    house.run(scene())
    assert bool(house.rooms.violations) == (code != Close.SESSION_INVALID)


LATER: list[tuple[str, Deed, Close]] = [
    ("op 0 twice", lambda r: r.identify(), Close.ALREADY_AUTHENTICATED),
    ("another protocol", lambda r: r.select(protocol="webrtc"), Close.UNKNOWN_PROTOCOL),
    ("another mode", lambda r: r.select(data={"mode": "xsalsa20"}), Close.UNKNOWN_MODE),
    ("no port", lambda r: r.select(data={"port": None}), Close.UNDECODABLE),
    ("op 2 of a client", lambda r: r.say(2, {}), Close.UNKNOWN_OPCODE),
    ("op 5 without flags", lambda r: r.say(5, {}), Close.UNDECODABLE),
]


@pytest.mark.parametrize(("what", "deed", "code"), LATER, ids=[what for what, _, _ in LATER])
def test_a_wrong_continuation_is_ended_with_its_code(
    house: House, what: str, deed: Deed, code: Close
):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.identify()
            await deed(r)
            assert await r.closed() == code
        assert house.rooms.members(house.channel) == []

    house.run(scene())
    assert len(house.rooms.violations) == 1


def test_another_version_of_the_gateway_is_refused(house: House):
    async def scene() -> None:
        async with rogue(house, query="?v=4") as r:
            assert await r.closed() == Close.BAD_REQUEST

    house.run(scene())


def test_too_many_messages_are_ended(house: House):
    house.rooms.busiest = 50

    async def scene() -> None:
        async with rogue(house) as r:
            for _ in range(60):
                await r.say(Op.HEARTBEAT, {"t": 1, "seq_ack": -1})
            assert await r.closed() == Close.RATE_LIMITED

    house.run(scene())


def test_a_missing_heartbeat_ends_the_session(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            house.rooms.heartbeat_s = 0.2
            await r.say(Op.HEARTBEAT, {"t": 1, "seq_ack": -1})
            assert await r.closed() == Close.SESSION_TIMEOUT
            assert house.rooms.members(house.channel) == []

    house.run(scene())
    assert house.rooms.violations == ["max: no heartbeat (4009)"]


def test_a_heartbeat_says_what_was_seen(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.identify()
            await r.wait(Op.READY)
            await r.say(Op.HEARTBEAT, {"t": 7})
            assert (await r.wait(Op.HEARTBEAT_ACK))["t"] == 7
            await r.say(Op.HEARTBEAT, {"t": 8, "seq_ack": 900})
            await r.wait(Op.HEARTBEAT_ACK)

    house.run(scene())
    assert "seq_ack" in house.rooms.violations[0]


def test_violations_are_shown_in_the_journal_and_can_be_forgiven(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.say(99, {})
            await r.closed()

    house.run(scene())
    assert [v["where"] for v in house.journal.violations()] == ["voice"]
    house.rooms.forgive()
    assert house.rooms.violations == []


def test_after_a_resume_the_messages_after_seq_ack_come_again_and_no_others(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.wait(Op.EXTERNAL_SENDER)
            seen = r.numbers[-1]
            house.rooms.abort(r.seat.user)
            await r.closed()
            lina = await house.enter("lina")
            async with again(house, r.seat) as second:
                await second.resume(seq_ack=seen)
                await second.wait(Op.RESUMED)
                assert (await second.wait(Op.CLIENTS_CONNECT))["user_ids"] == [lina.user]
                assert second.numbers[0] == seen + 1
                await second.heartbeat()
                assert Op.READY not in second.said

    house.run(scene())
    assert house.rooms.violations == []


def test_a_resume_is_refused_where_a_missed_message_is_no_longer_kept(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            house.rooms.abort(r.seat.user)
            await r.closed()
            async with again(house, r.seat) as second:
                await second.resume(seq_ack=40_000)
                assert await second.closed() == Close.SESSION_INVALID

    house.run(scene())


def test_a_session_that_nobody_resumes_ends(house: House):
    house.rooms.resume_s = 0.2

    async def scene() -> None:
        vera = await house.enter("vera")
        async with rogue(house) as r:
            await r.enter()
            house.rooms.abort(r.seat.user)
            await r.closed()
            await house.until(lambda: house.rooms.members(house.channel) == [vera.user])

    house.run(scene())


def test_an_older_connection_ends_when_somebody_identifies_anew(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            async with again(house, r.seat) as second:
                await second.enter()
                assert await r.closed() == Close.SESSION_INVALID
                assert house.rooms.members(house.channel) == [r.seat.user]

    house.run(scene())


@pytest.mark.parametrize("code", [4004, 4014, 4021, 4022])
def test_any_code_can_be_had_on_demand(house: House, code: int):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            house.rooms.close(r.seat.user, code)
            assert await r.closed() == code
            assert house.rooms.members(house.channel) == []

    house.run(scene())
    assert house.rooms.violations == []


def test_an_address_that_was_not_discovered_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.identify()
            await r.select(data={"port": 9})
            await r.wait(Op.SESSION_DESCRIPTION)

    house.run(scene())
    assert "undiscovered" in house.rooms.violations[0]


def test_messages_are_late_by_the_delay_and_in_order(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            house.rooms.delay(r.seat.user, 0.3)
            loop = asyncio.get_running_loop()
            began = loop.time()
            await r.identify()
            await r.wait(Op.READY)
            assert loop.time() - began >= 0.3

    house.run(scene())
