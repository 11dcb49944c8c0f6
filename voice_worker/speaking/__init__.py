"""From text to opus: engines, cache, loudness, and one mouth for each guild."""

from voice_worker.speaking.engines import engine
from voice_worker.speaking.manner import Engine, Manner
from voice_worker.speaking.mouth import Mouth
from voice_worker.speaking.playout import Playout
from voice_worker.speaking.speaker import Speaker
from voice_worker.speaking.speech import Player, Said

__all__ = ["Engine", "Manner", "Mouth", "Player", "Playout", "Said", "Speaker", "engine"]
