"""The services outside, as the settings choose them. The ingress never loads this module."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from protege.config import Config, ConfigError

if TYPE_CHECKING:  # imported where it is built: a bot needs few of them
    from protege.learning import Embedder
    from protege.providers import ChatModel, Usage
    from protege.providers.hearing import Transcriber
    from protege.providers.openai.catalogue import Catalogue
    from protege.providers.openai.keys import Key
    from protege.providers.tuning import Tuner
    from protege.text import Text


class Outside:
    """`secret` reads a secret by its setting's name, and raises ConfigError where there is none."""

    def __init__(self, config: Config, secret: Callable[..., str]) -> None:
        self._config = config
        self._secret = secret

    # ---- answering -------------------------------------------------------------------------------

    def chat(self) -> "ChatModel":
        """Who answers: the configured model, or the one that training made; moderated if wished."""
        from protege.providers.routing import Routed

        others = {"openai": self._openai, "tuning": self._tuned, "bedrock": self._converse}
        routed = Routed(self._configured, others)
        if self._config.openai_moderation == "off":
            return routed
        from protege.providers.openai.moderation import Moderated, Moderation

        moderation = Moderation(self._config, self._key("openai_api_key"))
        return Moderated(routed, moderation, self._config.openai_moderation)

    def _configured(self) -> "ChatModel":
        if self._config.provider == "openai":
            return self._openai()
        if self._config.provider == "bedrock":
            return self._bedrock()
        from protege.providers.local.chat import LocalChat

        return LocalChat()

    def _openai(self) -> "ChatModel":
        from protege.providers.openai.chat import OpenAIChat

        return OpenAIChat(self._config, self._key("openai_api_key"))

    def _tuned(self) -> "ChatModel":
        """Where the fine-tuning API is another than the configured one."""
        from protege.providers.openai.chat import OpenAIChat
        from protege.providers.openai.tuning import elsewhere

        key = self._key("fine_tuning_api_key")
        return OpenAIChat(elsewhere(self._config), key, setting="FINE_TUNING_API_KEY")

    def _bedrock(self) -> "ChatModel":
        from protege.providers.bedrock.chat import bedrock_chat

        return bedrock_chat(self._config)

    def _converse(self) -> "ChatModel":
        from protege.providers.bedrock.converse import Converse

        return Converse(self._config)

    def warnings(self, now: float) -> "Sequence[Text]":
        """What an operator should know at `now` (seconds): configured models that end soon."""
        used = tuple(self._models())
        if not used:
            return ()
        from protege.providers.ending import SPEECH, endings

        usual = Config._field_defaults["openai_base_url"]
        known = SPEECH if self._config.openai_base_url == usual else {}

        def shutdown(model: str) -> date | None:
            return known.get(model) or self.catalogue.shutdown(model)

        return endings(used, shutdown, datetime.fromtimestamp(now, UTC).date())

    def _models(self) -> "Iterator[str]":
        """OpenAI's that the settings name, whatever for; empty ones are of no account."""
        from protege.providers.ending import USUAL_SPEECH

        config = self._config
        if config.provider == "openai":
            yield from (config.openai_model, config.fine_tuning_model, config.tune_model)
            if config.openai_moderation != "off":
                yield config.openai_moderation_model
        if config.embedder.startswith("openai:"):
            yield config.embedder.removeprefix("openai:")
        if config.stt == "openai":
            yield config.openai_transcribe_model
        if config.tts in USUAL_SPEECH and config.voice != "off":
            yield config.tts_model or USUAL_SPEECH[config.tts]

    @cached_property
    def catalogue(self) -> "Catalogue":
        """What the OpenAI-compatible API says of its models."""
        from protege.providers.openai.catalogue import Catalogue

        return Catalogue(self._config, self._key("openai_api_key"))

    # ---- hearing ---------------------------------------------------------------------------------

    def transcriber(self) -> "Transcriber":
        """Who recognises speech. Raises ConfigError where what it needs is not here."""
        from protege.providers.hearing.engines import transcriber

        return transcriber(self._config, self._key)

    # ---- fine-tuning -----------------------------------------------------------------------------

    def tuner(self, provider: str) -> "Tuner":
        """Fine-tuning: `bedrock`, else the API that is configured for it."""
        if provider == "bedrock":
            from protege.providers.bedrock.tuning import BedrockTuner

            return BedrockTuner(self._config)
        from protege.providers.openai.tuning import OpenAITuner

        return OpenAITuner(self._config, self._tuning_key)

    def check_tuner(self, provider: str) -> None:
        """Raises ConfigError where fine-tuning lacks what it needs."""
        if provider != "bedrock":
            self._tuning_key()
            return
        for name in ("bedrock_role_arn", "bucket"):  # it reads the rows from there
            if not getattr(self._config, name):
                raise ConfigError(f"{name.upper()} is not set")

    def _tuning_key(self) -> "Key":
        other = self._config.fine_tuning_base_url
        return self._key("fine_tuning_api_key" if other else "openai_api_key")

    def _key(self, name: str) -> "Key":
        """Read again when it has been refused: it may have been changed. Raises ConfigError."""
        self._secret(name)
        return lambda refused: self._secret(name, refused)

    # ---- embedding -------------------------------------------------------------------------------

    def embedder(self, used: "Callable[[str, Usage], None]") -> "Embedder":
        """What reads questions; `used` is told of every request's model and tokens. Raises
        ConfigError for one that there is not."""
        kind, _, model = self._config.embedder.partition(":")
        if kind == "openai" and model:
            from protege.providers.openai.embeddings import OpenAIEmbedder

            key = self._key("openai_api_key")
            return OpenAIEmbedder(self._config, key, model, used=used)
        from protege.providers.local import MiniLM, MiniLMInt8

        match self._config.embedder:
            case "minilm":
                return MiniLM()
            case "minilm-int8":
                return MiniLMInt8()
            case unknown:
                raise ConfigError(f"EMBEDDER is no minilm, minilm-int8 or openai:...: {unknown!r}")
