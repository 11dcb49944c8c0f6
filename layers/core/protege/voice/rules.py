"""What a guild decided about its voice: how it sounds, whom it hears, where it answers messages."""

from typing import Any, NamedTuple

from protege.errors import Conflict, Missing
from protege.storage import Record, Records

SPEEDS = (0.5, 2.0)
"""Slowest and fastest: what every engine can do, and what people can follow."""


class VoiceRules(NamedTuple):
    """One guild's rules."""

    voice: str = ""
    """Name of the engine's voice; empty: its usual one."""
    language: str = ""
    """Language that is heard and spoken, such as `ru` or `en-US`; empty: the guild's locale."""
    speed: float = 1.0
    """1.0: the voice's own pace."""
    listens: str = "asked"
    """Whom it hears: `nobody`, `asked` (who said yes) or `everyone`."""
    transcript: str = "on"
    """`on`: what it heard and answered is written into the text channel; `off`."""
    keep: str = "off"
    """What is kept of what it heard: `off` (nothing), `text` or `sound` (both)."""
    chat_channels: tuple[str, ...] = ()
    """Ids of the channels where it answers every message."""


class VoiceRulesBook:
    """Every guild's rules; `space` is the guild in every call.

    `reads`: whether the application may read messages that are not meant for it.
    """

    def __init__(self, records: Records, *, reads: bool = False) -> None:
        self._records = records
        self.reads = reads

    def rules(self, space: str) -> VoiceRules:
        """The rules now."""
        return _rules(self._found(space))

    def change(self, space: str, by: str, **changes: Any) -> VoiceRules:
        """Change some of the rules. Two who change different ones at once both have their way."""
        while True:
            found = self._found(space)
            rules = _rules(found)._replace(**changes)
            if self._written(space, by, rules, found):
                return rules

    def open_channel(self, space: str, by: str, channel: str, *, most: int) -> VoiceRules | None:
        """Answer every message there; None where `most` channels are chosen already."""
        while True:
            found = self._found(space)
            rules = _rules(found)
            others = tuple(c for c in rules.chat_channels if c != channel)
            if len(others) >= most:
                return None
            rules = rules._replace(chat_channels=(*others, channel))
            if self._written(space, by, rules, found):
                return rules

    def close_channel(self, space: str, by: str, channel: str) -> VoiceRules:
        """Answer there no longer than where one is mentioned."""
        while True:
            found = self._found(space)
            rules = _rules(found)
            others = tuple(c for c in rules.chat_channels if c != channel)
            rules = rules._replace(chat_channels=others)
            if self._written(space, by, rules, found):
                return rules

    def _written(self, space: str, by: str, rules: VoiceRules, found: Record | None) -> bool:
        fields = {**rules._asdict(), "chat_channels": list(rules.chat_channels), "by": by}
        try:
            self._records.put("voice", space, fields, expect=found.version if found else 0)
        except Conflict:
            return False
        return True

    def _found(self, space: str) -> Record | None:
        try:
            return self._records.get("voice", space)
        except Missing:
            return None


def _rules(found: Record | None) -> VoiceRules:
    fields = found.fields if found else {}
    rules = VoiceRules(**{n: fields[n] for n in VoiceRules._fields if n in fields})
    return rules._replace(chat_channels=tuple(rules.chat_channels))
