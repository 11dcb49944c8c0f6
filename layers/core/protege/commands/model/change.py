"""/model activate, rollback, delete, restore and rebuild."""

from typing import TYPE_CHECKING, Annotated, Any

from protege.commands.beginning import new_job
from protege.commands.model.buttons import BACK, RED, TRAINERS, activated, discard_version, moved_to
from protege.commands.model.choosing import LONGEST, VERSION, deleted, number, trainers
from protege.commands.train.asking import question
from protege.context import Context
from protege.discord.reply import Button, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, button, command

if TYPE_CHECKING:
    from protege.lineage import Known
    from protege.training.jobs import Job

SURE = Text(
    "Delete version **v{version}**? It can be brought back for 30 days. What the arena found out "
    "about it stays.",
    "Удалить версию **v{version}**? Вернуть её можно в течение 30 дней. Результаты её сравнений "
    "останутся.",
)
IN_USE = Text(
    "Version **v{version}** answers now and cannot be deleted. Activate another one first.",
    "Версия **v{version}** отвечает сейчас, удалить её нельзя. Сначала включите другую.",
)
YES = Text("Yes, delete it", "Да, удалить")
REBUILD = Text("Rebuild", "Пересобрать")
REBUILDING = Text(
    "🔁 Job `{job}` rebuilds **v{version}** from its own lessons, without those that were taken "
    "back.",
    "🔁 Задание `{job}` пересобирает **v{version}** из её же уроков, без отозванных.",
)
ABOUT = "v{version} ↻"


@command(
    title=Text("model activate", "модель включить"),
    about=Text("Let a version answer from now on", "Пусть с этой минуты отвечает эта версия"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_activate(ctx: Context, version: Annotated[str, VERSION]) -> Reply:
    """Move the pointer; where the version is worse, ask once more."""
    trainers(ctx)
    return activated(ctx, number(version))


@command(
    title=Text("model rollback", "модель откатить"),
    about=Text("Back to the version that answered before", "К версии, которая отвечала раньше"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_rollback(ctx: Context) -> Reply:
    """Move the pointer back, further each time."""
    from protege.lineage import Move

    trainers(ctx)
    move = Move(ctx.interaction.id, ctx.interaction.user, "rollback")
    return moved_to(ctx, ctx.bot.promotion.roll_back(ctx.space, move))


@command(
    title=Text("model delete", "модель удалить"),
    about=Text("Delete a version; can be undone for 30 days", "Удалить версию; 30 дней обратимо"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_delete(ctx: Context, version: Annotated[str, VERSION]) -> Reply:
    """Ask whether that is meant."""
    trainers(ctx)
    known = ctx.bot.promotion.get(ctx.space, number(version))
    if ctx.bot.lineage.active(ctx.space).after == known.number:
        raise UserError(IN_USE, version=known.number)
    yes = Button(discard_version.route(str(known.number)), ctx.say(YES), style=RED)
    return Reply(ctx.say(SURE, version=known.number), (yes,), private=True)


@command(
    title=Text("model restore", "модель вернуть"),
    about=Text("Bring a deleted version back", "Вернуть удалённую версию"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_restore(
    ctx: Context,
    version: Annotated[
        str, Option(Text("A deleted version", "Удалённая версия"), suggest=deleted, longest=LONGEST)
    ],
) -> Reply:
    """The same as the button does that is shown after deleting."""
    trainers(ctx)
    found = number(version)
    ctx.bot.promotion.restore(ctx.space, found)
    return Reply(ctx.say(BACK, version=found), private=True)


@command(
    title=Text("model rebuild", "модель пересобрать"),
    about=Text(
        "Train a version again without what was taken back",
        "Обучить версию заново без того, что отозвали",
    ),
    runs="later",
    needs=Permission.MANAGE_GUILD,
)
def model_rebuild(ctx: Context, version: Annotated[str, VERSION]) -> Reply:
    """Start a training job from the version's own lessons."""
    trainers(ctx)
    return _rebuilding(ctx, number(version))


@button(title=REBUILD, runs="later", needs=TRAINERS)
def rebuild_version(ctx: Context, argument: str) -> Reply:
    """The same at one press."""
    return _rebuilding(ctx, number(argument))


def _rebuilding(ctx: Context, version: int) -> Reply:
    """Begin, or ask whether to where the version's method may cost money. Raises UserError."""
    known = ctx.bot.promotion.get(ctx.space, version)
    ctx.bot.methods.check(known.method)
    job = ctx.bot.jobs.start(_job(ctx, known), (), lambda: _estimate(ctx, known))
    said = Reply(job.intro)
    return question(ctx, job, said) if job.state == "asking" else said


def _estimate(ctx: Context, known: "Known") -> dict[str, Any]:
    from protege.training.estimate import Tally
    from protege.training.plan import PAID

    if known.method not in PAID:
        return {}
    method, tally = known.method, Tally(known.method)
    found = ctx.bot.methods.estimate(ctx.space, method, tally, rebuilds=known.number)
    return {"estimate": found.as_json()}


def _job(ctx: Context, known: "Known") -> "Job":
    from protege.training.plan import PAID

    job = new_job(ctx)
    kept = {name: known.facts[name] for name in ("datasets",) if name in known.facts}
    return job._replace(
        intro=ctx.say(REBUILDING, job=job.id, version=known.number),
        about=ABOUT.format(version=known.number),
        method=known.method,
        state="asking" if known.method in PAID else "running",
        report={"rows": 0, "rejected": 0, **kept, "rebuilds": known.number},
    )
