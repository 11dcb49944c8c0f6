"""What is said instead of what cannot be read aloud.

Not `protege.text`: this package knows nothing of the bot.
"""

from typing import NamedTuple


class Phrase(NamedTuple):
    """In each language."""

    en: str
    ru: str

    def to(self, language: str, **values: object) -> str:
        """In the language of a locale, its {fields} filled in."""
        return (self.ru if language.startswith("ru") else self.en).format(**values)


REST = Phrase("The rest is in the channel.", "Остальное — в канале.")


def rest_is_written(language: str) -> str:
    """What ends a speech that would have been too long."""
    return REST.to(language)
