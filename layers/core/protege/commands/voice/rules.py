"""/voice: how the bot sounds on this server, whom it hears, what it keeps."""

from typing import Annotated, Any

from protege.commands.teaching import is_trainer
from protege.commands.voice.asking import order, server
from protege.commands.voice.choosing import (
    KEEP,
    KEPT,
    LISTENS,
    PACE,
    SERVERS,
    SOUNDS,
    SPEAKS,
    TRANSCRIPT,
    USUALLY,
    WHOM,
    WRITTEN,
    language_of,
    one_of,
    speed_of,
    voice_of,
)
from protege.commands.voice.consent import listen_to_me, stop_listening
from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import command
from protege.ui.dispatch import FORBIDDEN
from protege.voice.languages import LANGUAGES
from protege.voice.rules import VoiceRules

NOT_THERE = Text(
    "{voice} — unknown to `{engine}`, which speaks as usual",
    "{voice} — `{engine}` такого не знает и говорит обычным",
)
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
        "voice": None if voice is None else voice_of(ctx, voice),
        "language": None if language is None else language_of(language),
        "speed": None if speed is None else speed_of(speed),
        "listens": None if listen is None else one_of(listen, LISTENS),
        "transcript": None if transcript is None else one_of(transcript, TRANSCRIPT),
        "keep": None if keep is None else one_of(keep, KEEP),
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
        language=LANGUAGES.get(rules.language, rules.language) or SERVERS,
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


def _sounds(ctx: Context, voice: str) -> str:
    """An operator may have changed what speaks since the voice was chosen."""
    there, shown = ctx.bot.voices, plain(voice, 60)
    if not voice:
        return ctx.say(USUALLY)
    return shown if there.named(voice) else ctx.say(NOT_THERE, voice=shown, engine=there.engine)
