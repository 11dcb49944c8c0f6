"""/privacy: what a person contributed, as a list, as a file, or gone."""

from typing import TYPE_CHECKING

from protege.commands.voice.asking import order
from protege.commands.voice.consent import stop_listening
from protege.commands.voice.rules import HEARD
from protege.context import Context
from protege.discord.reply import Button, File, Reply
from protege.text import Text
from protege.ui.declare import button, command

if TYPE_CHECKING:
    from protege.privacy import Contributions

HEAD = Text(
    "🔐 What you contributed here (only you see this):",
    "🔐 Что вы внесли здесь (видите только вы):",
)
KINDS = {
    "answer": Text("questions you asked", "вопросов вы задали"),
    "vote": Text("thumbs", "оценок 👍👎"),
    "remark": Text("remarks", "отзывов"),
    "proposal": Text("corrections", "исправлений"),
    "duel": Text("comparisons you asked for", "сравнений вы просили"),
    "ballot": Text("votes in comparisons", "голосов в сравнениях"),
    "file": Text("files of training data", "файлов с учебными данными"),
    "speech": Text("things you said aloud that I kept", "сказанных вслух фраз я сохранил"),
}
HELD = Text(
    "Model versions that hold lessons of yours: {versions}",
    "Ваши уроки есть в версиях модели: {versions}",
)
NOT_USED = Text("no longer used", "больше не используются")
EXPORT = Text("Get it as a file", "Получить файлом")
DELETE = Text("Delete all of it", "Удалить всё")
CONFIRM = Text("Yes, delete for ever", "Да, удалить навсегда")
HERE = Text("Here is everything.", "Здесь всё.")
SURE = Text(
    "⚠️ This deletes for ever the questions you asked, your corrections, thumbs, votes, remarks "
    "and files of training data here, what I kept of your voice, that I may hear "
    "you, and how often you came lately. I stop using them at once; model versions that hold them "
    "are marked, and the next training leaves them out. What stays: that you deleted this, and who "
    "began trainings or changed settings. There is no undo.",
    "⚠️ Навсегда удалятся ваши вопросы, исправления, оценки, голоса, отзывы и файлы с учебными "
    "данными отсюда, сохранённое из сказанного вслух, разрешение вас слушать и "
    "то, как часто вы обращались ко мне в последнее время. Я сразу перестану всем этим "
    "пользоваться; версии модели с ним будут помечены, и следующее обучение его не возьмёт. "
    "Останется только, что вы это удалили и кто начинал обучения или менял настройки. "
    "Отменить это нельзя.",
)
GONE = Text("🗑️ Deleted. None of it is used from now on.", "🗑️ Удалено. Больше я этим не пользуюсь.")
SAMPLE = 150
RED = 4


@command(
    title=Text("privacy", "приватность"),
    about=Text("See, export or delete what you gave me", "Увидеть, выгрузить, удалить своё"),
    runs="later",
    private=True,
)
def privacy(ctx: Context) -> Reply:
    """Counts, samples, and the model versions that hold something."""
    found = ctx.bot.privacy.contributions(ctx.space, ctx.interaction.user)
    buttons = [ctx.button(privacy_export, emoji="📦"), ctx.button(privacy_delete, emoji="🗑️")]
    lines, since = _lines(ctx, found), ctx.bot.consent.since(ctx.space, ctx.interaction.user)
    if since:
        lines.append(ctx.say(HEARD, since=since))
        buttons.append(ctx.button(stop_listening, emoji="🙉"))
    return Reply("\n".join(lines), tuple(buttons), private=True)


@button(title=EXPORT, runs="later", private=True)
def privacy_export(ctx: Context, argument: str) -> Reply:
    """Everything as JSON."""
    body = ctx.bot.privacy.export(ctx.space, ctx.interaction.user)
    file = File("my-data.json", body, "application/json")
    return Reply(ctx.say(HERE), private=True, files=(file,))


@button(title=DELETE, runs="later", private=True)
def privacy_delete(ctx: Context, argument: str) -> Reply:
    """Ask once more."""
    sure = Button(privacy_confirm.route(), ctx.say(CONFIRM), style=RED)
    return Reply(ctx.say(SURE), (sure,), private=True)


@button(title=CONFIRM, runs="later", private=True)
def privacy_confirm(ctx: Context, argument: str) -> Reply:
    """Delete what belongs to the person who pressed, whatever the button says."""
    ctx.bot.privacy.delete(ctx.space, ctx.interaction.user)
    told = order(ctx, "rules") if ctx.interaction.guild else None
    return Reply(ctx.say(GONE), private=True, voice=told)


def _lines(ctx: Context, found: "Contributions") -> list[str]:
    lines = [ctx.say(HEAD)]
    lines += [f"- {ctx.say(text)}: **{found.counts[kind]}**" for kind, text in KINDS.items()]
    lines += [f"> {' '.join(sample.split())[:SAMPLE]}" for sample in found.samples]
    if found.versions:
        unused = f" ({ctx.say(NOT_USED)})"
        versions = (
            f"v{n}: {count}{unused if n in found.stale else ''}"
            for n, count in found.versions.items()
        )
        lines.append(ctx.say(HELD, versions=", ".join(versions)))
    return lines
