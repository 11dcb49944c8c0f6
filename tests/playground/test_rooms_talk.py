"""People talk in the stand-in's voice channels, end to end encrypted, by Discord's own library."""

from tests.playground.house import House, house, tone

__all__ = ["house"]


def test_two_people_hear_each_other_encrypted(house: House):
    async def run() -> None:
        vera, max = house.person("vera"), house.person("max")
        await vera.join(house.channel)
        await max.join(house.channel)
        await vera.say(tone(440, 1.0))
        await max.wait_heard(vera.user, 50)
        await max.say(tone(880, 1.0))
        await vera.wait_heard(max.user, 50)
        assert max.plaintext == vera.plaintext == 0
        assert max.undecryptable == vera.undecryptable == 0
        await vera.leave()
        await max.leave()

    house.run(run())
    assert house.rooms.violations == []
