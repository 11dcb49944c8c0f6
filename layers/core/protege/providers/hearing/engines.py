"""Which engine recognises speech, by the setting STT."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from protege.config import Config, ConfigError
from protege.providers.hearing import Transcriber

if TYPE_CHECKING:  # the SDK is loaded by who asks OpenAI
    from protege.providers.openai.keys import Key

NO_POCKETSPHINX = (
    "STT=offline needs its package: pip install pocketsphinx (it does not fit into a function; "
    "on AWS only the voice worker has it, and STT=openai serves both)"
)
NO_SPEECH_RECOGNITION = "STT=google needs its package: pip install SpeechRecognition"


def transcriber(config: Config, secret: "Callable[[str], Key]") -> Transcriber:
    """The configured engine. Raises ConfigError that says what to install, or which key lacks."""
    if config.stt == "openai":
        from protege.providers.hearing.openai import OpenAITranscriber

        return OpenAITranscriber(config, secret("openai_api_key"))
    if config.stt == "vosk":
        from protege.providers.hearing.vosk import VoskTranscriber

        return VoskTranscriber(config)
    if config.stt in ("whisper", "faster-whisper"):
        from protege.providers.hearing.whisper import WhisperTranscriber

        return WhisperTranscriber(config)
    return _google(config) if config.stt == "google" else _offline()


def _google(config: Config) -> Transcriber:
    try:
        from protege.providers.hearing.google import GoogleTranscriber
    except ImportError:
        raise ConfigError(NO_SPEECH_RECOGNITION) from None
    return GoogleTranscriber(config.stt_timeout_s)


def _offline() -> Transcriber:
    try:
        from protege.providers.hearing.offline import OfflineTranscriber
    except ImportError:
        raise ConfigError(NO_POCKETSPHINX) from None
    return OfflineTranscriber()
