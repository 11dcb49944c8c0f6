"""What those who run the bot want to know; each built when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # imported where it is built: the ingress never needs it
    from collections.abc import Sequence

    from protege.app.ground import Ground
    from protege.operators import Operators
    from protege.storage import Depth
    from protege.text import Text


class Operating:
    """What concerns the bot as a whole, not one guild."""

    _on: "Ground"

    @cached_property
    def operators(self) -> "Operators":
        """Who runs the bot."""
        from protege.operators import Operators

        on = self._on
        return Operators(on.config.operators, lambda: on.discord.ask("GET", "/applications/@me"))

    def depth(self, queue: Literal["work", "dead"]) -> "Depth":
        """How much is to be done, or was given up. Raises Unavailable, ConfigError."""
        return (self._on.queue if queue == "work" else self._on.dead_letters).depth()

    def engines(self) -> "Sequence[tuple[str, str]]":
        """What answers, embeds, listens and speaks, as the settings have it: (setting, name)."""
        from protege.providers.ending import USUAL_SPEECH

        config = self._on.config
        chat = {"openai": config.openai_model, "bedrock": config.bedrock_model}
        hears = config.openai_transcribe_model if config.stt == "openai" else config.stt_model
        found = {
            "PROVIDER": f"{config.provider} {chat.get(config.provider, '')}",
            "TUNE_MODEL": config.tune_model,
            "FINE_TUNING_MODEL": config.fine_tuning_model,
            "EMBEDDER": config.embedder,
            "STT": f"{config.stt} {hears}",
            "TTS": f"{config.tts} {config.tts_model or USUAL_SPEECH.get(config.tts, '')}",
        }
        return [(name, value.strip()) for name, value in found.items() if value]

    def warnings(self) -> "Sequence[Text]":
        """What an operator should know: configured models that end soon."""
        return self._on.outside.warnings(self._on.now())
