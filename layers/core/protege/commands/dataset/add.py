"""/dataset add: a row by form."""

from typing import Annotated

from protege.commands.dataset.choosing import FOLDER, folders
from protege.context import Context
from protege.discord.reply import Form, Reply
from protege.errors import UserError
from protege.text import Text
from protege.ui.declare import Option, Permission, command, modal

ADDED = Text(
    "Added to `{path}`. `/train data_dir:{path}` teaches it.",
    "Добавлено в `{path}`. Обучить: `/train data_dir:{path}`.",
)
NO_QUESTION = Text("The question is empty.", "Вопрос пустой.")
NO_ANSWER = Text(
    "Give a right answer, a wrong one, or both.", "Нужен верный ответ, неверный или оба."
)
LONGEST_FOLDER = 80
"""A folder's name travels in the form's custom_id (100 characters)."""


@command(
    title=Text("dataset add", "данные добавить"),
    about=Text("Write one row into a folder", "Записать одну строку в папку"),
    needs=Permission.MANAGE_GUILD,
)
def dataset_add(
    ctx: Context, path: Annotated[str, Option(FOLDER, suggest=folders, longest=LONGEST_FOLDER)]
) -> Form:
    """Open the form; the folder may be new."""
    from protege.datasets.paths import folder

    return ctx.form(row_added, folder(path))


@modal(
    title=Text("A new row", "Новая строка"),
    runs="later",
    needs=Permission.MANAGE_GUILD,
    private=True,
)
def row_added(
    ctx: Context,
    argument: str,
    question: Annotated[str, Option(Text("Question", "Вопрос"), long=True)],
    answer: Annotated[str, Option(Text("Right answer", "Верный ответ"), long=True)] = "",
    wrong: Annotated[str, Option(Text("What not to answer", "Как не отвечать"), long=True)] = "",
) -> Reply:
    """The form was sent."""
    from protege.datasets.rows import Row
    from protege.datasets.writing import preference

    if not question.strip():
        raise UserError(NO_QUESTION)
    if not (answer.strip() or wrong.strip()):
        raise UserError(NO_ANSWER)
    row = Row(1, question.strip(), answer.strip(), wrong.strip())
    interaction = ctx.interaction
    body = preference(row)
    ctx.bot.library.keep(ctx.space, argument, interaction.id, "row.jsonl", [body], interaction.user)
    return Reply(ctx.say(ADDED, path=argument), private=True)
