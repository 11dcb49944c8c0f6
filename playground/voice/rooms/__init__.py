"""The stand-in's voice server: gateway version 8, packet forwarding, delivery of encrypted groups.

Knows no sound and no secret of a group; what clients do wrong is written down, not mended.
"""

from playground.voice.rooms.house import Rooms
from playground.voice.rooms.session import Arrival
from playground.voice.rooms.settings import Settings

__all__ = ["Arrival", "Rooms", "Settings"]
