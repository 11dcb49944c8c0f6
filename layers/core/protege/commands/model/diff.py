"""/model diff: what one version was taught that another was not."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.giving import handed
from protege.commands.model.buttons import NOT_ACTIVE_YET, TRAINERS
from protege.commands.model.choosing import METHODS, VERSION, number, trainers
from protege.commands.model.comparing import SAME
from protege.context import Context
from protege.discord.reply import Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Permission, button, command

if TYPE_CHECKING:
    from protege.comparing.lessons import Changes

DIFF = Text("What is different", "Что изменилось")
HEAD = Text(
    "📄 **v{first} → v{second}**: lessons {added} added, {removed} removed, {changed} with other "
    "answers, {same} the same.",
    "📄 **v{first} → v{second}**: уроков добавлено {added}, убрано {removed}, с другими ответами "
    "{changed}, без изменений {same}.",
)
MARKS = {"added": "➕", "removed": "➖", "changed": "✏️"}
METHOD = Text("Method: {first} → {second}", "Способ: {first} → {second}")
THRESHOLD = Text(
    "Answers from a score of {first} → {second} on.", "Порог ответа: {first} → {second}."
)
INSTRUCTION = Text("Instruction:", "Инструкция:")
SAME_INSTRUCTION = Text("The instruction is the same.", "Инструкция та же.")
SHOWN = 100
LONGEST_DIFF = 600


@command(
    title=Text("model diff", "модель отличия"),
    about=Text("What was taught between two versions", "Чему научили между двумя версиями"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_diff(
    ctx: Context, first: Annotated[str, VERSION], second: Annotated[str, VERSION]
) -> Reply:
    """Counts, some of each kind, all as CSV, and the instruction line by line."""
    trainers(ctx)
    return _differing(ctx, number(first), number(second))


@button(title=DIFF, runs="later", needs=TRAINERS, private=True)
def diff_version(ctx: Context, argument: str) -> Reply:
    """A version beside the active one; beside its parent where it is active itself."""
    version = number(argument)
    known = ctx.bot.promotion.get(ctx.space, version)
    active = ctx.bot.lineage.active(ctx.space).after
    other = active if active != version else int(known.facts.get("parent", 0))
    if not other:
        raise UserError(NOT_ACTIVE_YET)
    return _differing(ctx, other, version)


def _differing(ctx: Context, first: int, second: int) -> Reply:
    from protege.comparing.lessons import changes

    if first == second:
        raise UserError(SAME)
    for version in (first, second):
        ctx.bot.promotion.get(ctx.space, version)
    models = ctx.bot.models
    found = changes(
        lambda: models.remembered(ctx.space, first), lambda: models.remembered(ctx.space, second)
    )
    said = "\n".join([*_lessons(ctx, found, first, second), *_rest(ctx, first, second)])
    if not found.any:
        return Reply(said, private=True)
    name = f"v{first}-v{second}.csv"
    key = f"guilds/{ctx.space}/exports/{ctx.interaction.id}-{name}"
    ctx.bot.sharing.write(key, found.csv())
    return handed(ctx, key, name, said)


def _lessons(ctx: Context, found: "Changes", first: int, second: int) -> list[str]:
    counts = {n: getattr(found, n) for n in ("added", "removed", "changed", "same")}
    lines = [ctx.say(HEAD, first=first, second=second, **counts)]
    for kind, texts in found.samples.items():
        lines += [f"{MARKS[kind]} {plain(text, SHOWN)}" for text in texts]
    return lines


def _rest(ctx: Context, first: int, second: int) -> list[str]:
    known = [ctx.bot.promotion.get(ctx.space, version) for version in (first, second)]
    methods = [ctx.say(METHODS.get(k.method, METHODS["lessons"])) for k in known]
    limits = [(k.facts.get("evaluation") or {}).get("threshold") for k in known]
    lines = []
    if methods[0] != methods[1]:
        lines.append(ctx.say(METHOD, first=methods[0], second=methods[1]))
    if None not in limits and limits[0] != limits[1]:
        lines.append(ctx.say(THRESHOLD, first=limits[0], second=limits[1]))
    return [*lines, *_instruction(ctx, first, second)]


def _instruction(ctx: Context, first: int, second: int) -> list[str]:
    from difflib import unified_diff

    old, new = (
        ctx.bot.models.instruction(ctx.space, version).splitlines() for version in (first, second)
    )
    lines = list(unified_diff(old, new, lineterm="", n=1))[2:]
    if not lines:
        return [ctx.say(SAME_INSTRUCTION)]
    shown = "\n".join(lines).replace("```", "'''")[:LONGEST_DIFF]
    return [ctx.say(INSTRUCTION), f"```diff\n{shown}\n```"]
