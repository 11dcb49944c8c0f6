"""Words for people, in every language the bot speaks."""

from typing import NamedTuple

MARKDOWN = frozenset("\\*_`~|>#[]<")


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


def plain(text: str, longest: int) -> str:
    """As `one_line`, with Markdown of its own shown as it is, never as a link, quote or code."""
    return "".join(f"\\{c}" if c in MARKDOWN else c for c in one_line(text, longest))


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut with an ellipsis to `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
