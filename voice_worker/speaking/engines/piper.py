"""Piper: neural voices on this machine, where its package and voices are installed.

Neither comes with us: the package is under the GPL, and every voice has terms of its own.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protege.config import ConfigError
from protege.errors import Unavailable
from protege.voice.voices import pipers
from voice_worker.speaking.engines.espeak import plain
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.resampling import resampled

NO_PACKAGE = "TTS=piper needs the package piper-tts: pip install 'piper-tts>=1.3'"
NO_VOICES = (
    "TTS=piper needs voices in TTS_FOLDER ({folder}), each a NAME.onnx with its NAME.onnx.json: "
    "python -m piper.download_voices --download-dir TTS_FOLDER en_US-lessac-medium"
)


class Piper:
    """Speaks by the voice that is asked for, else by one of the language, else by the first."""

    name = "piper"

    def __init__(self, folder: Path) -> None:
        """Raises ConfigError where the package or voices are missing."""
        try:
            import piper
        except ImportError:
            raise ConfigError(NO_PACKAGE) from None
        self._piper: Any = piper
        self._voices = pipers(folder)
        if not self._voices:
            raise ConfigError(NO_VOICES.format(folder=folder))
        self._loaded: dict[str, Any] = {}
        self._lock = threading.Lock()

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le. `voice`: a voice's name, such as `en_US-lessac-medium`."""
        how = self._piper.SynthesisConfig(length_scale=1 / manner.pace)
        with self._lock:  # its phonemes come from espeak's library, which is for one at a time
            try:
                voice = self._voice(chosen(list(self._voices), manner))
                chunks = list(voice.synthesize(plain(text), syn_config=how))
            except Exception as error:  # whatever onnxruntime and the voice's files raise
                raise Unavailable(f"piper: {type(error).__name__}") from None
        for chunk in chunks:
            yield from resampled([chunk.audio_int16_bytes], chunk.sample_rate)

    def _voice(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._piper.PiperVoice.load(self._voices[name])
        return self._loaded[name]


def chosen(voices: list[str], manner: Manner) -> str:
    """Which of the voices (`ru_RU-irina-medium` ...) is to speak."""
    if manner.voice in voices:
        return manner.voice
    locale, first = manner.language.replace("-", "_"), manner.language.partition("-")[0]
    for start in (f"{locale}-", f"{first}_"):
        if found := [voice for voice in voices if voice.startswith(start)]:
            return found[0]
    return voices[0]
