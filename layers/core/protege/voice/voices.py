"""Which voices what speaks (`TTS`) has, by the names that it goes by there."""

import re
from pathlib import Path
from typing import NamedTuple

OPENAI = ("alloy", "ash", "ballad", "cedar", "coral", "echo", "marin", "sage", "shimmer", "verse")
"""Of the realtime models. Source: the SDK's own documentation of `audio.output.voice`."""
SPOKEN = (*OPENAI, "fable", "nova", "onyx")
"""Of the speech models. Source: the SDK's own documentation of `audio.speech.create`."""
BY_LETTER = ("tts-1", "tts-1-hd")
"""Speech models that are paid by the letter and have fewer voices."""
OLD = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
VARIANTS = (
    *("f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"),
    *("whisper", "whisperf", "croak", "klatt", "klatt2", "klatt3", "klatt4", "klatt5", "klatt6"),
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "AnxiousAndy", "Demonic", "Denis", "Diogo"),
    *("Gene", "Gene2", "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike"),
    *("Nguyen", "RicishayMax", "RicishayMax2", "RicishayMax3", "Storm", "Tweaky", "UniRobot"),
    *("adam", "anika", "anikaRobot", "announcer", "antonio", "aunty", "belinda", "benjamin"),
    *("boris", "caleb", "david", "ed", "edward", "edward2", "grandma", "grandpa", "gustave"),
    *("iven", "iven2", "iven3", "iven4", "john", "kaukovalta", "linda", "marcelo", "max"),
    *("michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert"),
    *("robosoft", "robosoft2", "robosoft3", "robosoft4", "robosoft5", "robosoft6", "robosoft7"),
    *("robosoft8", "sandro", "shelby", "steph", "steph2", "steph3", "travis", "victor", "zac"),
)
"""What espeak-ng calls variants (`espeak-ng --voices=variant`, by their files' names)."""
ACCENTS = (
    *("com", "us", "co.uk", "com.au", "ca", "co.in", "ie", "co.za", "com.ng"),
    *("com.br", "pt", "com.mx", "es", "fr"),
)
"""Google's domains, which speak otherwise: https://gtts.readthedocs.io/en/latest/module.html"""
NAME = re.compile(r"\w[\w.+-]{0,59}").fullmatch
"""Of no engine does a name begin with a dash, as an option of a program would."""


class Voices(NamedTuple):
    """The voices of one engine. `names` is None where only the voice worker knows them."""

    engine: str
    names: tuple[str, ...] | None

    def named(self, typed: str) -> str | None:
        """The voice's own spelling, however it was typed; None for one that is not there."""
        name = typed.strip()
        if self.names is None:
            return name if NAME(name) else None
        return next((known for known in self.names if known.casefold() == name.casefold()), None)

    def like(self, typed: str) -> tuple[str, ...]:
        """Those whose name holds what was typed so far, those that begin with it first."""
        part = typed.strip().casefold()
        found = [name for name in self.names or () if part in name.casefold()]
        return tuple(sorted(found, key=lambda name: not name.casefold().startswith(part)))


def pipers(folder: Path) -> dict[str, Path]:
    """Piper's voices in a folder, by name: each a NAME.onnx with its NAME.onnx.json."""
    found = (path for path in folder.glob("*.onnx") if path.with_suffix(".onnx.json").exists())
    return {path.stem: path for path in sorted(found)}


def voices(engine: str, model: str = "", folder: str = "") -> Voices:
    """Those of a value of `TTS`, with `TTS_MODEL` and `TTS_FOLDER`."""
    if engine == "openai":
        return Voices(engine, OLD if model in BY_LETTER else SPOKEN)
    if engine == "piper":
        return Voices(engine, tuple(pipers(Path(folder)) if folder else ()) or None)
    known = {"realtime": OPENAI, "espeak": VARIANTS, "gtts": ACCENTS}
    return Voices(engine, known.get(engine, ()))
