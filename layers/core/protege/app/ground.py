"""What the features stand on: settings, storage, Discord and models, each built when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

from protege.app.stored import Stored
from protege.config import SECRETS

if TYPE_CHECKING:  # imported where it is built: the ingress never needs most of it
    from protege.app.outside import Outside
    from protege.discord.rest import Discord
    from protege.learning import Embedder
    from protege.providers import ChatModel, Usage
    from protege.providers.prices import Prices
    from protege.providers.tuning import Tuner


class Ground(Stored):
    """Storage, and what is outside."""

    def secret(self, name: str, refused: str = "") -> str:
        """A secret by its setting's name; another one than `refused`, where it was changed.

        Raises ConfigError where there is none, Unavailable where SSM does not give it.
        """
        if self.config.secrets_prefix:
            return self._secrets.read(SECRETS[name], refused)
        return self.set_up(name)

    @cached_property
    def discord(self) -> "Discord":
        """Discord's REST API."""
        from protege.discord.rest import Discord

        api, application = self.config.discord_api, self.config.discord_application_id
        return Discord(api, application, lambda refused: self.secret("discord_bot_token", refused))

    @cached_property
    def outside(self) -> "Outside":
        """Services that answer, tune and embed."""
        from protege.app.outside import Outside

        return Outside(self.config, self.secret)

    @cached_property
    def provider(self) -> "ChatModel":
        """Who answers."""
        return self.outside.chat()

    def tuner(self, provider: str) -> "Tuner":
        """Fine-tuning: `bedrock`, else the API that is configured for it."""
        return self.outside.tuner(provider)

    def embedder(self) -> "Embedder":
        """What reads questions; loaded when it is first asked for. Raises ConfigError."""
        return self._loaded_embedder

    @cached_property
    def _loaded_embedder(self) -> "Embedder":
        return self.outside.embedder(self._embedded)

    def _embedded(self, model: str, usage: "Usage") -> None:
        """What embedding costs is the guild's for which this process works."""
        from protege.settings import Settings
        from protege.spending import Spending, payer

        if payer():
            spending = Spending(self.records, Settings(self.records), self.prices)
            spending.note(payer(), "embed", model, usage)

    @cached_property
    def prices(self) -> "Prices":
        """What models cost."""
        from protege.providers.prices import Prices

        return Prices.read(self.config.model_prices)
