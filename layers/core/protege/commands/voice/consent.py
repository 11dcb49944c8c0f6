"""“Listen to me” and “Stop listening to me”: whom the bot hears is up to each person."""

from protege.commands.voice.asking import order, server
from protege.context import Context
from protege.discord.reply import Reply
from protege.text import Text
from protege.ui.declare import button
from protege.voice.rules import VoiceRules

LISTENING = Text(
    "👂 From now on I hear you in the voice channels of this server. “Stop listening to me” or "
    "`/privacy` takes it back at any time. {kept}",
    "👂 Теперь я слышу вас в голосовых каналах этого сервера. Отменить можно в любой момент: "
    "«Не слушать меня» или `/privacy`. {kept}",
)
KEPT = {
    "off": Text("Nothing of what I hear is kept.", "Из услышанного я ничего не сохраняю."),
    "text": Text(
        "I keep the text of what I hear; `/privacy` shows and deletes it.",
        "Текст услышанного я сохраняю; увидеть и удалить его можно через `/privacy`.",
    ),
    "sound": Text(
        "I keep the text **and the sound** of what I hear; `/privacy` shows and deletes them.",
        "Текст **и звук** услышанного я сохраняю; увидеть и удалить их можно через `/privacy`.",
    ),
}
AS_ASK = Text(
    "Question and answer are written into the channel and remembered as those of `/ask`; nothing "
    "else of what I hear is kept.",
    "Вопрос и ответ я пишу в канал и помню, как после `/ask`; больше ничего из услышанного не "
    "сохраняю.",
)
TO_NOBODY = Text(
    "\nRight now I listen to nobody here: a trainer decided so.",
    "\nСейчас я здесь никого не слушаю: так решил тренер.",
)
TO_ALL = Text(
    "\nMind that on this server I listen to everyone: a trainer decided so.",
    "\nИмейте в виду: на этом сервере я слушаю всех, так решил тренер.",
)
STOPPED = Text("🙉 I do not listen to you any more.", "🙉 Я вас больше не слушаю.")
NEVER_DID = Text("🙉 You had not allowed it.", "🙉 Вы этого и не разрешали.")


@button(title=Text("Listen to me", "Слушать меня"), runs="later", private=True)
def listen_to_me(ctx: Context, argument: str) -> Reply:
    """Of the person who pressed, whatever the button says."""
    space = server(ctx)
    rules = ctx.bot.voice_rules.rules(space)
    ctx.bot.consent.give(space, ctx.interaction.user, rules.keep)
    said = ctx.say(LISTENING, kept=kept(rules))
    said += ctx.say(TO_NOBODY) if rules.listens == "nobody" else ""
    off = ctx.button(stop_listening, emoji="🙉")
    return Reply(said, (off,), private=True, voice=order(ctx, "rules"))


@button(title=Text("Stop listening to me", "Не слушать меня"), runs="later", private=True)
def stop_listening(ctx: Context, argument: str) -> Reply:
    """Of the person who pressed, too."""
    space = server(ctx)
    given = ctx.bot.consent.withdraw(space, ctx.interaction.user)
    everyone = ctx.bot.voice_rules.rules(space).listens == "everyone"
    said = ctx.say(STOPPED if given else NEVER_DID) + (ctx.say(TO_ALL) if everyone else "")
    return Reply(said, private=True, voice=order(ctx, "rules"))


def kept(rules: VoiceRules) -> Text:
    """What becomes of what is heard."""
    written = rules.keep == "off" and rules.transcript == "on"
    return AS_ASK if written else KEPT[rules.keep]
