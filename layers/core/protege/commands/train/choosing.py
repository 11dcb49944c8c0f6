"""The ways to learn, with what each needs and costs, as they are offered while typing."""

from protege.context import Context
from protege.discord.reply import Choice
from protege.text import Text

METHODS = {
    "lessons": Text(
        "lessons — remember and find; any data, minutes, free",
        "lessons — запомнить и находить; любые данные, минуты, даром",
    ),
    "tuned": Text(
        "tuned — lessons + a better instruction; asks a language model, some cents",
        "tuned — lessons и лучшая инструкция; спрашивает языковую модель, центы",
    ),
    "sft": Text(
        "sft — a provider trains its model; 10+ answered rows, an hour, costs",
        "sft — провайдер дообучит модель; от 10 строк с ответом, около часа, платно",
    ),
    "preference": Text(
        "preference — a provider trains on right vs wrong; 10+ such pairs, an hour, costs",
        "preference — обучение на верных и неверных ответах; от 10 пар, около часа, платно",
    ),
    "bedrock": Text(
        "bedrock — Amazon trains its model; 8 to 20,000 answered rows, hours, costs",
        "bedrock — модель дообучит Amazon; 8–20 000 строк с ответом, часы, платно",
    ),
}


def methods(ctx: Context, typed: str) -> tuple[Choice, ...]:
    """All of them, or those that are meant by what was typed."""
    found = (Choice(ctx.say(about), name) for name, about in METHODS.items())
    return tuple(choice for choice in found if typed.lower() in choice.name.lower())
