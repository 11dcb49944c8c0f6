"""What becomes of the bot's answer: a message, a "thinking" one, a change, choices, a form."""

import threading
from collections.abc import Sequence
from typing import Any

from playground.discord import replies
from playground.discord.errors import ApiError
from playground.discord.files import Upload
from playground.discord.posts import EPHEMERAL, LOADING, Posts
from playground.discord.rules.answers import (
    CHOICES,
    FORM,
    LATER_UPDATE,
    MESSAGE,
    THINKING,
    UPDATE,
    check_answer,
)
from playground.discord.sessions import COMMAND, Session, Sessions
from playground.discord.world import World

Json = dict[str, Any]
SLASH_ANSWER, MENU_ANSWER = 20, 23
"""Message types. Source: https://docs.discord.com/developers/resources/message"""
NAMES = {
    MESSAGE: "message",
    THINKING: "thinking",
    LATER_UPDATE: "deferred_update",
    UPDATE: "update",
    CHOICES: "choices",
    FORM: "form",
}


class Answers:
    """Carries out answers, each interaction's first one only."""

    def __init__(self, world: World, posts: Posts, sessions: Sessions) -> None:
        self._world = world
        self._posts = posts
        self._sessions = sessions
        self._came = threading.Condition()
        self._outcomes: dict[str, Json] = {}

    def give(self, id: str, answer: Json, uploads: Sequence[Upload] = ()) -> Json:
        """Carry out the answer to an interaction; returns what a person's client is told.

        Raises ApiError: 40060 for a second answer, 50035 for one that is not allowed.
        """
        with self._world.lock:
            session = self._sessions.get(id)
            if session.answered:
                raise ApiError(400, 40060)
            check_answer(session, answer, uploads)
            session.answered = answer["type"]
            outcome = self._carry_out(session, answer["type"], answer.get("data") or {}, uploads)
            self._sessions.save(session)
        found = {"interaction": id, "outcome": NAMES[answer["type"]], **outcome}
        with self._came:
            self._outcomes[id] = found
            self._came.notify_all()
        return found

    def wait(self, id: str, timeout_s: float) -> Json | None:
        """The outcome, once there is one: the bot may also answer by calling us."""
        with self._came:
            self._came.wait_for(lambda: id in self._outcomes, max(0.0, timeout_s))
            return self._outcomes.pop(id, None)

    def follow_up(self, session: Session, body: Json, uploads: Sequence[Upload]) -> Json:
        """A further message; right after a "thinking" one it fills that in, as Discord does.

        Source: https://docs.discord.com/developers/interactions/receiving-and-responding
        """
        original = self._original(session)
        if original is not None and original["message"]["flags"] & LOADING:
            return self._posts.edit(original, {k: v for k, v in body.items() if k != "flags"})
        more = self._signed(session)
        if session.original:
            more["interaction_metadata"] |= {"original_response_message_id": session.original}
            channel = self._world.channel(session.channel)
            more |= replies.reply(channel, session.original)
        return self._post(session, body, uploads, **more)

    def _original(self, session: Session) -> Json | None:
        try:
            return self._posts.get(session.original)
        except ApiError:
            return None

    def _carry_out(self, session: Session, kind: int, data: Json, uploads: Any) -> Json:
        match kind:
            case 4 | 5:
                loading = {"flags": int(data.get("flags") or 0) & EPHEMERAL | LOADING}
                body = data if kind == MESSAGE else loading
                post = self._post(session, body, uploads, **self._heading(session))
                session.original = post["message"]["id"]
                return {"message": self._posts.render(post)}
            case 6 | 7:
                session.original = session.message
                post = self._posts.get(session.message)
                if kind == UPDATE:
                    self._posts.edit(post, data, uploads)
                return {"message": self._posts.render(post)}
            case 8:
                return {"choices": data.get("choices") or []}
            case _:
                session.form = data
                return {"form": data}

    def _post(self, session: Session, body: Json, uploads: Sequence[Upload], **more: Any) -> Json:
        private = int(body.get("flags") or 0) & EPHEMERAL
        only_for = session.user if private else ""
        channel = self._world.channel(session.channel)
        bot = self._world.bot
        return self._posts.create(channel, bot, body, uploads, only_for=only_for, **more)

    def _signed(self, session: Session) -> Json:
        id = self._world.application["id"]
        found = {"application_id": id, "webhook_id": id}
        return {**found, "interaction_metadata": dict(session.metadata)}

    def _heading(self, session: Session) -> Json:
        """What Discord shows above the first answer."""
        more = self._signed(session)
        if session.kind == COMMAND:
            menu = "target_message_id" in session.metadata
            return {
                **more,
                "type": MENU_ANSWER if menu else SLASH_ANSWER,
                "interaction": {
                    "id": session.id,
                    "type": session.kind,
                    "name": session.name,
                    "user": self._world.users[session.user],
                },
            }
        channel = self._world.channel(session.channel)
        return {**more, **(replies.reply(channel, session.message) if session.message else {})}
