"""The one place where the parts are put together; each is built when first asked for."""

import os
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

from protege.app.features import Features
from protege.app.ground import Ground
from protege.config import Config
from protege.context import Context
from protege.discord.interaction import Interaction

if TYPE_CHECKING:  # imported where it is built: the ingress never needs it
    from protege.claims import Claims
    from protege.training.steps import Training


class App(Features, Ground):
    """The bot, wired. `light`: in the ingress, where storage is read and never written."""

    def __init__(self, config: Config, env: Mapping[str, str], *, light: bool = False) -> None:
        Ground.__init__(self, config, env, light=light)
        Features.__init__(self, self)

    def context(self, interaction: Interaction) -> Context:
        """What the handler of this interaction gets."""
        return Context(interaction, self)

    # ---- what jobs reach, and handlers do not ----------------------------------------------------

    @cached_property
    def claims(self) -> "Claims":
        """Who is at work on what."""
        from protege.claims import Claims

        return Claims(self.records, lambda: self.now())

    @cached_property
    def training(self) -> "Training":
        """The steps of training jobs."""
        from protege.app.training import training

        return training(self, self)


@cache
def app(*, light: bool = False, keyless: bool = False) -> App:
    """The app of this process, built on first use and then kept.

    `keyless`: for the registrar, which asks Discord for the public key. Raises ConfigError.
    """
    return App(Config.read(os.environ, keyless=keyless), os.environ, light=light)
