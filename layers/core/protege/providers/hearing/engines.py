"""Which engine recognises speech, by the setting STT."""

from collections.abc import Callable

from protege.config import Config, ConfigError
from protege.providers.hearing import Transcriber


def transcriber(config: Config, secret: Callable[[str], str]) -> Transcriber:
    """The configured engine. Raises ConfigError that says what to install, or which key lacks."""
    if config.stt == "offline":
        from protege.providers.hearing.offline import OfflineTranscriber

        return OfflineTranscriber()
    raise ConfigError(f"STT: {config.stt!r} is not there yet")
