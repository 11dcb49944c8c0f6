"""/voice: how the bot sounds on this server, whom it hears, what it keeps."""

import re
from typing import Annotated, Any

from protege.commands.teaching import is_trainer
from protege.commands.voice.asking import order, server
from protege.commands.voice.consent import listen_to_me, stop_listening
from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Option, command
from protege.ui.dispatch import FORBIDDEN
from protege.voice.rules import VoiceRules

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
LANGUAGES = {
    "auto": Text("auto — the server's", "auto — язык сервера"),
    "en-US": Text("English", "английский"),
    "ru": Text("Russian", "русский"),
}
USUAL = "usual"
USUALLY = Text("usual — the engine's own", "usual — обычный голос")
NOT_THERE = Text(
    "{voice} — unknown to `{engine}`, which speaks as usual",
    "{voice} — `{engine}` такого не знает и говорит обычным",
)
LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}").fullmatch
SLOWEST, FASTEST = 0.5, 2.0

SHOWN = Text(
    "🎙️ **Voice**: {voice}\n🎙️ **Language**: {language}\n🎙️ **Speed**: {speed:g}\n"
    "👂 **I listen to**: {listens}\n📝 **Transcript**: {transcript}\n💾 **I keep**: {keep}\n{you}",
    "🎙️ **Голос**: {voice}\n🎙️ **Язык**: {language}\n🎙️ **Скорость**: {speed:g}\n"
    "👂 **Слушаю**: {listens}\n📝 **Расшифровка**: {transcript}\n💾 **Сохраняю**: {keep}\n{you}",
)
HEARD = Text(
    "You let me hear you since <t:{since:.0f}:f>.",
    "Вы разрешили мне слышать вас: <t:{since:.0f}:f>.",
)
NOT_HEARD = Text("You did not ask me to listen to you.", "Вы не просили меня слушать вас.")
HEARD_LIKE_ALL = Text(
    "I hear you in voice channels where I am, as I hear everyone on this server.",
    "Я слышу вас в голосовых каналах, где нахожусь: на этом сервере я слышу всех.",
)
UNKNOWN = Text(
    "“{value}” is not one of: {known}.", "«{value}» не подходит; возможно одно из: {known}."
)
NO_LANGUAGE = Text(
    "“{value}” is no language: try `en-US`, `ru` or `auto`.",
    "«{value}» — не язык: например, `en-US`, `ru` или `auto`.",
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


def _option(about: Text, known: dict[str, Text], longest: int = 20) -> Option:
    return Option(about, suggest=_choices(known), longest=longest)


def _voices(ctx: Context, typed: str) -> tuple[Choice, ...]:
    found = tuple(Choice(name, name) for name in ctx.bot.voices.like(typed))
    return (Choice(ctx.say(USUALLY), USUAL), *found) if typed.strip() in USUAL else found


SOUNDS = Option(Text("Name of the voice", "Имя голоса"), suggest=_voices, longest=60)
SPEAKS = _option(Text("Language I hear and speak", "На каком языке слушать и говорить"), LANGUAGES)
PACE = Option(Text("From 0.5 (slow) to 2 (fast)", "От 0.5 (медленно) до 2 (быстро)"))
WHOM = _option(Text("Whom I listen to", "Кого слушать"), LISTENS)
WRITTEN = _option(Text("Write down what was said", "Писать ли сказанное в чат"), TRANSCRIPT)
KEPT = _option(Text("What I keep of what I hear", "Что сохранять из услышанного"), KEEP)


@command(
    title=Text("voice", "голос"),
    about=Text("How I sound here, and whom I hear", "Как я звучу здесь и кого слышу"),
    runs="later",
    private=True,
    servers_only=True,
)
def voice(
    ctx: Context,
    voice: Annotated[str | None, SOUNDS] = None,
    language: Annotated[str | None, SPEAKS] = None,
    speed: Annotated[float | None, PACE] = None,
    listen: Annotated[str | None, WHOM] = None,
    transcript: Annotated[str | None, WRITTEN] = None,
    keep: Annotated[str | None, KEPT] = None,
) -> Reply:
    """Show everything to everybody; change what is given for those who manage the server."""
    space, book = server(ctx), ctx.bot.voice_rules
    changes: dict[str, Any] = {
        "voice": None if voice is None else _voice(ctx, voice),
        "language": None if language is None else _language(language),
        "speed": None if speed is None else _speed(speed),
        "listens": None if listen is None else _known(listen, LISTENS),
        "transcript": None if transcript is None else _known(transcript, TRANSCRIPT),
        "keep": None if keep is None else _known(keep, KEEP),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes:
        return _shown(ctx, book.rules(space))
    if not is_trainer(ctx):
        raise UserError(FORBIDDEN)
    rules = book.change(space, ctx.interaction.user, **changes)
    return _shown(ctx, rules)._replace(voice=order(ctx, "rules"))


def _shown(ctx: Context, rules: VoiceRules) -> Reply:
    since = ctx.bot.consent.since(ctx.space, ctx.interaction.user)
    said = ctx.say(
        SHOWN,
        voice=_sounds(ctx, rules.voice),
        language=rules.language or LANGUAGES["auto"],
        speed=rules.speed,
        listens=LISTENS[rules.listens],
        transcript=TRANSCRIPT[rules.transcript],
        keep=KEEP[rules.keep],
        you=ctx.say(HEARD, since=since) if since else _unasked(rules),
    )
    turn = ctx.button(stop_listening, emoji="🙉") if since else ctx.button(listen_to_me, emoji="👂")
    return Reply(said, (turn,), private=True)


def _unasked(rules: VoiceRules) -> Text:
    """What somebody should know who did not press."""
    return HEARD_LIKE_ALL if rules.listens == "everyone" else NOT_HEARD


def _known(value: str, known: dict[str, Text]) -> str:
    if value not in known:
        raise UserError(UNKNOWN, value=plain(value, 60), known=", ".join(known))
    return value


def _sounds(ctx: Context, voice: str) -> str:
    """An operator may have changed what speaks since the voice was chosen."""
    there, shown = ctx.bot.voices, plain(voice, 60)
    if not voice:
        return ctx.say(USUALLY)
    return shown if there.named(voice) else ctx.say(NOT_THERE, voice=shown, engine=there.engine)


def _voice(ctx: Context, typed: str) -> str:
    there = ctx.bot.voices
    if typed.strip() == USUAL:
        return ""
    if found := there.named(typed):
        return found
    if not there.names:
        raise UserError(NO_NAME, value=plain(typed, 60))
    known = ", ".join(there.names[:NAMED])
    raise UserError(NO_VOICE, value=plain(typed, 60), engine=there.engine, known=known)


def _language(typed: str) -> str:
    if typed.strip() == "auto":
        return ""
    if not LANGUAGE(typed.strip()):
        raise UserError(NO_LANGUAGE, value=plain(typed, 60))
    return typed.strip()


def _speed(value: float) -> float:
    if not SLOWEST <= value <= FASTEST:  # also what is no number
        raise UserError(NO_SPEED, least=SLOWEST, most=FASTEST)
    return round(value, 2)
