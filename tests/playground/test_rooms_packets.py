"""Packets to a voice room: wrong numbers, wrong keys and plaintext are written down."""

import asyncio
from collections.abc import Callable

import pytest

from playground.voice.rooms.cipher import CHACHA, GCM
from playground.voice.rooms.codes import Op
from tests.playground.house import PATIENCE_S, House, building, house, tone
from tests.playground.rogue import VOICED, Rogue, rogue

__all__ = ["building", "house"]


WRONG: list[tuple[str, Callable[[Rogue], object], str]] = [
    ("nonce again", lambda r: r.send(nonce=5).send(nonce=5), "nonce repeated"),
    ("nonce back", lambda r: r.send(nonce=5).send(nonce=3), "nonce not increasing"),
    ("sequence again", lambda r: r.send(seq=5).send(seq=5), "sequence not the next"),
    ("sequence gap", lambda r: r.send(seq=5).send(seq=9), "sequence not the next"),
    ("time stands", lambda r: r.send(timestamp=960).send(timestamp=960), "steps of 20 ms"),
    ("time odd", lambda r: r.send(timestamp=960).send(timestamp=1000), "steps of 20 ms"),
    ("another ssrc", lambda r: r.send(ssrc=r.ssrc + 1), "bad ssrc"),
    ("another key", lambda r: r.udp.send(bytes([0x80, 0x78]) + bytes(60)), "not to be opened"),
    ("no RTP", lambda r: r.udp.send(bytes(60)), "not to be opened"),
    ("too many", lambda r: [r.send() for _ in range(60)], "out of pace"),
]


@pytest.mark.parametrize(("what", "deed", "rule"), WRONG, ids=[what for what, _, _ in WRONG])
def test_a_wrong_packet_is_noticed(
    house: House, what: str, deed: Callable[[Rogue], object], rule: str
):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.speaks()
            deed(r)
            await house.broken(rule)

    house.run(scene())
    assert len(house.rooms.violations) == 1


@pytest.mark.parametrize("mode", [GCM, CHACHA])
def test_right_packets_in_either_mode_are_no_violation(house: House, mode: str):
    house.rooms.modes = (mode,)

    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.speaks()
            for _ in range(10):
                r.send()
            await house.until(lambda: len(house.rooms.record(r.seat.user)) == 10)

    house.run(scene())
    assert house.rooms.violations == []


def test_who_speaks_without_op_5_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            for _ in range(12):
                r.send(VOICED)
            await house.broken("without op 5")
            house.rooms.forgive()
            await r.speaks(0)
            r.send(VOICED)
            await house.broken("op 5 says that it does not")

    house.run(scene())


def test_op_5_may_come_after_the_frames_that_it_announces(house: House):
    house.rooms.crossing_s = 1.5

    async def scene() -> None:
        async with rogue(house, "max") as late, rogue(house, "lina") as never:
            for r in (late, never):
                await r.enter()
                for _ in range(12):
                    r.send(VOICED)
                if r is late:
                    await r.speaks()
            await house.broken("lina: speaks without op 5")

    house.run(scene())
    noted = [text for text in house.rooms.violations if "op 5" in text]
    assert noted == ["lina: speaks without op 5"]


def test_op_5_with_anothers_ssrc_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.say(Op.SPEAKING, {"speaking": 1, "delay": 0, "ssrc": 1})
            await house.broken("another's ssrc")

    house.run(scene())


def test_plaintext_among_others_is_noticed_and_heard_of_by_them(house: House):
    async def scene() -> None:
        vera = await house.enter("vera")
        async with rogue(house) as r:
            await r.enter()
            await r.speaks()
            r.send(VOICED)
            await house.broken("plaintext")
            await house.until(lambda: vera.plaintext == 1)

    house.run(scene())


def test_plaintext_that_crosses_the_news_of_a_newcomer_goes_nowhere(house: House):
    house.rooms.crossing_s = 60

    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.speaks()
            vera = await house.enter("vera")
            r.send(VOICED)
            await house.until(lambda: house.rooms.stats["plaintext that crossed"] == 1)
            assert vera.plaintext == 0

    house.run(scene())
    assert house.rooms.violations == []


def test_plaintext_of_somebody_alone_is_no_violation(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.speaks()
            r.send(VOICED)
            await house.until(lambda: len(house.rooms.record(r.seat.user)) == 1)

    house.run(scene())
    assert house.rooms.violations == []


def test_frames_under_another_epochs_key_are_noticed(house: House):
    async def scene() -> None:
        vera, max = await house.enter("vera"), await house.enter("max")
        await house.together(vera, max)
        group = vera.line.group
        assert group is not None
        group.execute = lambda: None  # type: ignore[method-assign]  # keeps the old key
        lina = await house.enter("lina")
        await house.together(vera, max, lina)
        await vera.say(tone(440, 0.2))
        await house.broken("no key of this epoch")
        await house.until(lambda: lina.undecryptable > 0)

    house.run(scene())
    assert [text.split(":")[0] for text in house.rooms.violations] == ["vera"]


def test_a_keep_alive_comes_back_and_discovery_is_not_answered_at_once(house: House):
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        async with rogue(house) as r:
            await r.enter()
            r.udp.send(b"\1" + bytes(7))
            async with asyncio.timeout(PATIENCE_S):
                assert await loop.sock_recv(r.udp, 100) == b"\1" + bytes(7)

    house.run(scene())
