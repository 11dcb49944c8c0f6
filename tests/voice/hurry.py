"""People and players who do not wait for 20 ms to pass."""

import asyncio
import socket
import time
from collections import Counter
from copy import copy

from playground.voice.speaker import VoicePerson
from voice_worker.audio import FRAME_S, SILENCE, Played, Source
from voice_worker.line import Link
from voice_worker.line.packets import SAMPLES, Packet, sealed
from voice_worker.line.way import OpenWay


class Chatterbox:
    """Somebody whose frames reach the bot as the voice server would send them, only sooner."""

    def __init__(self, person: VoicePerson, link: Link) -> None:
        session, group, media = link.way.session, person.line.group, person.line.media
        assert session and group and media
        self._seal, self._key, self._ssrc = group.encrypt, session.key, media.ssrc
        self._to = ("127.0.0.1", session.socket.getsockname()[1])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.frames = 0

    def say(self, frame: bytes, *, lost: bool) -> None:
        """One frame of opus, perhaps lost on its way."""
        number = self.frames
        self.frames += 1
        if not lost:
            secret = frame if frame == SILENCE else self._seal(frame)
            assert secret
            packet = Packet(number, number * SAMPLES, self._ssrc, secret)
            self._socket.sendto(sealed(packet, self._key, number), self._to)

    def close(self) -> None:
        self._socket.close()


class Hasty:
    """Plays over a link as fast as it takes the frames; to where nobody listens."""

    def __init__(self, link: Link) -> None:
        self.guild = link.guild
        self.counts = Counter[str]()
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind(("127.0.0.1", 0))
        twin = copy(link.way.session)  # the session itself goes on with the voice server
        assert twin
        twin.socket = self._sink
        twin.endpoint_ip, twin.voice_port = self._sink.getsockname()
        self._way = OpenWay(self.counts)
        self._way.session = twin

    async def play(self, source: Source) -> Played:
        return await asyncio.to_thread(self._play, source)

    def _play(self, source: Source) -> Played:
        sent = 0
        while (frame := source.read()) is not None:
            if frame:
                assert self._way.send(frame)
                sent += 1
            else:
                time.sleep(FRAME_S / 10)
        return Played(sent, True)

    def stop(self) -> None: ...

    def close(self) -> None:
        self._sink.close()
