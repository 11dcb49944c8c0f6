"""A person at the page, without the page: for tests and scripts, over HTTP."""

import time
from collections.abc import Callable
from typing import Any

from playground.discord.line import Refusal
from playground.discord.onlooker import Onlooker, Outcome

Json = dict[str, Any]
File = tuple[str, bytes]
"""Name and body of a file to attach."""
PATIENCE_S = 60.0
__all__ = ["File", "Outcome", "Person", "Refusal"]


class Person(Onlooker):
    """Somebody in a channel. `name`: vera (administrator), max or lina.

    `guild`, `channel`: names; by default the first ones. `guild` "" is the private chat.
    Every method raises Refusal for what Discord's client would not let a person do.
    """

    def __init__(
        self,
        address: str,
        name: str = "vera",
        *,
        guild: str | None = None,
        channel: str | None = None,
        locale: str = "en-US",
    ) -> None:
        super().__init__(address)
        self.name = name
        self.locale = locale
        people = self._get("/playground/world")["people"]
        self.id: str = next(p["id"] for p in people if p["username"] == name)
        world = self._get("/playground/world", user=self.id)
        self.channel = _channel(world, guild, channel)

    def slash(self, name: str, /, **options: Any) -> Outcome:
        """Use a command (`dataset show`: a subcommand); a File as value is uploaded first."""
        command, path = self._command(name, 1)
        given = {key: self._value(value) for key, value in options.items() if value is not None}
        return self._do(kind="slash", command=command["id"], path=path, options=given)

    def autocomplete(self, name: str, option: str, typed: str, /, **options: Any) -> list[Json]:
        """The choices offered while `option` is typed."""
        command, path = self._command(name, 1)
        found = self._do(
            kind="autocomplete",
            command=command["id"],
            path=path,
            options={**options, option: typed},
            focused=option,
        )
        return found.choices

    def menu(self, message: Json, name: str) -> Outcome:
        """Use an entry of a message's menu."""
        command, _ = self._command(name, 3)
        return self._do(kind="menu", command=command["id"], message=message["id"])

    def press(self, message: Json, label: str) -> Outcome:
        """Press a button: by its label, its emoji or its custom_id."""
        for button in _components(message["components"]):
            face = (button.get("label"), (button.get("emoji") or {}).get("name"))
            if label in (*face, button.get("custom_id")) and button["type"] == 2:
                custom_id = button["custom_id"]
                return self._do(kind="component", message=message["id"], custom_id=custom_id)
        raise LookupError(f"no button {label!r} under {message['content']!r}")

    def choose(self, message: Json, *values: str) -> Outcome:
        """Choose from the (first) select menu under a message."""
        menu = next(c for c in _components(message["components"]) if c["type"] == 3)
        return self._do(
            kind="component",
            message=message["id"],
            custom_id=menu["custom_id"],
            values=list(values),
        )

    def submit(self, opened: Outcome, **values: Any) -> Outcome:
        """Send a form. Values by custom_id; what is left out keeps its prefilled value."""
        filled = {name: self._value(value) for name, value in values.items()}
        prefilled = {
            field["custom_id"]: field["value"]
            for field in _components(opened.form["components"])
            if field.get("value")
        }
        return self._do(kind="modal", form=opened.id, values={**prefilled, **filled})

    def say(self, content: str, *files: File, reply_to: str = "", voice: bool = False) -> Json:
        """Write a message, or a reply to one (an id); `voice`: its one file is a voice message."""
        fields: dict[str, Any] = {"user": self.id, "content": content, "reply_to": reply_to}
        fields |= {"voice": "1"} if voice else {}
        for number, (name, body) in enumerate(files):
            fields[f"files[{number}]"] = (name, body)
        path = f"/playground/channels/{self.channel}/messages"
        found: Json = self._call("POST", path, fields=fields)
        return found

    def messages(self, channel: str = "") -> list[Json]:
        """What this person sees in a channel (an id; by default their own), oldest first."""
        path = f"/playground/channels/{channel or self.channel}/messages"
        found: list[Json] = self._get(path, user=self.id)["messages"]
        return found

    def commands(self) -> list[Json]:
        """What the picker offers here."""
        found: list[Json] = self._get("/playground/commands", user=self.id, channel=self.channel)
        return found

    def private_chat(self) -> str:
        """The id of the private chat with the bot."""
        return str(self._get("/playground/world", user=self.id)["private"])

    def wait_for(
        self, wanted: Callable[[Json], bool], *, channel: str = "", timeout_s: float = PATIENCE_S
    ) -> Json:
        """The first message that fits, now or as soon as there is one. Raises TimeoutError."""
        ends = time.monotonic() + timeout_s
        seen: list[Json] = []
        while (left := ends - time.monotonic()) > 0:
            last = self._get("/playground/world", user=self.id)["event"]
            seen = self.messages(channel)
            for message in seen:
                if wanted(message):
                    return message
            self._get("/playground/changes", user=self.id, after=last, wait=left)
        raise TimeoutError(f"no such message among {[m['content'] for m in seen[-5:]]}")

    def answer_to(self, outcome: Outcome, *, timeout_s: float = PATIENCE_S) -> Json:
        """An interaction's message once it is no longer "thinking"."""
        id = outcome.message["id"]
        return self.wait_for(
            lambda message: message["id"] == id and not message["flags"] & 1 << 7,
            timeout_s=timeout_s,
        )

    def _command(self, name: str, kind: int) -> tuple[Json, list[str]]:
        commands = [c for c in self.commands() if c["type"] == kind]
        head, *path = name.split(" ") if kind == 1 else [name]
        for command in commands:
            if command["name"] == head:
                return command, path
        raise LookupError(f"{self.name} is not offered {name!r} here")

    def _value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return self._upload(value)
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            return [self._upload(file) for file in value]
        return value

    def _upload(self, file: File) -> str:
        fields = {"channel": self.channel, "file": file}
        return str(self._call("POST", "/playground/uploads", fields=fields)["id"])

    def _do(self, **deed: Any) -> Outcome:
        who = {"user": self.id, "channel": self.channel, "locale": self.locale}
        found = self._call("POST", "/playground/interactions", json={**who, **deed})
        return Outcome(
            found["interaction"],
            found["outcome"],
            found.get("message", {}),
            found.get("form", {}),
            found.get("choices", []),
            found.get("why", ""),
        )


def _channel(world: Json, guild: str | None, channel: str | None) -> str:
    if guild == "":
        return str(world["private"])
    places = [g for g in world["guilds"] if guild in (None, g["name"])]
    found = [c for g in places for c in g["channels"] if channel in (None, c["name"])]
    if not found:
        raise LookupError(f"no channel {channel!r} in {guild!r} that this person sees")
    return str(found[0]["id"])


def _components(parts: list[Json]) -> list[Json]:
    found = []
    for part in parts:
        inner = part.get("components", []) + [part[k] for k in ("component",) if k in part]
        found += [part, *_components(inner)]
    return found
