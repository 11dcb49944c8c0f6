"""Whisper and faster-whisper on this machine, by SpeechRecognition, their weights loaded once."""

import threading
from collections.abc import Sequence
from typing import Any

from protege.config import Config, ConfigError
from protege.providers.hearing import HEARD_HZ
from protege.providers.hearing.gathering import Gathering, base, context

USUAL = "base"
MOST_CONTEXT = 400
"""Letters of hints: Whisper reads 224 tokens of a prompt."""
LACKING = "STT={name} needs its package: pip install {package}"
NO_WEIGHTS = (
    "STT={name} could not load the weights {model!r}: allow it to fetch them, or put them into "
    "STT_FOLDER"
)


class WhisperTranscriber:
    """One utterance after another: each takes all cores. Raises ConfigError."""

    model = ""

    def __init__(self, config: Config) -> None:
        self._lock = threading.Lock()
        self._recogniser = _faster(config) if config.stt == "faster-whisper" else _plain(config)

    def begin(self, language: str, hints: Sequence[str] = ()) -> Gathering:
        """Listen to one utterance."""
        return Gathering(lambda pcm: self._words(pcm, language, hints))

    def _words(self, pcm: bytes, language: str, hints: Sequence[str]) -> str:
        from speech_recognition import AudioData

        wishes: dict[str, Any] = {"language": base(language)}
        if hints:
            wishes["initial_prompt"] = context(hints, MOST_CONTEXT)
        with self._lock:
            return str(self._recogniser.recognize(AudioData(pcm, HEARD_HZ, 2), **wishes))


def _plain(config: Config) -> Any:
    try:
        import whisper
        from speech_recognition.recognizers.whisper_local import base as compatible
        from speech_recognition.recognizers.whisper_local import whisper as local
    except ImportError:
        raise _lacking(config, "SpeechRecognition[whisper-local]") from None
    name = config.stt_model or USUAL
    try:
        model = whisper.load_model(name, download_root=config.stt_folder or None)
    except Exception:  # no network, no such model, a broken file
        raise _no_weights(config, name) from None
    return compatible.WhisperCompatibleRecognizer(local.TranscribableAdapter(model))


def _faster(config: Config) -> Any:
    try:
        import faster_whisper
        from speech_recognition.recognizers.whisper_local import base as compatible
        from speech_recognition.recognizers.whisper_local import faster_whisper as local
    except ImportError:
        raise _lacking(config, "SpeechRecognition[faster-whisper]") from None
    name, folder = config.stt_model or USUAL, config.stt_folder or None
    try:
        model = faster_whisper.WhisperModel(name, compute_type="int8", download_root=folder)
    except Exception:  # no network, no such model, a broken file
        raise _no_weights(config, name) from None
    return compatible.WhisperCompatibleRecognizer(local.TranscribableAdapter(model))


def _lacking(config: Config, package: str) -> ConfigError:
    return ConfigError(LACKING.format(name=config.stt, package=f"'{package}'"))


def _no_weights(config: Config, model: str) -> ConfigError:
    return ConfigError(NO_WEIGHTS.format(name=config.stt, model=model))
