"""Which provider answers: the configured one, or who serves the model that training made."""

from collections.abc import Callable, Generator
from functools import cached_property

from protege.config import ConfigError
from protege.errors import UserError
from protege.providers import ChatModel, Completion, Prompt, Usage
from protege.text import Text

NO_PROVIDER = Text(
    "This version's model is served by `{provider}`, which is not set up here (any more). Let an "
    "operator set it up, or activate another version: `/model`.",
    "Модель этой версии работает у `{provider}`, а он здесь не настроен (или больше не настроен). "
    "Пусть оператор настроит его, или включите другую версию: `/model`.",
)


class Routed:
    """The configured model; `others`: by `Prompt.provider`, built when first asked for."""

    def __init__(
        self, configured: Callable[[], ChatModel], others: dict[str, Callable[[], ChatModel]]
    ) -> None:
        self._build = configured
        self._others = others
        self._built: dict[str, ChatModel] = {}

    @cached_property
    def configured(self) -> ChatModel:
        """Who answers where a version has no model of its own."""
        return self._build()

    @property
    def model(self) -> str:
        """Id of the configured model."""
        return self.configured.model

    @property
    def can_complete(self) -> bool:
        """Whether the configured provider has a language model."""
        return self.configured.can_complete

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        """As whoever is to answer does; raises UserError where they are not set up."""
        return self._who(prompt.provider).answer(prompt)

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        """As the configured provider does."""
        return self.configured.complete(instruction, text, model=model)

    def _who(self, provider: str) -> ChatModel:
        if not provider:
            return self.configured
        if provider not in self._others:
            raise UserError(NO_PROVIDER, provider=provider)
        if provider not in self._built:
            try:
                self._built[provider] = self._others[provider]()
            except ConfigError:
                raise UserError(NO_PROVIDER, provider=provider) from None
        return self._built[provider]
