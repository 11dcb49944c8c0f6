"""What /voice offers while it is typed, and takes."""

from typing import Any

from protege.context import Context
from protege.discord.reply import Choice
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Option
from protege.voice.languages import LANGUAGES, like, locale
from protege.voice.rules import SPEEDS

LISTENS = {
    "nobody": Text("nobody", "nobody — никого"),
    "asked": Text("asked — who pressed “Listen to me”", "asked — кто нажал «Слушать меня»"),
    "everyone": Text("everyone", "everyone — всех"),
}
TRANSCRIPT = {
    "on": Text("on — what I heard and said, in the text channel", "on — писать услышанное в чат"),
    "off": Text("off — voice only", "off — только голос"),
}
KEEP = {
    "off": Text("off — nothing", "off — ничего"),
    "text": Text("text — what was said", "text — текст сказанного"),
    "sound": Text("sound — the sound, too", "sound — ещё и звук"),
}
AUTO = "auto"
SERVERS = Text("auto — the server's", "auto — язык сервера")
USUAL = "usual"
USUALLY = Text("usual — the engine's own", "usual — обычный голос")
UNKNOWN = Text(
    "“{value}” is not one of: {known}.", "«{value}» не подходит; возможно одно из: {known}."
)
NO_LANGUAGE = Text(
    "I do not know the language “{value}”. I know: `auto`, {known}.",
    "Я не знаю языка «{value}». Знаю: `auto`, {known}.",
)
NO_VOICE = Text(
    "`{engine}`, which speaks here, has no voice “{value}”. It has, among others: {known}.",
    "У `{engine}`, который здесь говорит, нет голоса «{value}». Есть, например: {known}.",
)
NO_NAME = Text(
    "“{value}” is no name of a voice: letters, digits and `-`, `_`, `.`, `+`.",
    "«{value}» — не имя голоса: буквы, цифры и `-`, `_`, `.`, `+`.",
)
NAMED = 15
"""Of its voices, in a refusal."""
NO_SPEED = Text("A speed is a number from {least} to {most}.", "Скорость: от {least} до {most}.")


def _choices(known: dict[str, Text]) -> Any:
    def suggest(ctx: Context, typed: str) -> tuple[Choice, ...]:
        return tuple(Choice(ctx.say(text), value) for value, text in known.items())

    return suggest


def _languages(ctx: Context, typed: str) -> tuple[Choice, ...]:
    found = tuple(Choice(f"{name} ({code})", code) for code, name in like(typed).items())
    return (Choice(ctx.say(SERVERS), AUTO), *found) if typed.strip() in AUTO else found


def _option(about: Text, known: dict[str, Text]) -> Option:
    return Option(about, suggest=_choices(known), longest=20)


def _voices(ctx: Context, typed: str) -> tuple[Choice, ...]:
    found = tuple(Choice(name, name) for name in ctx.bot.voices.like(typed))
    return (Choice(ctx.say(USUALLY), USUAL), *found) if typed.strip() in USUAL else found


SOUNDS = Option(Text("Name of the voice", "Имя голоса"), suggest=_voices, longest=60)
SPEAKS = Option(
    Text("Language I hear and speak", "На каком языке слушать и говорить"),
    suggest=_languages,
    longest=20,
)
PACE = Option(Text("From 0.5 (slow) to 2 (fast)", "От 0.5 (медленно) до 2 (быстро)"))
WHOM = _option(Text("Whom I listen to", "Кого слушать"), LISTENS)
WRITTEN = _option(Text("Write down what was said", "Писать ли сказанное в чат"), TRANSCRIPT)
KEPT = _option(Text("What I keep of what I hear", "Что сохранять из услышанного"), KEEP)


def voice_of(ctx: Context, typed: str) -> str:
    """The voice's own name, "" for the usual one. Raises UserError for one that is not there."""
    there = ctx.bot.voices
    if typed.strip() == USUAL:
        return ""
    if found := there.named(typed):
        return found
    if not there.names:
        raise UserError(NO_NAME, value=plain(typed, 60))
    known = ", ".join(there.names[:NAMED])
    raise UserError(NO_VOICE, value=plain(typed, 60), engine=there.engine, known=known)


def language_of(typed: str) -> str:
    """A locale, "" for the server's. Raises UserError for what is no known language."""
    if typed.strip() == AUTO:
        return ""
    if found := locale(typed):
        return found
    known = ", ".join(f"`{code}`" for code in LANGUAGES)
    raise UserError(NO_LANGUAGE, value=plain(typed, 60), known=known)


def speed_of(value: float) -> float:
    """A factor of the ordinary pace, rounded. Raises UserError where nobody could follow."""
    slowest, fastest = SPEEDS
    if not slowest <= value <= fastest:  # also what is no number
        raise UserError(NO_SPEED, least=slowest, most=fastest)
    return round(value, 2)


def one_of(value: str, known: dict[str, Text]) -> str:
    """The value, if it is one of those known. Raises UserError."""
    if value not in known:
        raise UserError(UNKNOWN, value=plain(value, 60), known=", ".join(known))
    return value
