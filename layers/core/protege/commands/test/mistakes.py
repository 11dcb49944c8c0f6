"""What went wrong in a test, row by row, each with a button to correct it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from protege.commands.correct import BY_ANSWER, CORRECT, corrected
from protege.context import Context
from protege.discord.reply import Button, Form, Reply
from protege.errors import UserError
from protege.text import Text, plain
from protege.ui.declare import button

if TYPE_CHECKING:
    from protege.testing import Trial

SHOWN = 5
SHOWN_CHARACTERS = 70
EXPECTED = Text(" — expected: {answer}", " — ожидалось: {answer}")
NO_ANSWER = Text("no answer: {why}", "нет ответа: {why}")
NEXT = Text("More errors", "Ещё ошибки")
NONE = Text("There are no more errors.", "Больше ошибок нет.")
GONE = Text(
    "I do not know that test any more. Run `/test` again.",
    "Этой проверки я уже не помню. Запустите `/test` ещё раз.",
)


@button(title=CORRECT)
def test_correct(ctx: Context, argument: str) -> Form:
    """Open the form with the expected answer in it."""
    answer = ctx.bot.answers.given(ctx.space, argument)
    return ctx.form(corrected, BY_ANSWER + argument, better=answer.expected or answer.text)


@button(title=NEXT, runs="later", private=True)
def test_errors(ctx: Context, argument: str) -> Reply:
    """The next few rows that went wrong. `argument`: test/row, the last that was seen."""
    id, _, after = argument.partition("/")
    if not after.isdecimal() or len(after) > 9:
        raise UserError(GONE)
    locale, user = ctx.interaction.locale, ctx.interaction.user
    page = ctx.bot.tests.store.wrong(ctx.space, id, int(after), SHOWN)
    if not page.trials:
        return Reply(ctx.say(NONE), private=True)
    ctx.bot.tests.remember(ctx.space, id, page.trials, user)
    lines = [line(trial, locale, numbered=True) for trial in page.trials]
    buttons = corrections(id, page.trials, locale)
    buttons += following(id, page.trials[-1].number, locale, more=page.more)
    return Reply("\n".join(lines), buttons, private=True)


def line(trial: "Trial", locale: str, *, numbered: bool) -> str:
    """A row in a line or, with two sides, three."""
    known, wrong = bool(trial.expected), trial.wrong
    mark = "❌" if wrong else "✅" if known else "▫️"
    number = f"{trial.number}. " if numbered else ""
    said = [_said(one.predicted, one.failed, locale) for one in trial.outcomes]
    found = f"{mark} {number}{short(trial.input)} → {' | '.join(said)}"
    return found + EXPECTED.to(locale, answer=short(trial.expected)) if wrong else found


def corrections(id: str, wrong: Sequence["Trial"], locale: str) -> tuple[Button, ...]:
    """A button for each row, with its number."""
    from protege.testing.remembering import answer_id

    return tuple(
        Button(test_correct.route(answer_id(id, trial)), f"{trial.number}", "✏️") for trial in wrong
    )


def following(id: str, after: int, locale: str, *, more: bool) -> tuple[Button, ...]:
    """A button for the rows that come after a number, if any do."""
    if not more:
        return ()
    return (Button(test_errors.route(f"{id}/{after}"), NEXT.to(locale), "➡️"),)


def _said(predicted: str, failed: str, locale: str) -> str:
    return NO_ANSWER.to(locale, why=short(failed)) if failed else short(predicted)


def short(text: str) -> str:
    """One line, short, with Markdown of its own shown as it is."""
    return plain(text, SHOWN_CHARACTERS)
