"""What the bot can do: all that a handler reaches, said once; each built when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

from protege.app.operating import Operating
from protege.app.speech import Speech
from protege.app.teaching import Teaching

if TYPE_CHECKING:  # imported where it is built: the ingress never needs most of it
    from protege.arena import Arena
    from protege.chat import Chat
    from protege.comparing import Comparing
    from protege.hearing import Hearing
    from protege.lineage import Lineage
    from protege.mishaps import Mishaps
    from protege.models import Models
    from protege.privacy import Privacy
    from protege.promotion import Promotion
    from protege.testing import Tests
    from protege.training.methods import Methods


class Features(Teaching, Speech, Operating):
    """Handlers get the whole app as this: its type hides from them what the features stand on."""

    @cached_property
    def models(self) -> "Models":
        """Model versions."""
        from protege.models import Models

        on = self._on
        return Models(on.files, on.records, self.lessons, self.forgetting, on.embedder)

    @cached_property
    def lineage(self) -> "Lineage":
        """Versions on record, and which of them answers."""
        from protege.lineage import Lineage

        return Lineage(self._on.records)

    @cached_property
    def comparing(self) -> "Comparing":
        """Versions on the same questions."""
        from protege.comparing import Comparing

        return Comparing(self.models, self._on.embedder)

    @cached_property
    def promotion(self) -> "Promotion":
        """Which version answers."""
        from protege.promotion import Promotion

        return Promotion(self.models, self.lineage, self.comparing, self._serve)

    def _serve(self, provider: str, name: str, model: str) -> str:
        return self._on.tuner(provider).serve(name, model)

    @cached_property
    def chat(self) -> "Chat":
        """Answers."""
        from protege.chat import Chat

        know = self.models, self._on.embedder, self.instructions
        return Chat(self._on.provider, *know, self.answers, self.spending)

    @cached_property
    def hearing(self) -> "Hearing":
        """What is said in sound files."""
        from protege.hearing import Hearing

        most_s = float(self._on.config.sound_max_s)
        return Hearing(self._on.outside.transcriber, most_s, self.spending)

    @cached_property
    def arena(self) -> "Arena":
        """Versions against each other, blind."""
        from protege.arena import Arena

        return Arena(self._on.records, self.chat, self._on.config.answer_days)

    @cached_property
    def privacy(self) -> "Privacy":
        """What a person contributed."""
        from protege.privacy import Privacy

        kept = self.models, self.proposals, self.library, self.versions
        return Privacy(self._on.records, self._on.files, *kept, self.forgetting, self.limits)

    @cached_property
    def mishaps(self) -> "Mishaps":
        """What went wrong lately."""
        from protege.mishaps import Mishaps

        return Mishaps(self._on.records, lambda: self._on.now())

    @cached_property
    def tests(self) -> "Tests":
        """Trials on rows whose answers are known, or not."""
        from protege.app.training import tests

        return tests(self, self._on)

    @cached_property
    def methods(self) -> "Methods":
        """The ways to train that can be used here."""
        from protege.app.training import methods

        return methods(self, self._on)
