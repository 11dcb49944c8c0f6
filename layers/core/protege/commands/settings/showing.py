"""What /settings shows."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.text import Text

if TYPE_CHECKING:
    from protege.limits import Rates
    from protege.settings import Rules
    from protege.spending import Spent

CORRECTIONS = {
    "live": Text("live — they count at once", "live — действуют сразу"),
    "review": Text("review — after a trainer's approval", "review — после одобрения тренера"),
}
WHO = {
    "everyone": Text("everyone", "все"),
    "trainers": Text("trainers", "тренеры"),
}
SHOWN = Text(
    "⚙️ **Corrections**: {corrections}\n⚙️ **Who may teach**: {who}\n"
    "⚙️ **Trainers**: permission “Manage Server”{role}\n⚙️ **Budget**: {budget}\n"
    "⚙️ **Questions a minute**: {rates}\n💸 **This month**: {spent}",
    "⚙️ **Исправления**: {corrections}\n⚙️ **Кто может учить**: {who}\n"
    "⚙️ **Тренеры**: право «Управлять сервером»{role}\n⚙️ **Бюджет**: {budget}\n"
    "⚙️ **Вопросов в минуту**: {rates}\n💸 **За этот месяц**: {spent}",
)
ROLE = Text(", role <@&{id}>", ", роль <@&{id}>")
DOLLARS, TOKENS = Text("${n}", "${n}"), Text("{n} tokens", "токенов: {n}")
MONTHLY = Text("{what} a month", "{what} в месяц")
NONE = Text("none is set", "не задан")
RATES = Text(
    "{person} for each person, {guild} for all", "{person} на человека, {guild} на всех вместе"
)
FREELY = Text("any number", "сколько угодно")
SPENT = Text("${usd}, {tokens} tokens", "${usd}, токенов: {tokens}")
OF_THEM = Text(
    " (not in the dollars, as I do not know the price: {what})",
    " (не учтено в долларах, цена неизвестна: {what})",
)
SECONDS = Text("{n} s of sound", "звука: {n} с")


def shown(ctx: Context, rules: "Rules") -> str:
    """Everything that holds here."""
    said = {
        "corrections": CORRECTIONS[rules.corrections],
        "who": WHO[rules.who],
        "role": ctx.say(ROLE, id=rules.trainer_role) if rules.trainer_role else "",
        "budget": _monthly(ctx, budget(ctx)),
        "rates": rates(ctx, ctx.bot.limits.rates(ctx.space)),
        "spent": spent(ctx, ctx.bot.spending.month(ctx.space)),
    }
    return ctx.say(SHOWN, **said)


def budget(ctx: Context) -> str:
    """Dollars and tokens; empty: there is no budget."""
    dollars = ctx.bot.spending.budget(ctx.space)
    tokens = ctx.bot.spending.token_budget(ctx.space)
    parts = [
        "" if dollars is None else ctx.say(DOLLARS, n=number(ctx, dollars, 2)),
        "" if tokens is None else ctx.say(TOKENS, n=number(ctx, tokens)),
    ]
    return ", ".join(filter(None, parts))


def _monthly(ctx: Context, budget: str) -> str:
    return ctx.say(MONTHLY, what=budget) if budget else ctx.say(NONE)


def rates(ctx: Context, found: "Rates") -> str:
    """How often one may ask."""
    person, guild = (n or ctx.say(FREELY) for n in found)
    return ctx.say(RATES, person=person, guild=guild) if any(found) else ctx.say(FREELY)


def spent(ctx: Context, month: "Spent") -> str:
    """What was used, and which of it has no price."""
    tokens = number(ctx, month.tokens_in + month.tokens_out)
    used = ctx.say(SPENT, usd=number(ctx, month.dollars, 2), tokens=tokens)
    unpriced = [
        ctx.say(TOKENS, n=number(ctx, month.unpriced_tokens)) if month.unpriced_tokens else "",
        ctx.say(SECONDS, n=number(ctx, month.unpriced_s)) if month.unpriced_s else "",
    ]
    what = ", ".join(filter(None, unpriced))
    return used + (ctx.say(OF_THEM, what=what) if what else "")


def number(ctx: Context, n: float, places: int = 0) -> str:
    """With thousands apart, as the person's language has it."""
    shown = f"{n:,.{places}f}"
    return shown.replace(",", "\u00a0") if ctx.interaction.locale.startswith("ru") else shown
