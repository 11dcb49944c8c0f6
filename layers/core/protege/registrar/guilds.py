"""Guilds in which the application has commands of their own, as tests of it leave them behind."""

from collections.abc import Iterator

from protege.discord.rest import Discord
from protege.registrar.shelf import NoAccess, Shelf

PAGE = 200


def joined(discord: Discord, page: int = PAGE) -> Iterator[str]:
    """Ids of all guilds that the bot is in; `page`: so many are asked for at once, at most 200.

    Raises Unavailable. Source: https://docs.discord.com/developers/resources/user#get-current-user-guilds
    """
    after = "0"
    while True:
        found = discord.ask("GET", f"/users/@me/guilds?limit={page}&after={after}")
        yield from (str(guild["id"]) for guild in found)
        if len(found) < page:
            return
        after = str(max(int(guild["id"]) for guild in found))


def own_shelves(discord: Discord, application: str) -> Iterator[tuple[str, Shelf]]:
    """Each guild with commands of its own. Raises Unavailable, but passes over a guild whose
    commands we may not see: it was joined without them."""
    for guild in joined(discord):
        shelf = Shelf(discord, application, guild)
        try:
            found = shelf.all()
        except NoAccess:
            continue
        if found:
            yield guild, shelf
