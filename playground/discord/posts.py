"""Messages: made, changed, deleted, and shown to those who may see them."""

import copy
from collections.abc import Sequence
from typing import Any

from playground.discord import replies
from playground.discord.errors import ApiError
from playground.discord.events import Hub
from playground.discord.files import Files, Upload
from playground.discord.ids import iso
from playground.discord.nonces import Nonces
from playground.discord.world import World

Json = dict[str, Any]
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
VOICE_MESSAGE = 1 << 13
COMPONENTS_V2 = 1 << 15
SETTABLE_LATER = SUPPRESS_EMBEDS | COMPONENTS_V2
SETTABLE = SETTABLE_LATER | EPHEMERAL | LOADING | VOICE_MESSAGE
BLANK: Json = {
    "type": 0,
    "content": "",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mention_roles": [],
    "mentions": [],
    "attachments": [],
    "embeds": [],
    "components": [],
    "pinned": False,
}
"""What every message has.
Source: https://docs.discord.com/developers/resources/message#message-object
"""
NOTED = ("description", "duration_secs", "waveform")
"""What the sender of a file may say about it."""


class Posts:
    """All messages. A post is `message` (Discord's object without links) and `only_for`."""

    def __init__(self, world: World, files: Files, hub: Hub) -> None:
        self._world = world
        self._files = files
        self._hub = hub
        self._posts = world.store.shelf("post")
        self._nonces = Nonces()

    def create(
        self,
        channel: Json,
        author: Json,
        body: Json,
        uploads: Sequence[Upload] = (),
        *,
        only_for: str = "",
        **more: Any,
    ) -> Json:
        """Post a message; returns the post. `more`: further fields of the message object.

        Raises ApiError (50035) for a reply to a message that is not there.
        """
        message: Json = {
            **copy.deepcopy(BLANK),
            "id": self._world.ids.next(),
            "channel_id": channel["id"],
            "author": author,
            "timestamp": iso(),
            "flags": int(body.get("flags") or 0) & SETTABLE,
            **replies.asked(channel, body, self._posts),
            **more,
        }
        post = {"message": message, "only_for": only_for}
        with self._world.lock:
            self._fill(post, body, uploads)
            self._posts[message["id"]] = post
            channel["last_message_id"] = message["id"]
            self._world.channels[channel["id"]] = channel
        self._tell("message_create", post)
        return post

    def once(self, channel: Json, author: Json, nonce: str) -> Json | None:
        """The message that this author posted under this nonce a moment ago, if any."""
        return self._posts.get(self._nonces.find(channel["id"], author["id"], nonce))

    def remember(self, post: Json, nonce: str) -> None:
        """Make `once` find the post."""
        self._nonces.remember(post["message"], nonce)

    def edit(self, post: Json, body: Json, uploads: Sequence[Upload] = ()) -> Json:
        """Change a message. A "thinking" one is filled in, which does not count as an edit."""
        with self._world.lock:
            message = post["message"]
            if message["flags"] & LOADING:
                message["flags"] &= ~LOADING
            else:
                message["edited_timestamp"] = iso()
            if "flags" in body:
                kept = message["flags"] & ~SETTABLE_LATER
                message["flags"] = kept | int(body["flags"] or 0) & SETTABLE_LATER
            self._fill(post, body, uploads)
            self._posts[message["id"]] = post
        self._tell("message_update", post)
        return post

    def delete(self, post: Json) -> None:
        """Delete a message, for everybody."""
        message = post["message"]
        with self._world.lock:
            self._posts.pop(message["id"], None)
        gone = {"id": message["id"], "channel_id": message["channel_id"]}
        self._hub.push("message_delete", gone, self._audience(post))

    def get(self, id: str) -> Json:
        """Raises ApiError (10008)."""
        post = self._posts.get(id)
        if post is None:
            raise ApiError(404, 10008)
        return post

    def seen_by(self, channel: Json, user: str) -> list[Json]:
        """The posts of a channel that a user may see, oldest first."""
        found = [
            post
            for post in self._posts.values()
            if post["message"]["channel_id"] == channel["id"] and post["only_for"] in ("", user)
        ]
        return sorted(found, key=lambda post: int(post["message"]["id"]))

    def render(self, post: Json) -> Json:
        """Discord's message object, with fresh links."""
        message = self._bare(post)
        if "message_reference" in message:
            shown = self._posts.get(message["message_reference"]["message_id"])
            seen = shown and shown["only_for"] in ("", post["only_for"])
            message["referenced_message"] = self._bare(shown) if shown and seen else None
        return message

    def _bare(self, post: Json) -> Json:
        with self._world.lock:
            message: Json = copy.deepcopy(post["message"])
        message["attachments"] = [
            self._files.attachment(file, ephemeral=bool(post["only_for"]))
            for file in message["attachments"]
        ]
        files = {f"attachment://{a['filename']}": a for a in message["attachments"]}
        for embed in message["embeds"]:
            for part in ("image", "thumbnail"):
                if part in embed and embed[part]["url"] in files:
                    file = files[embed[part]["url"]]
                    embed[part] |= {n: file[n] for n in ("url", "width", "height") if n in file}
        return message

    def _fill(self, post: Json, body: Json, uploads: Sequence[Upload]) -> None:
        message = post["message"]
        if "content" in body:
            message["content"] = body["content"] or ""
            message["mentions"] = self._mentions(message, body)
        if "embeds" in body:
            message["embeds"] = [{"type": "rich", **e} for e in body["embeds"] or []]
        if "components" in body:
            message["components"] = copy.deepcopy(body["components"] or [])
        if uploads or "attachments" in body:
            message["attachments"] = self._attached(message, body, uploads)

    def _attached(self, message: Json, body: Json, uploads: Sequence[Upload]) -> list[Json]:
        listed = body.get("attachments")
        notes = {str(item["id"]): item for item in listed or []}
        kept = [f for f in message["attachments"] if listed is None or f["id"] in notes]
        for upload in uploads:
            note = notes.get(str(upload.number), {})
            named = upload._replace(name=note.get("filename") or upload.name)
            more = {name: note[name] for name in NOTED if note.get(name) is not None}
            kept.append(self._files.keep(named, message["channel_id"], more))
        return kept

    def _mentions(self, message: Json, body: Json) -> list[Json]:
        shown = body.get("message_reference") or message.get("message_reference") or {}
        replied = self._posts.get(str(shown.get("message_id")))
        author = replied["message"]["author"]["id"] if replied else ""
        pinged = author in [user["id"] for user in message["mentions"]]
        asked = pinged or "message_reference" in body
        return replies.mentioned(body, self._world.users, author if asked else "")

    def _tell(self, kind: str, post: Json) -> None:
        self._hub.push(kind, self.render(post), self._audience(post))

    def _audience(self, post: Json) -> set[str]:
        if post["only_for"]:
            return {post["only_for"]}
        return self._world.viewers(self._world.channel(post["message"]["channel_id"]))
