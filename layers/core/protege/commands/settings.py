"""/settings: who may teach, whether a correction counts at once, what models may cost."""

import re
from typing import TYPE_CHECKING, Annotated

from protege.context import Context
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command

if TYPE_CHECKING:
    from protege.settings import Rules

CORRECTIONS = {
    "live": Text("live: they count at once", "live: действуют сразу"),
    "review": Text("review: after a trainer's approval", "review: после одобрения тренера"),
}
WHO = {
    "everyone": Text("everyone", "все"),
    "trainers": Text("trainers: “Manage Server”", "trainers: «Управлять сервером»"),
    "role": Text("role: trainers and one role", "role: тренеры и одна роль"),
}
SHOWN = Text(
    "⚙️ **Corrections**: {corrections}\n⚙️ **Who may teach**: {who}{role}\n"
    "⚙️ **Budget**: {budget}\n💸 **This month**: ${spent:.2f}, {tokens} tokens{unpriced}",
    "⚙️ **Исправления**: {corrections}\n⚙️ **Кто может учить**: {who}{role}\n"
    "⚙️ **Бюджет**: {budget}\n💸 **За этот месяц**: ${spent:.2f}, токенов: {tokens}{unpriced}",
)
BUDGET = Text("${budget:.2f} a month", "${budget:.2f} в месяц")
NO_BUDGET = Text("none is set", "не задан")
UNPRICED = Text(
    " (of which {n} of models whose price I do not know)",
    " (из них {n} — моделей, цены которых я не знаю)",
)
BAD_BUDGET = Text(
    "A budget is a number of dollars from 0 to {most}; 0 stops all that costs money.",
    "Бюджет — это число долларов от 0 до {most}; 0 остановит всё платное.",
)
MOST_USD = 1_000_000
ROLE = re.compile("(?:<@&)?([0-9]{1,20})>?").fullmatch
NO_ROLE = Text(
    "“{role}” is no role: type @ and choose one, or give its id.",
    "«{role}» — не роль: введите @ и выберите роль или укажите её id.",
)
WHICH_ROLE = Text(
    "Which role? Give it as `trainer_role`.", "Какая роль? Укажите её в `trainer_role`."
)
UNKNOWN = Text(
    "“{value}” is not one of: {known}.", "«{value}» не подходит; возможно одно из: {known}."
)


def modes(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """When corrections count."""
    return tuple(Choice(ctx.say(text), value) for value, text in CORRECTIONS.items())


def people(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """Who may teach."""
    return tuple(Choice(ctx.say(text), value) for value, text in WHO.items())


WHEN = Option(
    Text("live (at once) or review (after approval)", "live (сразу) или review (после)"),
    suggest=modes,
    longest=20,
)
TEACHERS = Option(
    Text("Who may correct and teach", "Кто может исправлять и учить"), suggest=people, longest=20
)
TRAINER_ROLE = Option(Text("With who: role", "Для who: role — какая роль"), longest=40)
DOLLARS = Option(Text("Dollars that models may cost a month", "Долларов на модели в месяц"))


@command(
    title=Text("settings", "настройки"),
    about=Text(
        "Who may teach me, and when it counts", "Кто может меня учить и когда это действует"
    ),
    runs="later",
    private=True,
    needs=Permission.MANAGE_GUILD,
)
def settings(
    ctx: Context,
    corrections: Annotated[str | None, WHEN] = None,
    who: Annotated[str | None, TEACHERS] = None,
    trainer_role: Annotated[str | None, TRAINER_ROLE] = None,
    budget_usd: Annotated[float | None, DOLLARS] = None,
) -> Reply:
    """Change what is given; show all."""
    changes = _changes(ctx, corrections, who, trainer_role)
    if budget_usd is not None:
        changes["budget"] = _dollars(budget_usd)
    if changes:
        rules = ctx.bot.settings.change(ctx.space, ctx.interaction.user, **changes)
    else:
        rules = ctx.bot.settings.rules(ctx.space)
    warned = [f"\n⚠️ {ctx.say(text)}" for text in ctx.bot.warnings()]
    return Reply(_shown(ctx, rules) + "".join(warned), private=True)


def _shown(ctx: Context, rules: "Rules") -> str:
    said = {
        "corrections": CORRECTIONS[rules.corrections],
        "who": WHO[rules.who],
        "role": f" (<@&{rules.role}>)" if rules.who == "role" else "",
        **_money(ctx),
    }
    return ctx.say(SHOWN, **said)


def _money(ctx: Context) -> dict[str, object]:
    spent, budget = ctx.bot.spending.month(ctx.space), ctx.bot.spending.budget(ctx.space)
    unpriced = spent.unpriced_tokens
    return {
        "budget": ctx.say(NO_BUDGET) if budget is None else ctx.say(BUDGET, budget=budget),
        "spent": spent.dollars,
        "tokens": spent.tokens_in + spent.tokens_out,
        "unpriced": ctx.say(UNPRICED, n=unpriced) if unpriced else "",
    }


def _dollars(value: float) -> str:
    if not 0 <= value <= MOST_USD:  # also what is no number
        raise UserError(BAD_BUDGET, most=MOST_USD)
    return f"{value:.2f}"


def _changes(
    ctx: Context, corrections: str | None, who: str | None, role: str | None
) -> dict[str, str]:
    found: dict[str, str] = {}
    if corrections:
        found["corrections"] = _known(corrections, CORRECTIONS)
    if role:
        found |= {"role": _role(role), "who": "role"}
    if who:
        found["who"] = _known(who, WHO)
    if who == "role" and not role and not ctx.bot.settings.rules(ctx.space).role:
        raise UserError(WHICH_ROLE)
    return found


def _known(value: str, known: dict[str, Text]) -> str:
    if value not in known:
        raise UserError(UNKNOWN, value=value, known=", ".join(known))
    return value


def _role(typed: str) -> str:
    found = ROLE(typed.strip())
    if not found:
        raise UserError(NO_ROLE, role=typed)
    return found[1]
