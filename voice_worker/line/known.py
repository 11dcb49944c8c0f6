"""The attributes by which the library's voice websocket and DAVE state know their owner.

disnake's own VoiceClient recovers from too little to be used, but those two parts of it are; they
read and write these names, which nobody documents. disnake is pinned for that.
"""

import asyncio
import socket
from types import SimpleNamespace
from typing import Any, cast

import dave
import disnake
from disnake.gateway import DiscordVoiceWebSocket
from disnake.voice_client import DaveState

from voice_worker.line.standing import Place


class Known:
    """One voice session in `guild`. All but `place` is the library's."""

    supported_modes = ("aead_xchacha20_poly1305_rtpsize",)
    dave_max_version = min(
        DaveState.MAX_SUPPORTED_VERSION, dave.get_max_supported_protocol_version()
    )

    def __init__(self, client: disnake.Client, guild: int, place: Place) -> None:
        self.place = place
        self.loop = asyncio.get_running_loop()
        self._state = SimpleNamespace(http=client.http)
        self.user = cast(Any, client.user)
        self.server_id, self.channel = guild, disnake.Object(place.channel)
        self.session_id, self.token = place.session_id, place.token
        self.endpoint = place.endpoint.removeprefix("wss://")
        self.endpoint_ip, self.ip, self.mode = "", "", ""
        self.voice_port = self.port = self.ssrc = 0
        self.secret_key: list[int] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.ws: DiscordVoiceWebSocket = cast(Any, None)
