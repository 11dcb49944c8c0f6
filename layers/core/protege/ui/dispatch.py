"""From an interaction to the action that answers it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protege.config import ConfigError
from protege.discord.interaction import Interaction, Kind
from protege.discord.reply import Choices, Form, Reply
from protege.errors import Malformed, UserError
from protege.text import Text
from protege.ui.returning import given_back

if TYPE_CHECKING:
    from protege.ui.declare import Action, Parameter

FORBIDDEN = Text(
    en="You need the permission “Manage Server”, or the trainers' role (`/settings`), for this.",
    ru="Для этого нужно право «Управлять сервером» или роль тренеров (`/settings`).",
)
CHANGED = Text(
    en="This command has changed (“{name}”). Reload Discord and try again.",
    ru="Эта команда изменилась («{name}»). Перезагрузите Discord и попробуйте снова.",
)
BROKEN = Text(
    en="Something went wrong on my side. Reference: `{id}`",
    ru="У меня что-то сломалось. Номер ошибки: `{id}`",
)
NOT_SET_UP = Text(
    en="This bot is not set up for that yet ({why}). Whoever runs it can mend this.",
    ru="Бот для этого ещё не настроен ({why}). Исправить может тот, кто его запустил.",
)
NO_TARGET = Text(en="I cannot see that message.", ru="Я не вижу этого сообщения.")


def refusal(needs: int, interaction: Interaction, role: Callable[[], str]) -> Reply | None:
    """What a person reads who may not do what `needs` these permissions, else None.

    Discord guards commands by itself (and admins may override it); the rest is up to us. In a
    private chat a person is their own trainer. `role`: id of the one that makes trainers, "" where
    there is none; asked for only where it matters.
    """
    guarded = interaction.kind is not Kind.COMMAND and interaction.guild
    if not guarded or not needs & ~interaction.permissions:
        return None
    if interaction.roles and role() in filter(None, interaction.roles):
        return None
    return Reply(FORBIDDEN.to(interaction.locale), private=True)


def run(action: "Action", context: Any, interaction: Interaction) -> Reply | Form:
    """Call the handler; an error meant for the person becomes a private reply, and so does a
    setting that is missing: its name tells nothing that is secret. Where only they see it, they
    get back what they wrote.
    """
    try:
        answer: Reply | Form = action.handler(context, **_arguments(action, interaction))
        return answer
    except UserError as error:
        words = given_back(action, interaction) if action.private else ""
        return Reply(error.to(interaction.locale) + words, private=True)
    except ConfigError as error:
        return Reply(NOT_SET_UP.to(interaction.locale, why=error), private=True)


def suggest(action: "Action", context: Any, interaction: Interaction) -> Choices:
    """Suggestions for the option being typed; none where the option offers none."""
    for parameter in action.parameters:
        if parameter.name == interaction.focused and parameter.option.suggest:
            typed = str(interaction.values.get(parameter.name, ""))
            return Choices(parameter.option.suggest(context, typed))
    return Choices(())


def _arguments(action: "Action", interaction: Interaction) -> dict[str, Any]:
    given = {
        p.name: value for p in action.parameters if (value := _value(p, interaction)) is not None
    }
    match action.surface:
        case "slash":
            return given
        case "message":
            if interaction.target is None:
                raise UserError(NO_TARGET)
            return {"message": interaction.target, **given}
        case _:
            return {"argument": interaction.argument, **given}


def _value(parameter: "Parameter", interaction: Interaction) -> Any:
    """The given value, or None. A command that was registered before a change may send others."""
    found = interaction.values.get(parameter.name)
    if found is None or (found == "" and not parameter.required):
        if parameter.required:
            raise UserError(CHANGED, name=parameter.name)
        return None
    if parameter.kind is float and type(found) is int:
        return float(found)
    if type(found) is not parameter.kind:
        raise Malformed(f"{parameter.name} is no {parameter.kind.__name__}")
    return found
