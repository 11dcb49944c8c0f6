"""Messages: made, changed, deleted, and shown to those who may see them."""

import copy
import re
import time
from collections.abc import Sequence
from typing import Any

from playground.discord import permissions
from playground.discord.errors import ApiError
from playground.discord.events import Hub
from playground.discord.files import Files, Upload
from playground.discord.ids import iso
from playground.discord.world import World

Json = dict[str, Any]
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15
SETTABLE_LATER = SUPPRESS_EMBEDS | COMPONENTS_V2
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
MENTION = re.compile(r"<@!?(\d+)>")
NONCE_S = 300.0
"""How long `enforce_nonce` remembers."""


class Posts:
    """All messages. A post is `message` (Discord's object without links) and `only_for`."""

    def __init__(self, world: World, files: Files, hub: Hub) -> None:
        self._world = world
        self._files = files
        self._hub = hub
        self._posts = world.store.shelf("post")
        self._nonces: dict[tuple[str, str, str], tuple[float, str]] = {}

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
        """Post a message; returns the post. `more`: further fields of the message object."""
        message: Json = {
            **copy.deepcopy(BLANK),
            "id": self._world.ids.next(),
            "channel_id": channel["id"],
            "author": author,
            "timestamp": iso(),
            "flags": int(body.get("flags") or 0) & (EPHEMERAL | SETTABLE_LATER | LOADING),
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
        made, id = self._nonces.get((channel["id"], author["id"], nonce), (0.0, ""))
        return self._posts.get(id) if time.monotonic() - made < NONCE_S else None

    def remember(self, post: Json, nonce: str) -> None:
        """Make `once` find the post."""
        message = post["message"]
        key = (message["channel_id"], message["author"]["id"], nonce)
        self._nonces[key] = (time.monotonic(), message["id"])

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

    def typing(self, channel: Json, user: str) -> None:
        """Tell that somebody is writing."""
        about = {"channel_id": channel["id"], "user_id": user, "timestamp": int(time.time())}
        guild = {"guild_id": channel["guild_id"]} if "guild_id" in channel else {}
        self._hub.push("typing", about | guild, self._seen_in(channel))

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
            message["mentions"] = self._mentions(body)
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
            kept.append(self._files.keep(named, message["channel_id"], note.get("description")))
        return kept

    def _mentions(self, body: Json) -> list[Json]:
        allowed = body.get("allowed_mentions")
        if allowed is not None and "users" not in allowed.get("parse", []):
            return []
        found = dict.fromkeys(MENTION.findall(body["content"] or ""))
        return [self._world.users[id] for id in found if id in self._world.users]

    def _tell(self, kind: str, post: Json) -> None:
        self._hub.push(kind, self.render(post), self._audience(post))

    def _audience(self, post: Json) -> set[str]:
        if post["only_for"]:
            return {post["only_for"]}
        return self._seen_in(self._world.channel(post["message"]["channel_id"]))

    def _seen_in(self, channel: Json) -> set[str]:
        needed = permissions.VIEW_CHANNEL
        return {user for user in self._world.users if self._world.can(channel, user, needed)}
