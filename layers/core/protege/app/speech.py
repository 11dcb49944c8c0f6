"""What the voice worker and its commands share; each built when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where it is built: the ingress never needs it
    from protege.app.ground import Ground
    from protege.voice.calling import Calling
    from protege.voice.consent import Consent
    from protege.voice.presence import Presence
    from protege.voice.rules import VoiceRulesBook
    from protege.voice.voices import Voices


class Speech:
    """What concerns voice channels."""

    _on: "Ground"

    @cached_property
    def voice_rules(self) -> "VoiceRulesBook":
        """How it sounds, and whom it hears."""
        from protege.voice.rules import VoiceRulesBook

        return VoiceRulesBook(self._on.records, reads=bool(self._on.config.message_content))

    @cached_property
    def voices(self) -> "Voices":
        """Of what speaks here."""
        from protege.voice.voices import voices

        config = self._on.config
        return voices(config.tts, config.tts_model, config.tts_folder)

    @cached_property
    def consent(self) -> "Consent":
        """Who allowed to be heard."""
        from protege.voice.consent import Consent

        return Consent(self._on.records)

    @cached_property
    def presence(self) -> "Presence":
        """Whether a voice worker runs."""
        from protege.voice.presence import Presence

        return Presence(self._on.records, lambda: self._on.now())

    @cached_property
    def calling(self) -> "Calling":
        """Asking the voice worker for something."""
        from protege.voice.calling import Calling

        on = self._on
        return Calling(
            on.config.voice,
            self.presence,
            lambda: on.voice_queue,
            lambda: on.launcher,
            lambda guild, user: on.discord.voice_channel(guild, user),
        )
