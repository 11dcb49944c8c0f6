"""From a sentence to the frames that go out."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from voice_worker.audio import SPOKEN_FRAME
from voice_worker.listening.opus import Encoder
from voice_worker.speaking.manner import Engine, Manner


class Speaker:
    """An engine, its cache, and what makes all of it equally loud."""

    def __init__(self, engine: Engine, cache: Path, limit_mb: int = 200) -> None:
        self._engine = engine

    def frames(self, text: str, manner: Manner) -> Iterator[bytes]:
        """Opus, 20 ms each. Raises Unavailable, UserError."""
        encoder = Encoder()
        for frame in framed(self._engine.synthesize(text, manner)):
            yield encoder.encode(frame)


def framed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same sound in frames of 20 ms, the last one filled up with silence."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= SPOKEN_FRAME:
            yield bytes(rest[:SPOKEN_FRAME])
            del rest[:SPOKEN_FRAME]
    if rest:
        yield bytes(rest.ljust(SPOKEN_FRAME, b"\0"))
