"""What can be done to a version at one press, wherever it is shown: its card, an announcement."""

from typing import TYPE_CHECKING, Any

from protege.commands.model.choosing import label, number
from protege.commands.model.comparing import comparison
from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Permission, button

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protege.lineage import Activation

TRAINERS = Permission.MANAGE_GUILD
RED = 4
ACTIVATE = Text("Activate", "Включить")
ANYWAY = Text("Activate all the same", "Всё равно включить")
DISCARD = Text("Delete", "Удалить")
COMPARE = Text("Compare", "Сравнить")
RESTORE = Text("Undo", "Вернуть")
ACTIVATED = Text(
    "✅ **{label}** answers from now on. Before: {before}. Corrections given since its training "
    "count on top.",
    "✅ Теперь отвечает **{label}**. До этого: {before}. Исправления, сделанные после её обучения, "
    "тоже действуют.",
)
NOBODY = Text("no version", "никакая")
ALREADY = Text(
    "Version **v{version}** answers already.", "Версия **v{version}** и так уже отвечает."
)
NOTHING_ACTIVE = Text(
    "No version answers now; corrections alone do.",
    "Теперь не отвечает ни одна версия, только исправления.",
)
WORSE = Text(
    "⚠️ On the same {rows} held-out questions **v{version}** is worse than **v{active}**: {lost} "
    "answers that were right are not, {gained} that were not are right. Activate it all the same?",
    "⚠️ На одних и тех же {rows} отложенных вопросах **v{version}** хуже, чем **v{active}**: "
    "верных ответов потеряно {lost}, приобретено {gained}. Всё равно включить?",
)
WORSE_MODEL = Text(
    "⚠️ The model of **v{version}** answered {rows} held-out questions worse than **v{active}**: "
    "worth {after} of 100, {before} before. Activate it all the same?",
    "⚠️ На отложенные вопросы ({rows}) модель версии **v{version}** ответила хуже, чем "
    "**v{active}**: {after} из 100 против {before}. Всё равно включить?",
)
DELETED = Text(
    "🗑️ Version **v{version}** is deleted. Its number is not used again; for 30 days it can be "
    "brought back (`/model restore`).",
    "🗑️ Версия **v{version}** удалена. Её номер больше не используется; в течение 30 дней её можно "
    "вернуть (`/model restore`).",
)
BACK = Text("Version **v{version}** is back.", "Версия **v{version}** снова здесь.")
NOT_ACTIVE_YET = Text(
    "There is no other active version to compare with.",
    "Нет другой активной версии, с которой можно сравнить.",
)


@button(title=ACTIVATE, runs="later", needs=TRAINERS, private=True)
def activate_version(ctx: Context, argument: str) -> Reply:
    """Make a version the active one; ask once more where it is worse."""
    return activated(ctx, number(argument))


@button(title=ANYWAY, runs="later", needs=TRAINERS, private=True)
def activate_anyway(ctx: Context, argument: str) -> Reply:
    """The same, though it is worse."""
    return activated(ctx, number(argument), anyway=True)


@button(title=RESTORE, runs="later", needs=TRAINERS, private=True)
def undo_activation(ctx: Context, argument: str) -> Reply:
    """Back to what was active, unless somebody has decided otherwise since."""
    from protege.lineage import Move

    before, revision = _numbers(argument)
    interaction = ctx.interaction
    move = Move(interaction.id, interaction.user, "undo")
    moved = ctx.bot.promotion.activate(ctx.space, before, move, revision=revision)
    return moved_to(ctx, moved)


@button(title=DISCARD, runs="later", needs=TRAINERS, private=True)
def discard_version(ctx: Context, argument: str) -> Reply:
    """Delete a version that is not the active one."""
    version = number(argument)
    ctx.bot.promotion.delete(ctx.space, version)
    undo = (ctx.button(restore_version, str(version)),)
    return Reply(ctx.say(DELETED, version=version), undo, private=True)


@button(title=RESTORE, runs="later", needs=TRAINERS, private=True)
def restore_version(ctx: Context, argument: str) -> Reply:
    """Bring a deleted version back."""
    version = number(argument)
    ctx.bot.promotion.restore(ctx.space, version)
    return Reply(ctx.say(BACK, version=version), private=True)


@button(title=COMPARE, runs="later", needs=TRAINERS, private=True)
def compare_versions(ctx: Context, argument: str) -> Reply:
    """A version beside the active one; beside the one before it where it is active itself."""
    version = number(argument)
    known = ctx.bot.promotion.get(ctx.space, version)
    active = ctx.bot.lineage.active(ctx.space).after
    other = active if active != version else int(known.facts.get("parent", 0))
    if not other:
        raise UserError(NOT_ACTIVE_YET)
    return comparison(ctx, other, version)


def activated(ctx: Context, version: int, *, anyway: bool = False) -> Reply:
    """Activate; or say what is lost, with a button that does it all the same. Raises UserError."""
    from protege.lineage import Move
    from protege.promotion import worse

    interaction, promotion = ctx.interaction, ctx.bot.promotion
    promotion.get(ctx.space, version)
    last = ctx.bot.lineage.active(ctx.space)
    if last.after == version and last.id != interaction.id:
        return Reply(ctx.say(ALREADY, version=version), private=True)
    found = {} if anyway else promotion.weigh(ctx.space, version)
    if worse(found):
        words = _warning(ctx, found, version=version, active=last.after)
        return Reply(words, (ctx.button(activate_anyway, str(version), emoji="⚠️"),), private=True)
    move = Move(interaction.id, interaction.user, "chosen")
    return moved_to(ctx, promotion.activate(ctx.space, version, move))


def _warning(ctx: Context, found: "Mapping[str, Any]", **versions: int) -> str:
    """`found`: see `Promotion.weigh`."""
    if "lost" in found:
        said = {name: found[name] for name in ("rows", "lost", "gained")}
        return ctx.say(WORSE, **versions, **said)
    worth = {name: round(100 * found[name]) for name in ("before", "after")}
    return ctx.say(WORSE_MODEL, **versions, **worth, rows=found["rows"])


def moved_to(ctx: Context, moved: "Activation") -> Reply:
    """What changed, and the way back."""
    undo = ctx.button(undo_activation, f"{moved.before}.{moved.revision}")
    if not moved.after:
        return Reply(ctx.say(NOTHING_ACTIVE), (undo,), private=True)
    known = ctx.bot.promotion.get(ctx.space, moved.after)
    before = f"v{moved.before}" if moved.before else ctx.say(NOBODY)
    said = {"label": label(ctx, known, 0), "before": before}
    return Reply(ctx.say(ACTIVATED, **said), (undo,), private=True)


def _numbers(argument: str) -> tuple[int, int]:
    """A version (or 0) and the pointer's revision. Raises UserError."""
    before, _, revision = argument.partition(".")
    if not all(part.isascii() and part.isdigit() for part in (before, revision)):
        from protege.lineage import UNKNOWN

        raise UserError(UNKNOWN, name=argument)
    return int(before), int(revision)
