"""What can speak: offline, over the network, with weights."""

from collections.abc import Callable

from protege.config import Config
from voice_worker.speaking.engines.espeak import Espeak
from voice_worker.speaking.manner import Engine


def engine(config: Config, secret: Callable[[str], str]) -> Engine:
    """The engine that `TTS` names. `secret`: a secret by the name of its setting."""
    return Espeak()
