"""How Discord tries an endpoint before it sends interactions there."""

from playground.discord.interactions.delivery import Postman
from playground.discord.sessions import PING
from playground.discord.world import World


def verified(world: World, postman: Postman, url: str) -> bool:
    """Whether an endpoint answers a PING and refuses one with a forged signature.

    Source: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
    """
    payload = {
        "id": world.ids.next(),
        "application_id": world.application["id"],
        "type": PING,
        "token": "ping",
        "version": 1,
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {},
        "user": world.bot,
    }
    good, forged = postman.post(url, payload), postman.post(url, payload, forged=True)
    answer = None if good.problem else good.answered()
    return isinstance(answer, dict) and answer.get("type") == PING and forged.status == 401
