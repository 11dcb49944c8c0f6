"""Discord's gateway, version 10: what bots are told, and what they say by it.

Source: https://docs.discord.com/developers/events/gateway
"""

from playground.voice.gateway.gateway import Gateway

__all__ = ["Gateway"]
