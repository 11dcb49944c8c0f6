"""One interaction's answer, from the handler to where people see it, whatever dies in between."""

from collections.abc import Sequence

from protege import legs, metrics
from protege.app import App
from protege.claims import Held
from protege.commands.pace import turned_away
from protege.commands.table import TABLE
from protege.commands.warning import nearly_spent
from protege.discord.delivery import deliver
from protege.discord.interaction import Interaction
from protege.discord.parts import parts
from protege.discord.reply import EPHEMERAL, Reply
from protege.discord.rest import Refused
from protege.discord.snowflake import created_at
from protege.errors import BotError, Gone, Unavailable
from protege.journal import note, said, trouble
from protege.outbox import Outbox
from protege.spending import paid_by
from protege.text import Text
from protege.ui.dispatch import BROKEN, run
from protege.ui.lookup import find
from protege.voice.calling import NOT_HERE
from protege.voice.orders import Order
from protege.work import Undelivered

DOWN = Text(
    "A service that I need does not answer right now. I keep trying for some minutes; if nothing "
    "comes by then, please ask again. Reference: `{id}`",
    "Служба, которая мне нужна, сейчас не отвечает. Несколько минут я буду пробовать ещё; если "
    "ничего не появится, повторите, пожалуйста. Номер ошибки: `{id}`",
)


def answer(app: App, interaction: Interaction, name: str, held: Held) -> None:
    """Answer, in what is left of it after earlier tries, and finish the claim `name`.

    Raises Undelivered, and whatever the handler raises.
    """
    outbox, began = Outbox(app.files, interaction.id), app.now()
    replies = outbox.kept() if held.tries > 1 else []
    if held.parts and not replies:  # one mere message, and it is out
        app.claims.finish(name)
        return
    replies = replies or outbox.keep(parts(_reply(app, interaction, held)))
    _deliver(app, interaction, replies, name, held)
    _follow_told(app, interaction, replies[-1])
    _finish(app, name, outbox, replies)
    _warn(app, interaction)
    ms = max(0, round((app.now() - created_at(interaction.id)) * 1000))
    work_ms = round((app.now() - began) * 1000)
    metrics.count("AnswerMs", ms)
    content = said(asked=_words(interaction), answered=replies[0].content)
    note("answered", ms=ms, work_ms=work_ms, parts=len(replies), tries=held.tries, **content)


def _words(interaction: Interaction) -> str:
    return " ".join(value for value in interaction.values.values() if isinstance(value, str))


def _finish(app: App, name: str, outbox: Outbox, replies: Sequence[Reply]) -> None:
    """All is out: that this cannot be written down must not make it look as if it had failed.

    The claim first: whoever comes next must find it or the outbox.
    """
    try:
        app.claims.finish(name)
        outbox.clear(replies)
    except BotError as error:
        trouble("not noted as done", error, work=name)


def nothing_read(app: App, name: str, *, unknown: bool = False) -> bool:
    """Whether nobody has read any of the answer yet, so that an apology overwrites none.

    `unknown`: what to say where storage is down; when it was down at every try, nobody has.
    """
    try:
        return not app.claims.held(name).parts
    except BotError as error:
        trouble("parts unknown", error, work=name)
        return unknown


def tell(app: App, interaction: Interaction, error: Exception) -> None:
    """Say in the "thinking" message that it did not work yet, unless Discord itself is down."""
    if not isinstance(error, Undelivered):
        apologise(app, interaction, DOWN if isinstance(error, Unavailable) else BROKEN)


def apologise(app: App, interaction: Interaction, why: Text) -> bool:
    """Fill in the "thinking" message; whether it worked. That it fails must not hide why."""
    sorry = Reply(why.to(interaction.locale, id=interaction.id), private=True)
    try:
        deliver(app.discord, interaction, [sorry])
    except BotError as error:
        trouble("apology", error, interaction=interaction.id)
        return False
    return True


def _reply(app: App, interaction: Interaction, held: Held) -> Reply:
    context = app.context(interaction)
    with paid_by(interaction.space):
        refused = turned_away(context) if held.tries == 1 else None  # our failure is not theirs
        reply = refused or run(find(TABLE, interaction).load(), context, interaction)
    if not isinstance(reply, Reply):
        raise TypeError(f"{interaction.name} runs later and cannot open a form")
    return reply


def _warn(app: App, interaction: Interaction) -> None:
    """Tell a trainer that the budget is nearly used up; a courtesy, so never a failure."""
    try:
        warning = nearly_spent(app.context(interaction))
        if warning:
            message = {**warning.message(), "flags": EPHEMERAL}
            app.discord.follow_up(interaction.token, message)
    except BotError as error:
        trouble("budget warning", error, interaction=interaction.id)


def _deliver(
    app: App, interaction: Interaction, replies: Sequence[Reply], name: str, held: Held
) -> None:
    """Send what is not yet sent."""

    def sent(count: int, message: str) -> None:
        if replies[count - 1].answer:
            app.answers.shown(interaction.space, replies[count - 1].answer, message)
        app.claims.mark(name, count)

    try:
        deliver(
            app.discord, interaction, replies, first=held.parts, sent=sent, again=held.tries > 1
        )
    except (Gone, Refused) as error:
        gone = isinstance(error, Gone)
        raise Undelivered(str(error), gone=gone, refused=not gone) from error
    except BotError as error:
        raise Undelivered(str(error)) from error


def _follow_told(app: App, interaction: Interaction, last: Reply) -> None:
    """What was promised and does not come is told in the promise's place."""
    try:
        _follow(app, interaction, last)
    except Exception as error:
        tell(app, interaction, error)
        raise


def _follow(app: App, interaction: Interaction, last: Reply) -> None:
    """Do what the last reply leads to; each of it may be done again without harm."""
    if last.above:
        _renew(app, interaction, last.above)
    if last.job:
        legs.watched(app)
        app.jobs.enqueue(app.jobs.get(interaction.space, last.job))
    if last.voice:
        _call(app, interaction, last.voice)


def _call(app: App, interaction: Interaction, order: Order) -> None:
    """Ask the voice worker. Whoever waits for it reads why nothing comes of it."""
    if app.calling.send(order) == "off" and order.token:
        apologise(app, interaction, NOT_HERE)


def _renew(app: App, interaction: Interaction, reply: Reply) -> None:
    """Change the message whose button was pressed; a courtesy, so never a failure."""
    if interaction.target is None or not interaction.channel:
        return
    try:
        app.discord.edit(interaction.channel, interaction.target.id, reply.message())
    except BotError as error:
        trouble("message above", error, interaction=interaction.id)
