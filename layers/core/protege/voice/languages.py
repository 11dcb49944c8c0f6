"""Languages that it can be told to hear and speak: all that Discord itself speaks."""

LANGUAGES = {
    "en-US": "English (US)",
    "ru": "Русский",
    "en-GB": "English (UK)",
    "ar": "العربية",
    "bg": "Български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "es-ES": "Español (España)",
    "es-419": "Español (Latinoamérica)",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt-BR": "Português do Brasil",
    "ro": "Română",
    "sv-SE": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
}
"""Each locale and its own name. The first of a language is what its bare code means.
Source: https://docs.discord.com/developers/reference#locales (and `ar`, from Discord's OpenAPI)"""


def locale(typed: str) -> str | None:
    """The locale that is meant by `RU`, `en` or `pt-br`; None for what is none of them."""
    code = typed.strip().casefold()
    exact = (known for known in LANGUAGES if known.casefold() == code)
    first = (known for known in LANGUAGES if known.casefold().partition("-")[0] == code)
    return next(exact, None) or next(first, None)


def like(typed: str) -> dict[str, str]:
    """Those whose code begins with what was typed so far, or whose name has it."""
    part = typed.strip().casefold()
    return {
        code: name
        for code, name in LANGUAGES.items()
        if code.casefold().startswith(part) or part in name.casefold()
    }
