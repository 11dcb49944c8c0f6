"""The way of one interaction: from a person's deed over the bot's answer to its outcome."""

import time
from typing import Any

from playground.discord import permissions
from playground.discord.catalogue import Catalogue
from playground.discord.errors import ApiError
from playground.discord.files import Files
from playground.discord.interactions import data as shapes
from playground.discord.interactions.answering import Answers
from playground.discord.interactions.delivery import Delivery, Postman
from playground.discord.interactions.envelope import surroundings
from playground.discord.interactions.options import Scene
from playground.discord.journal import Journal
from playground.discord.posts import EPHEMERAL, Posts
from playground.discord.rules.forms import check_filled
from playground.discord.sessions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Session,
    Sessions,
)
from playground.discord.validation import Validation
from playground.discord.world import World

Json = dict[str, Any]
MISSHAPEN = (AttributeError, KeyError, TypeError, ValueError)
"""What a body that is not of Discord's shape may cause in our rules."""
SILENT = "The application did not respond"


class Desk:
    """Takes a person's deed as the page (or a test) tells it: `user`, `channel`, `locale`, `kind`
    and what belongs to that kind."""

    def __init__(
        self,
        world: World,
        files: Files,
        posts: Posts,
        sessions: Sessions,
        catalogue: Catalogue,
        answers: Answers,
        journal: Journal,
        validation: Validation,
        postman: Postman,
    ) -> None:
        self._world = world
        self._files = files
        self._posts = posts
        self._sessions = sessions
        self._catalogue = catalogue
        self._answers = answers
        self._journal = journal
        self._validation = validation
        self._postman = postman
        self.url = ""
        """Where the bot takes interactions, unless it sets an address of its own."""

    def do(self, deed: Json) -> Json:
        """Send what a person did; returns the outcome. Raises ApiError for what Discord's
        client would not have let them do."""
        channel = self._world.channel(deed["channel"])
        user = deed["user"]
        if not self._world.can(channel, user, permissions.VIEW_CHANNEL):
            raise ApiError(403, 50001)
        kinds = {
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "component": self._component,
            "modal": self._modal,
        }
        return kinds[deed["kind"]](deed, channel)

    def _slash(self, deed: Json, channel: Json) -> Json:
        command = self._catalogue.usable(deed["command"], channel, deed["user"])
        name = " ".join([command["name"], *(deed.get("path") or [])])
        data = self._filled(command, deed, channel)
        return self._send(self._begin(COMMAND, deed, name=name), data)

    def _autocomplete(self, deed: Json, channel: Json) -> Json:
        command = self._catalogue.usable(deed["command"], channel, deed["user"])
        data = self._filled(command, deed, channel, deed["focused"])
        return self._send(self._begin(AUTOCOMPLETE, deed, name=command["name"]), data)

    def _menu(self, deed: Json, channel: Json) -> Json:
        command = self._catalogue.usable(deed["command"], channel, deed["user"])
        message = self._message(deed["message"], deed)
        if message["flags"] & EPHEMERAL:
            raise ApiError(404, 10008)
        session = self._begin(COMMAND, deed, name=command["name"])
        session.metadata["target_message_id"] = message["id"]
        return self._send(session, shapes.menu_data(command, message))

    def _component(self, deed: Json, channel: Json) -> Json:
        message = self._message(deed["message"], deed)
        values = deed.get("values") or []
        data = shapes.component_data(message, deed["custom_id"], values)
        session = self._begin(COMPONENT, deed, name=deed["custom_id"], message=message["id"])
        session.metadata["interacted_message_id"] = message["id"]
        return self._send(session, data, message=message)

    def _modal(self, deed: Json, channel: Json) -> Json:
        opener = self._sessions.get(deed["form"])
        if opener.form is None or opener.user != deed["user"]:
            raise ApiError(404, 10062)
        values = deed.get("values") or {}
        check_filled(opener.form, values)
        data = shapes.form_data(self._files, opener.form, values)
        session = self._begin(MODAL, deed, name=data["custom_id"], message=opener.message)
        session.metadata["triggering_interaction_metadata"] = opener.metadata
        under = {"message": self._message(opener.message, deed)} if opener.message else {}
        return self._send(session, data, **under)

    def _filled(self, command: Json, deed: Json, channel: Json, focused: str = "") -> Json:
        scene = Scene(self._world, self._files, channel, deed["user"])
        path, options = deed.get("path") or [], deed.get("options") or {}
        return shapes.command_data(scene, command, path, options, focused)

    def _message(self, id: str, deed: Json) -> Json:
        post = self._posts.get(id)
        mine = post["only_for"] in ("", deed["user"])
        if not mine or post["message"]["channel_id"] != deed["channel"]:
            raise ApiError(404, 10008)
        return self._posts.render(post)

    def _begin(self, kind: int, deed: Json, **more: Any) -> Session:
        user, channel = deed["user"], deed["channel"]
        session = self._sessions.begin(kind, user, channel, deed.get("locale", "en-US"), **more)
        session.metadata = {"id": session.id, "type": kind, "user": self._world.users[user]}
        return session

    def _send(self, session: Session, data: Json, **more: Any) -> Json:
        channel = self._world.channel(session.channel)
        around = surroundings(self._world, channel, session.user)
        owners = around["authorizing_integration_owners"]
        session.metadata["authorizing_integration_owners"] = owners
        self._sessions.save(session)
        payload = {
            "id": session.id,
            "application_id": self._world.application["id"],
            "type": session.kind,
            "token": session.token,
            "version": 1,
            "locale": session.locale,
            "data": data,
            **around,
            **more,
        }
        return self._deliver(session, payload)

    def _deliver(self, session: Session, payload: Json) -> Json:
        url = self._world.application["interactions_endpoint_url"] or self.url
        who = self._world.users[session.user]["global_name"]
        about = {"kind": session.kind, "name": session.name, "user": who, "url": url}
        self._journal.sent(session.id, {**about, "payload": payload})
        ends = time.monotonic() + self._postman.limit_s
        sent = self._postman.post(url, payload)
        outcome = self._outcome(session, sent, ends)
        self._journal.answered(
            session.id,
            request={"headers": sent.headers, "body": sent.body},
            response={"status": sent.status, "body": sent.answer, "ms": round(sent.took_ms, 1)},
            outcome=outcome["outcome"],
            problem=outcome.get("why", ""),
        )
        return outcome

    def _outcome(self, session: Session, sent: Delivery, ends: float) -> Json:
        problem, answer = sent.problem, sent.answered()
        if not problem and answer is not None:
            problem = self._take(session, answer)
        left = 0.0 if problem or answer is not None else ends - time.monotonic()
        found = self._answers.wait(session.id, left)
        if found is not None:
            return found
        why = problem or "an empty answer, and no callback"
        return {"interaction": session.id, "outcome": "failed", "error": SILENT, "why": why}

    def _take(self, session: Session, answer: Any) -> str:
        """Carry out the answer; returns why Discord would not, or ""."""
        where = f"answer to {session.name or session.kind}"
        wrong = self._validation.callback(answer)
        if wrong:
            self._journal.violation(session.id, where, wrong)
        try:
            self._answers.give(session.id, answer)
        except ApiError as error:
            self._journal.violation(session.id, where, str(error))
            return str(error)
        except MISSHAPEN:
            if not wrong:
                raise
            return wrong
        return ""
