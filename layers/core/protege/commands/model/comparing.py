"""/model compare: two versions on the same questions, both as if they had never seen them."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.model.choosing import VERSION, number, trainers
from protege.context import Context
from protege.discord.reply import Embed, File, Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Permission, command

if TYPE_CHECKING:
    from protege.comparing import Changed, Comparison, Counts, Said

PICTURE = "versions.png"
SAME = Text("Those are the same version.", "Это одна и та же версия.")
NOTHING = Text(
    "The later version was taught nothing that could be asked: it holds no question with an "
    "answer.",
    "Более новую версию не учили ничему, о чём можно спросить: в ней нет вопросов с ответами.",
)
HEAD = Text(
    "v{first} and v{second} on the same questions",
    "v{first} и v{second} на одних и тех же вопросах",
)
METHODS = {
    "held-out": Text(
        "{rows} questions that neither was taught in this trial.",
        "Вопросов: {rows}; в этой проверке ни одна из версий их раньше не видела.",
    ),
    "leave-one-out": Text(
        "{rows} questions, each asked as if it had never been taught.",
        "Вопросов: {rows}; каждый задан так, будто в обучении его не было.",
    ),
    "variants": Text(
        "{rows} questions with a slip or a word missing: easier than what people ask.",
        "Вопросов: {rows}, с опиской или без одного слова. Это легче, чем спрашивают люди.",
    ),
}
LEFT_OUT = Text(
    "{n} more were left out: so large versions take too long.",
    "Ещё {n} не заданы: для таких больших версий это слишком долго.",
)
TABLE = Text("          right  wrong  refused", "          верно  неверно  отказ")
DIFFERENCE = Text(
    "**{value} points** of right answers from v{first} to v{second} (95 %: {low} to {high}). "
    "{verdict}",
    "От v{first} к v{second} верных ответов **{value} п. п.** (95 %: от {low} до {high}). "
    "{verdict}",
)
VERDICTS = {
    "better": Text("v{second} is better.", "v{second} лучше."),
    "worse": Text("v{second} is worse.", "v{second} хуже."),
    "same": Text("That may be chance.", "Это может быть случайностью."),
}
BETTER = Text("**Right in v{second} only**", "**Верно только в v{second}**")
WORSE = Text("**Right in v{first} only**", "**Верно только в v{first}**")
ROW = Text(
    "▫️ {question}\n   v{first}: {one}\n   v{second}: {two}",
    "▫️ {question}\n   v{first}: {one}\n   v{second}: {two}",
)
REFUSED = Text("(not taught)", "(не учили)")
SHOWN = 90


@command(
    title=Text("model compare", "модель сравнить"),
    about=Text("Two versions on the same questions", "Две версии на одних и тех же вопросах"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def model_compare(
    ctx: Context, first: Annotated[str, VERSION], second: Annotated[str, VERSION]
) -> Reply:
    """Counts, the difference with its interval, some answers that changed, a picture."""
    trainers(ctx)
    return comparison(ctx, number(first), number(second))


def comparison(ctx: Context, first: int, second: int) -> Reply:
    """The same for whoever has the numbers. Raises UserError."""
    if first == second:
        raise UserError(SAME)
    for version in (first, second):
        ctx.bot.promotion.get(ctx.space, version)
    found = ctx.bot.comparing.compare(ctx.space, first, second)
    if not found.rows:
        raise UserError(NOTHING)
    return _shown(ctx, found, {"first": first, "second": second})


def _shown(ctx: Context, found: "Comparison", names: dict[str, int]) -> Reply:
    from protege.comparing.picture import picture

    lines = [ctx.say(LEFT_OUT, n=found.left_out)] if found.left_out else []
    lines += [*_table(ctx, found, names), _difference(ctx, found, names)]
    for head, rows in ((BETTER, found.better), (WORSE, found.worse)):
        lines += [ctx.say(head, **names)] if rows else []
        lines += [_row(ctx, row, names) for row in rows]
    body = picture(found, (names["first"], names["second"]), ctx.interaction.locale)
    asked = ctx.say(METHODS[found.method], rows=found.rows)
    embed = Embed(asked, "\n".join(lines), PICTURE)
    file = File(PICTURE, body, "image/png")
    return Reply(ctx.say(HEAD, **names), private=True, embed=embed, files=(file,))


def _table(ctx: Context, found: "Comparison", names: dict[str, int]) -> list[str]:
    rows = (_counts(names[n], getattr(found, n)) for n in ("first", "second"))
    return ["```", ctx.say(TABLE), *rows, "```"]


def _counts(version: int, counts: "Counts") -> str:
    return f"{f'v{version}':<8}{counts.right:>7}{counts.wrong:>7}{counts.refused:>9}"


def _difference(ctx: Context, found: "Comparison", names: dict[str, int]) -> str:
    value, low, high = (f"{100 * share:+.1f}" for share in found.difference)
    verdict = ctx.say(VERDICTS[found.outcome["verdict"]], **names)
    return ctx.say(DIFFERENCE, value=value, low=low, high=high, verdict=verdict, **names)


def _row(ctx: Context, row: "Changed", names: dict[str, int]) -> str:
    said = {"one": _said(ctx, row.first), "two": _said(ctx, row.second)}
    return ctx.say(ROW, question=plain(row.question, SHOWN), **said, **names)


def _said(ctx: Context, said: "Said") -> str:
    return plain(said.text, SHOWN) if said.text else ctx.say(REFUSED)
