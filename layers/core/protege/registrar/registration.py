"""Endpoint and commands together: both become new, or both stay as they were."""

from collections.abc import Callable
from typing import NamedTuple

from protege.commands.inventory import ACTIONS
from protege.discord.rest import Discord
from protege.errors import BotError, Unavailable
from protege.registrar.endpoint import probe, set_endpoint
from protege.registrar.identity import identity
from protege.registrar.shelf import Registered, Shelf, in_time
from protege.ui.manifest import manifest


class Order(NamedTuple):
    """What to do. `endpoint`: "" leaves it alone; `guild`: register there only; `left`: a guild
    that has commands from before and is to have none."""

    endpoint: str = ""
    guild: str = ""
    left: str = ""


def carry_out(
    discord: Discord, order: Order, left_s: Callable[[], float] = lambda: 300.0
) -> Registered:
    """Try the endpoint and set it, then register what changed. When anything fails, the former
    endpoint and commands stay or are put back. `left_s`: seconds this process may still run.

    Raises Unavailable and Gone.
    """
    us = identity(discord)
    if order.endpoint:
        probe(order.endpoint)
        in_time(left_s)
        set_endpoint(discord, order.endpoint)
    try:
        found = Shelf(discord, us.id, order.guild, left_s).become(manifest(ACTIONS))
        if order.left and order.left != order.guild:
            Shelf(discord, us.id, order.left, left_s).clear()
    except BotError as error:
        if order.endpoint and order.endpoint != us.endpoint:
            _back(discord, us.endpoint, error)
        raise
    return found


def _back(discord: Discord, endpoint: str, error: BotError) -> None:
    """Raises Unavailable where Discord does not take the former endpoint any more."""
    try:
        set_endpoint(discord, endpoint or None)
    except BotError as worse:
        raise Unavailable(f"{error}; nor is the former endpoint back: {worse}") from None
