"""`python -m tests.voice.flite_worker`: the voice worker with a voice that can be checked.

Nothing offline understands espeak-ng; what flite says, pocketsphinx does.
"""

from collections.abc import Iterator

from playground.voice.speech import speech
from voice_worker.__main__ import main
from voice_worker.speaking.engines import ENGINES
from voice_worker.speaking.manner import Manner


class Flite:
    """flite's voice slt."""

    name = "flite"

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        yield speech(text)


if __name__ == "__main__":
    ENGINES["espeak"] = lambda config, secret, used: Flite()
    main()
