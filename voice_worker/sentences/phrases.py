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
CODE = Phrase("Here is some code.", "Здесь код.")
TABLE = Phrase("Here is a table of {rows} rows.", "Здесь таблица, строк: {rows}.")
LINK = Phrase("a link to {host}", "ссылка на {host}")
SPOILER = Phrase("a spoiler", "спойлер")
SOMEONE = Phrase("somebody", "кто-то")
ROLE = Phrase("a role", "роль")
CHANNEL = Phrase("a channel", "канал")
MAIL = Phrase(" at ", " собака ")
AT = Phrase("{month} {day}, {year}", "{day} {month} {year} года")
MONTHS = Phrase(
    "January February March April May June July August September October November December",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)
WORDS = {
    "≈": Phrase("about", "около"),
    "≤": Phrase("at most", "не больше"),
    "≥": Phrase("at least", "не меньше"),
    "≠": Phrase("is not", "не равно"),
    "×": Phrase("times", "умножить на"),
    "±": Phrase("plus or minus", "плюс-минус"),
    "№": Phrase("number", "номер"),
    "°C": Phrase("degrees", "градусов"),
    "°": Phrase("degrees", "градусов"),
    "&": Phrase("and", "и"),
    "=": Phrase("is", "равно"),
}
"""Signs, and the words that they stand for."""
IN_FULL = {
    r"\be\.\s?g\.": Phrase("for example", "например"),
    r"\bi\.\s?e\.": Phrase("that is", "то есть"),
    r"\bvs\.": Phrase("versus", "против"),
    r"\bapprox\.": Phrase("approximately", "примерно"),
    r"\bт\.\s?е\.": Phrase("то есть", "то есть"),
    r"\bт\.\s?к\.": Phrase("так как", "так как"),
    r"\bи\s+т\.\s?д\.": Phrase("и так далее", "и так далее"),
    r"\bи\s+т\.\s?п\.": Phrase("и тому подобное", "и тому подобное"),
    r"\bи\s+др\.": Phrase("и другие", "и другие"),
    r"\bнапр\.": Phrase("например", "например"),
    r"\bруб\.": Phrase("рублей", "рублей"),
    r"\bтыс\.": Phrase("тысяч", "тысяч"),
    r"(?<=\bв\s\d{4}\s)г\.": Phrase("году", "году"),
    r"(?<=\d\s)г\.": Phrase("года", "года"),
    r"(?<=\d\s)гг\.": Phrase("годов", "годов"),
}
"""Abbreviations that engines read letter by letter."""


def rest_is_written(language: str) -> str:
    """What ends a speech that would have been too long."""
    return REST.to(language)
