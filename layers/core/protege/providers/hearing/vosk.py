"""Vosk: offline, streaming, with weights of one's own choice."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protege.config import Config, ConfigError
from protege.providers.hearing import HEARD_HZ
from protege.providers.hearing.gathering import base

LACKING = "STT=vosk needs its package: pip install vosk"
NO_WEIGHTS = (
    "STT=vosk needs weights: unpack one of https://alphacephei.com/vosk/models and name its folder "
    "in STT_FOLDER (or a folder that holds one for each language: en, ru ...)"
)


class VoskTranscriber:
    """Weights are loaded when their language is first spoken. Raises ConfigError."""

    model = ""

    def __init__(self, config: Config) -> None:
        try:
            import vosk
        except ImportError:
            raise ConfigError(LACKING) from None
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._folder = Path(config.stt_folder)
        if not config.stt_folder or not self._folder.is_dir():
            raise ConfigError(NO_WEIGHTS)
        self._models: dict[Path, Any] = {}

    def begin(self, language: str, hints: Sequence[str] = ()) -> "Listening":
        """Listen to one utterance."""
        own = self._folder / base(language)
        folder = own if own.is_dir() else self._folder
        if folder not in self._models:
            self._models[folder] = self._loaded(folder)
        return Listening(self._vosk.KaldiRecognizer(self._models[folder], HEARD_HZ))

    def _loaded(self, folder: Path) -> Any:
        try:
            return self._vosk.Model(str(folder))
        except Exception:  # what it raises has no type of its own
            raise ConfigError(NO_WEIGHTS) from None


class Listening:
    """A `hearing.Transcription`."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._said: list[str] = []

    def feed(self, pcm: bytes) -> None:
        """Further sound."""
        if self._recogniser.AcceptWaveform(pcm):
            self._said.append(json.loads(self._recogniser.Result())["text"])

    def end(self) -> str:
        """The words."""
        self._said.append(json.loads(self._recogniser.FinalResult())["text"])
        return " ".join(filter(None, self._said))

    def drop(self) -> None:
        """Nobody needs the words."""
        self._said.clear()
