"""What people read of the worker: replies to their commands, answers, short news. All of it blocks.

Nothing here fails because Discord does not take a message: that is logged, and the call goes on.
"""

from collections.abc import Sequence
from typing import Any

from protege.app import App
from protege.asking import Question
from protege.commands.ask import answered
from protege.context import Context
from protege.discord.interaction import Interaction, Kind
from protege.discord.parts import parts
from protege.discord.reply import Reply
from protege.errors import BotError, Gone
from protege.journal import trouble
from protege.voice.orders import Order


class Telling:
    """Through the app's Discord."""

    def __init__(self, app: App) -> None:
        self._app = app

    def context(self, question: Question, guild: str, channel: str) -> Context:
        """What buttons need to know of who asked, whom no interaction brought."""
        application = self._app.config.discord_application_id
        who = (question.user, guild, channel, question.locale, 0)
        return self._app.context(
            Interaction(question.id, application, "", Kind.COMMAND, "ask", "", {}, "", None, *who)
        )

    def order(self, order: Order, reply: Reply) -> None:
        """Tell what became of an order, where it was given; nothing where nobody waits for it."""
        if order.token:
            self._safely(self._fill_in, order, reply)

    def news(self, channel: str, id: str, reply: Reply) -> None:
        """A message in a text channel. `id`: the same again does not send another."""
        if channel:
            self._safely(self._send, channel, id, [reply], {})

    def answer(
        self, question: Question, guild: str, channel: str, head: str, text: str, reply_to: str = ""
    ) -> None:
        """An answer with the buttons of /ask. `reply_to`: id of the message that it answers."""
        ctx = self.context(question, guild, channel)
        more = {"message_reference": _reference(reply_to)} if reply_to else {}
        reply = answered(ctx, head, text, question.id)
        self._safely(self._send, channel, question.id, parts(reply), more, ctx.space)

    def _fill_in(self, order: Order, reply: Reply) -> None:
        try:
            self._app.discord.edit_original(order.token, reply.message(), early=False)
        except Gone:  # its token lives 15 minutes
            self._send(order.channel, f"{order.interaction}-v", [reply], {})

    def _send(
        self,
        channel: str,
        id: str,
        replies: Sequence[Reply],
        more: dict[str, Any],
        space: str = "",
    ) -> None:
        for number, reply in enumerate(replies):
            message = {**reply.message(), **({} if number else more)}
            nonce = f"{id}-{number}"
            sent = self._app.discord.send(channel, message, reply.files, nonce=nonce)
            if reply.answer:
                self._app.answers.shown(space, reply.answer, sent)

    def _safely(self, send: Any, *about: Any) -> None:
        try:
            send(*about)
        except BotError as error:
            trouble("telling", error)


def _reference(message: str) -> dict[str, Any]:
    return {"message_id": message, "fail_if_not_exists": False}
