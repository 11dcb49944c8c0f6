"""Words for people, in every language the bot speaks."""

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in each language. A missing translation is a type error, not a surprise."""

    en: str
    ru: str

    def to(self, locale: str, **values: object) -> str:
        """The sentence for a Discord locale (`en-US`, `ru` ...), its {fields} filled in.

        A value that is itself a Text is spoken in the same language.
        """
        chosen = self.ru if locale.startswith("ru") else self.en
        if not values:
            return chosen
        spoken = {k: v.to(locale) if isinstance(v, Text) else v for k, v in values.items()}
        return chosen.format(**spoken)


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut with an ellipsis to `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
