"""/settings: who may teach, when it counts, what models may cost, how often one may come."""

from typing import TYPE_CHECKING, Annotated

from protege.commands.settings.showing import CORRECTIONS, WHO, shown
from protege.context import Context
from protege.discord.interaction import Role
from protege.discord.reply import Choice, Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import Option, Permission, button, command

if TYPE_CHECKING:
    from protege.settings import Rules

MOST_USD = 1_000_000
MOST_TOKENS = 1_000_000_000_000
MOST_RATE = 10_000
BAD_BUDGET = Text(
    "A budget is a number of dollars from 0 to {most}; 0 stops all that costs money.",
    "Бюджет — это число долларов от 0 до {most}; 0 остановит всё платное.",
)
BAD_TOKENS = Text(
    "A budget is a whole number of tokens from 0 to {most}; 0 stops every model.",
    "Бюджет — это целое число токенов от 0 до {most}; 0 остановит все модели.",
)
BAD_RATE = Text(
    "That many a minute is a whole number from 1 to {most}; 0: as many as the operator allows.",
    "Столько в минуту — целое число от 1 до {most}; 0 — сколько разрешает оператор.",
)
ALL_TRAINERS = Text(
    "@everyone cannot be the trainers' role: then anybody could delete what I know. Choose another "
    "role; who may correct me is `who`.",
    "@everyone не может быть ролью тренеров: тогда любой мог бы удалить всё, что я знаю. Выберите "
    "другую роль; кто может исправлять ответы, решает `who`.",
)
ROLE_WORKS = Text(
    "\n\n<@&{id}> are trainers now: my buttons and forms work for them at once. Discord itself "
    "shows commands such as `/train` only to who manages the server; to show one to that role, add "
    "it under Server Settings → Integrations → me → the command.",
    "\n\n<@&{id}> — теперь тренеры: мои кнопки и формы для них уже работают. Команды вроде "
    "`/train` Discord сам показывает только тем, кто управляет сервером; чтобы показать её этой "
    "роли, добавьте роль здесь: Настройки сервера → Интеграции → я → команда.",
)
"""Overrides of single commands grant, those of the whole application do not.
Source: https://support.discord.com/hc/en-us/articles/10952896421783-Updates-to-Command-Permissions"""
NO_ROLE = Text("No role makes trainers any more.", "Роли тренеров больше нет.")
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
TRAINER_ROLE = Option(
    Text("A role whose members are trainers, too", "Роль, участники которой тоже тренеры")
)
DOLLARS = Option(Text("Dollars that models may cost a month", "Долларов на модели в месяц"))
TOKENS = Option(Text("Tokens that models may use a month", "Токенов на модели в месяц"))
EACH = Option(Text("Questions a minute for each person", "Вопросов в минуту на человека"))
TOGETHER = Option(Text("Questions a minute for all together", "Вопросов в минуту на всех вместе"))


@command(
    title=Text("settings", "настройки"),
    about=Text(
        "Who may teach me, what I may cost, how often I answer",
        "Кто меня учит, сколько можно тратить, как часто отвечать",
    ),
    runs="later",
    private=True,
    needs=Permission.MANAGE_GUILD,
)
def settings(
    ctx: Context,
    corrections: Annotated[str | None, WHEN] = None,
    who: Annotated[str | None, TEACHERS] = None,
    trainer_role: Annotated[Role | None, TRAINER_ROLE] = None,
    budget_usd: Annotated[float | None, DOLLARS] = None,
    budget_tokens: Annotated[int | None, TOKENS] = None,
    rate_person: Annotated[int | None, EACH] = None,
    rate_guild: Annotated[int | None, TOGETHER] = None,
) -> Reply:
    """Change what is given; show all."""
    changes = {
        "corrections": corrections and _known(corrections, CORRECTIONS),
        "who": who and _known(who, WHO),
        "trainer_role": trainer_role and _role(ctx, trainer_role),
        "budget": None if budget_usd is None else _dollars(budget_usd),
        "budget_tokens": None if budget_tokens is None else _tokens(budget_tokens),
        "rate_person": None if rate_person is None else _rate(rate_person),
        "rate_guild": None if rate_guild is None else _rate(rate_guild),
    }
    rules = _changed(ctx, {name: to for name, to in changes.items() if to is not None})
    warned = [f"\n⚠️ {ctx.say(text)}" for text in ctx.bot.warnings()]
    hint = ctx.say(ROLE_WORKS, id=trainer_role.id) if trainer_role else ""
    turn = (ctx.button(no_trainer_role, emoji="🚫"),) if rules.trainer_role else ()
    return Reply(shown(ctx, rules) + "".join(warned) + hint, turn, private=True)


@button(
    title=Text("No trainer role", "Без роли тренеров"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def no_trainer_role(ctx: Context, argument: str) -> Reply:
    """Only who manages the server is a trainer again."""
    ctx.bot.settings.change(ctx.space, ctx.interaction.user, trainer_role="")
    return Reply(ctx.say(NO_ROLE), private=True)


def _changed(ctx: Context, changes: dict[str, str]) -> "Rules":
    if not changes:
        return ctx.bot.settings.rules(ctx.space)
    rules = ctx.bot.settings.change(ctx.space, ctx.interaction.user, **changes)
    ctx.bot.limits.forget(ctx.space)
    return rules


def _dollars(value: float) -> str:
    if not 0 <= value <= MOST_USD:  # also what is no number
        raise UserError(BAD_BUDGET, most=MOST_USD)
    return f"{value:.2f}"


def _tokens(value: int) -> str:
    if not 0 <= value <= MOST_TOKENS:
        raise UserError(BAD_TOKENS, most=MOST_TOKENS)
    return str(value)


def _rate(value: int) -> str:
    if not 0 <= value <= MOST_RATE:
        raise UserError(BAD_RATE, most=MOST_RATE)
    return str(value) if value else ""


def _known(value: str, known: dict[str, Text]) -> str:
    if value not in known:
        raise UserError(UNKNOWN, value=plain(value, 20), known=", ".join(known))
    return value


def _role(ctx: Context, role: Role) -> str:
    if role.id == ctx.interaction.guild:  # Discord's id of @everyone
        raise UserError(ALL_TRAINERS)
    return role.id
