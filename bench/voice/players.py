"""`python -m bench.voice.players WAY GUILD CHANNEL FILE`: a bot that joins and plays a sound file.

WAY is `ours`, `library`, or `bare`: a loop that only sleeps and sends. It prints a line of JSON for
each part (processor time in seconds, that of its ffmpeg included) and goes on when it is given a
line.
"""

import asyncio
import json
import os
import resource
import socket
import ssl
import subprocess
import sys
import time
import wave
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

IDLE_S = 1.5
SETTLE_S = 0.5
FRAME_S, FRAME, LIKE_OPUS = 0.02, 1920, 200
"""Seconds, bytes of sound, and about as many bytes as it is sent in."""
Begun = tuple[float, float]


def cpu_s() -> float:
    """Of this process and of children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def begin() -> Begun:
    """Of a part."""
    return cpu_s(), time.monotonic()


async def tell(part: str, begun: Begun, times: Sequence[float] = ()) -> None:
    """That it is over; waits until that was read."""
    took = {"cpu_s": cpu_s() - begun[0], "began": begun[1], "ended": time.monotonic()}
    print(json.dumps({"part": part, "times": times, **took}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def idle() -> None:
    """Nothing but being there."""
    await asyncio.sleep(SETTLE_S)
    begun = begin()
    await asyncio.sleep(IDLE_S)
    await tell("idle", begun)


async def ours(guild: str, channel: str, file: Path) -> None:
    """Our line and our mouth; first made while it plays, then as it was kept."""
    from bench.voice.quiet import Nobody
    from voice_worker.line import Line
    from voice_worker.speaking import Manner, Mouth, Speaker

    class Recorded:
        """A speech engine: whatever the text, the file."""

        name = "recorded"

        def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
            yield _pcm(file)

    async def text() -> AsyncIterator[str]:
        yield "All of it."

    line = Line(os.environ["DISCORD_BOT_TOKEN"], os.environ["DISCORD_API"], Nobody())
    running = asyncio.create_task(line.run())
    link = await line.join(guild, channel)
    while not link.secure:
        await asyncio.sleep(0.02)
    await idle()
    with TemporaryDirectory() as cache:
        mouth = Mouth(link, Speaker(Recorded(), Path(cache)))
        for part in ("made", "kept"):
            begun = begin()
            await mouth.say(text(), Manner())
            await tell(part, begun)
    await line.close()
    await running


async def library(guild: str, channel: str, file: Path) -> None:
    """The library's own client and its ffmpeg."""
    import aiohttp
    import disnake
    from disnake.http import Route

    Route.BASE = os.environ["DISCORD_API"]
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    intents = disnake.Intents(guilds=True, voice_states=True)
    client = disnake.Client(intents=intents, connector=trusted, chunk_guilds_at_startup=False)
    running = asyncio.create_task(client.start(os.environ["DISCORD_BOT_TOKEN"]))
    await client.wait_until_ready()
    place = client.get_channel(int(channel))
    if not isinstance(place, disnake.VoiceChannel):
        raise LookupError(f"{channel} of {guild}")
    voice: disnake.VoiceClient = await place.connect()
    while voice.dave is None or not voice.dave.can_encrypt():
        await asyncio.sleep(0.02)
    await idle()
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    begun = begin()
    sound = disnake.FFmpegPCMAudio(str(file), stderr=cast(IO[str], subprocess.DEVNULL))
    voice.play(sound, after=lambda error: loop.call_soon_threadsafe(over.set))
    await over.wait()
    await tell("ffmpeg", begun)
    await voice.disconnect()
    await client.close()
    await asyncio.gather(running, return_exceptions=True)


async def bare(guild: str, channel: str, file: Path) -> None:
    """What this machine lets anybody do; its last part carries when the frames left."""
    await idle()
    begun, times = begin(), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anywhere:
        anywhere.bind(("127.0.0.1", 0))
        for number in range(len(_pcm(file)) // FRAME):
            time.sleep(max(0.0, begun[1] + number * FRAME_S - time.monotonic()))
            anywhere.sendto(bytes(LIKE_OPUS), anywhere.getsockname())
            times.append(time.monotonic())
    await tell("timer", begun, times)


def _pcm(file: Path) -> bytes:
    with wave.open(str(file)) as sound:
        return bytes(sound.readframes(sound.getnframes()))


WAYS = {"ours": ours, "library": library, "bare": bare}

if __name__ == "__main__":
    way, guild, channel, path = sys.argv[1:]
    asyncio.run(WAYS[way](guild, channel, Path(path)))
