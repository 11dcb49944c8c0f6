"""Who we are, as Discord tells it to the bot's token.

Source: https://docs.discord.com/developers/resources/application#get-current-application
"""

from typing import NamedTuple

from protege.discord.rest import Discord, Refused
from protege.errors import Unavailable
from protege.values import PUBLIC_KEY

ME = "/applications/@me"
UNKNOWN = (
    "Discord does not know this bot token (401). Copy it anew from the developer portal (Bot, "
    "Reset Token) and store it with `make secrets`."
)


class Identity(NamedTuple):
    """`public_key`: 64 hex digits; `endpoint`: where interactions go now, "" for the gateway."""

    id: str
    name: str
    public_key: str
    endpoint: str


def identity(discord: Discord) -> Identity:
    """Ask Discord. Raises Unavailable, in words where the token is wrong."""
    try:
        found = discord.ask("GET", ME)
    except Refused as refused:
        raise Unavailable(UNKNOWN) if refused.status == 401 else refused from None
    key = str(found.get("verify_key"))
    if not (PUBLIC_KEY(key) and str(found.get("id")).isdigit()):
        raise Unavailable("Discord tells neither id nor public key of the application")
    endpoint = str(found.get("interactions_endpoint_url") or "")
    return Identity(str(found["id"]), str(found.get("name", "")), key, endpoint)
