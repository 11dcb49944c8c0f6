"""What members of an encrypted group owe each other: who does not is written down."""

from typing import Any

from playground.voice.client.group import Group
from playground.voice.rooms.codes import Op
from tests.playground.house import House, building, house
from tests.playground.rogue import Rogue, rogue

__all__ = ["building", "house"]


def test_a_missing_key_package_is_noticed(house: House):
    house.rooms.key_package_s = 0.1

    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await house.broken("no key package")

    house.run(scene())


def test_a_bad_key_package_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.binary(Op.KEY_PACKAGE, Group("1", house.channel, 1, 1).key_package())
            await house.broken("bad key package")

    house.run(scene())


def test_a_bad_commit_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.binary(Op.COMMIT_WELCOME, b"nothing that one could commit to")
            await house.broken("bad commit")

    house.run(scene())


async def added(r: Rogue, group: Group) -> int:
    """Come into the group of somebody else; the transition that is to be prepared."""
    await r.enter()
    await r.wait(Op.CLIENTS_CONNECT)
    group.known = {user for user in r.house.rooms.members(r.house.channel) if user != group.user}
    package = group.key_package()
    group.external_sender(await r.wait(Op.EXTERNAL_SENDER))
    await r.binary(Op.KEY_PACKAGE, package)
    body = await r.wait(Op.WELCOME)
    group.welcome(body[2:])
    return int.from_bytes(body[:2], "big")


def test_a_transition_that_somebody_does_not_prepare_is_noticed_and_executed_all_the_same(
    house: House,
):
    house.rooms.ready_s = 2.0

    async def scene() -> None:
        vera = await house.enter("vera")
        async with rogue(house) as r:
            id = await added(r, Group(r.seat.user, house.channel, 1, 1))
            await vera.secure.wait()
            assert (await r.wait(Op.EXECUTE_TRANSITION))["transition_id"] == id

    house.run(scene())
    assert [text.split(" (")[0] for text in house.rooms.violations] == [
        "max: not ready for a transition in time"
    ]


def test_ready_for_what_nobody_announced_is_noticed(house: House):
    async def scene() -> None:
        async with rogue(house) as r:
            await r.enter()
            await r.say(Op.TRANSITION_READY, {"transition_id": 77})
            await house.broken("nobody announced")

    house.run(scene())


def test_who_cannot_process_a_welcome_is_taken_out_and_added_again(house: House):
    async def scene() -> None:
        vera = await house.enter("vera")
        async with rogue(house) as r:
            group = Group(r.seat.user, house.channel, 1, 1)
            id = await added(r, group)
            await r.say(Op.INVALID_COMMIT_WELCOME, {"transition_id": id})
            package = group.key_package()
            await r.binary(Op.KEY_PACKAGE, package)
            again = await r.wait(Op.WELCOME)
            group.welcome(again[2:])
            await r.say(Op.TRANSITION_READY, {"transition_id": int.from_bytes(again[:2], "big")})
            await house.until(lambda: set(house.rooms.group(house.channel)) == {*both(vera, r)})

    house.run(scene())
    assert [text.split(" (")[0] for text in house.rooms.violations] == [
        "max: could not process a commit or welcome"
    ]


def both(vera: Any, r: Rogue) -> tuple[str, str]:
    return vera.user, r.seat.user


def test_nobody_committing_is_noticed(house: House):
    house.rooms.commit_s = 0.2

    async def scene() -> None:
        async with rogue(house, "max") as one, rogue(house, "lina") as two:
            for r in (one, two):
                await r.enter()
                package = Group(r.seat.user, house.channel, 1, 1).key_package()
                await r.binary(Op.KEY_PACKAGE, package)
            await house.broken("nobody committed")

    house.run(scene())
