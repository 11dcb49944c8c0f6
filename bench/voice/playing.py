"""How evenly frames leave, and what it costs: our playout beside the library's with its ffmpeg."""

import json
import subprocess
import sys
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.voice.house import House
from bench.voice.turns import squeezed
from playground.voice.opus import HZ, SILENCE
from playground.voice.rooms.session import Arrival
from playground.voice.speech import speech

SOUND_S = 4.0
ROUNDS = 3
WAYS = {"ours": ("made", "kept"), "library": ("ffmpeg",), "bare": ("timer",)}
SAID = "The big telescope stands on the roof and looks at the stars every night of the year. "
TURN = 1 << 16


class Played(NamedTuple):
    """`steps`: seconds between frames as the kernel saw them come; `cpu`: parts of a core, less
    what the connection itself takes."""

    steps: list[float]
    cpu: list[float]


class _Part(NamedTuple):
    """`share`: of a core; `steps`: seconds between frames."""

    share: float
    steps: list[float]


def measure(house: House) -> Iterator[tuple[str, Played]]:
    """Each way, round after round, in turn; yields each part as it is played."""
    file = house.folder / "sound.wav"
    record(file)
    for _ in range(ROUNDS):
        for way in WAYS:
            with house.people() as _people:
                yield from _round(house, way, file)


def record(file: Path) -> None:
    """SOUND_S of somebody who talks without a break."""
    pcm = squeezed(speech(SAID * 6))[: round(SOUND_S * HZ) * 2]
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(HZ)
        sound.writeframes(pcm)


def _round(house: House, way: str, file: Path) -> Iterator[tuple[str, Played]]:
    place = house.places[0]
    command = [sys.executable, "-m", "bench.voice.players", way]
    with subprocess.Popen(
        [*command, place.guild, place.voice, str(file)],
        env=house.environment("player"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        idle = _part(house, child)
        for name in WAYS[way]:
            found = _part(house, child)
            yield name, Played(found.steps, [found.share - idle.share])


def _part(house: House, child: "subprocess.Popen[str]") -> _Part:
    """The next one. Raises JSONDecodeError where the child ended."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("no pipes")
    said = json.loads(child.stdout.readline())
    arrivals = house.server.voice.rooms.record(house.bot)
    child.stdin.write("\n")
    child.stdin.flush()
    share = said["cpu_s"] / (said["ended"] - said["began"])
    if said["times"]:
        return _Part(share, [b - a for a, b in pairwise(said["times"])])
    return _Part(share, steps([arrival for arrival in arrivals if arrival.at > said["began"]]))


def steps(arrivals: list[Arrival]) -> list[float]:
    """Seconds between frames of speech that follow each other."""
    voiced = [arrival for arrival in arrivals if arrival.payload != SILENCE]
    return [b.at - a.at for a, b in pairwise(voiced) if (b.seq - a.seq) % TURN == 1]
