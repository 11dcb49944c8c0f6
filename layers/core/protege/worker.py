"""Do the slow half: answer what was deferred, take jobs further."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from protege import legs
from protege.app import App
from protege.commands.table import TABLE
from protege.discord.delivery import deliver
from protege.discord.interaction import Interaction
from protege.discord.parts import parts
from protege.discord.reply import Reply
from protege.errors import BotError, Unavailable
from protege.journal import note, trouble
from protege.outbox import Outbox
from protege.spending import paid_by
from protege.storage import Delivery
from protege.text import Text
from protege.ui.dispatch import BROKEN, run
from protege.ui.lookup import find
from protege.voice.calling import NOT_HERE
from protege.voice.orders import Order

LEASE_S = 90
"""Longer than a worker may run: whoever holds a claim this long is dead."""


DOWN = Text(
    "A service that I need does not answer right now. I keep trying for some minutes; if nothing "
    "comes by then, please ask again. Reference: `{id}`",
    "Служба, которая мне нужна, сейчас не отвечает. Несколько минут я буду пробовать ещё; если "
    "ничего не появится, повторите, пожалуйста. Номер ошибки: `{id}`",
)


class Busy(BotError):
    """Another worker is at it; the queue is to bring it again."""


def work(app: App, deliveries: Iterable[Delivery], *, left_s: Any = lambda: 300.0) -> list[str]:
    """Work through messages; return the ids of those that are to be delivered again.

    `left_s`: how many seconds this process may still run.
    """
    failed = []
    for delivery in deliveries:
        try:
            _one(app, delivery, left_s)
        except Exception as error:
            trouble("work", error, message=delivery.id, receives=delivery.receives)
            failed.append(delivery.id)
    return failed


def _one(app: App, delivery: Delivery, left_s: Any) -> None:
    body = json.loads(delivery.body)
    job = body.get("job")
    name = f"job-{job}-{body['leg']}" if job else f"interaction-{body['id']}"
    match app.claims.take(name, delivery.id, LEASE_S):
        case "done":
            note("duplicate", work=name)
            return
        case "busy":
            raise Busy(name)
    try:
        if job:
            _watched(app)
            with paid_by(body["space"]):
                legs.advance(app, body["space"], job, left_s)
        else:
            _answer(app, delivery, name)
    except Exception:
        app.claims.release(name)
        raise
    app.claims.finish(name)


def _answer(app: App, delivery: Delivery, name: str) -> None:
    interaction = Interaction.parse(delivery.body.encode())
    outbox = Outbox(app.files, interaction.id)
    try:
        replies = outbox.kept() or outbox.keep(parts(_reply(app, interaction)))
    except Exception as error:
        _tell(app, interaction, DOWN if isinstance(error, Unavailable) else BROKEN)
        raise

    _deliver(app, interaction, replies, name)
    outbox.clear(replies)
    note("answered", interaction=interaction.id, guild=interaction.guild, name=interaction.name)


def _deliver(app: App, interaction: Interaction, replies: Sequence[Reply], name: str) -> None:
    """Send what is not yet sent, then do what the last reply leads to."""

    def sent(count: int, message: str) -> None:
        app.claims.mark(name, count)
        if replies[count - 1].answer:
            app.answers.shown(interaction.space, replies[count - 1].answer, message)

    last, first = replies[-1], app.claims.progress(name)
    deliver(app.discord, interaction, replies, first=first, sent=sent)
    if last.above:
        _renew(app, interaction, last.above)
    if last.job:
        _watched(app)
        app.jobs.enqueue(app.jobs.get(interaction.space, last.job))
    if last.voice:
        _call(app, interaction, last.voice)


def _call(app: App, interaction: Interaction, order: Order) -> None:
    """Ask the voice worker. Whoever waits for it reads why nothing comes of it."""
    try:
        state = app.calling.send(order)
    except Exception as error:
        if order.token:
            _tell(app, interaction, DOWN if isinstance(error, Unavailable) else BROKEN)
        raise
    if state == "off" and order.token:
        _tell(app, interaction, NOT_HERE)


def _watched(app: App) -> None:
    """Have the watcher look after the job; that it cannot must not keep the job."""
    try:
        app.alarm.set()
    except Unavailable as error:
        trouble("alarm", error)


def _reply(app: App, interaction: Interaction) -> Reply:
    with paid_by(interaction.space):
        reply = run(find(TABLE, interaction).load(), app.context(interaction), interaction)
    if not isinstance(reply, Reply):
        raise TypeError(f"{interaction.name} runs later and cannot open a form")
    return reply


def _renew(app: App, interaction: Interaction, reply: Reply) -> None:
    """Change the message whose button was pressed; a courtesy, so never a failure."""
    if interaction.target is None or not interaction.channel:
        return
    try:
        app.discord.edit(interaction.channel, interaction.target.id, reply.message())
    except BotError as error:
        trouble("message above", error, interaction=interaction.id)


def _tell(app: App, interaction: Interaction, why: Text) -> None:
    """Fill in the "thinking" message; that this fails too must not hide why."""
    sorry = Reply(why.to(interaction.locale, id=interaction.id), private=True)
    try:
        deliver(app.discord, interaction, [sorry])
    except BotError as error:
        trouble("apology", error, interaction=interaction.id)
