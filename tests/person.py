"""A person in front of the bot: signs what Discord would send and reads what comes back."""

import itertools
import json
import threading
import time
from typing import Any

from nacl.signing import SigningKey

from protege.app import App
from protege.config import Config
from protege.discord.interaction import Channel, Role
from protege.ingress import respond
from protege.storage import Delivery
from protege.worker import work
from tests.recorder import Recorder

KEY = SigningKey(b"k" * 32)
APPLICATION, GUILD, CHANNEL, ADA = "1300000000000000001", "77", "88", "42"
DISCORD_EPOCH_MS = 1_420_070_400_000
_counter, _last, _one = itertools.count(1), [0], threading.Lock()


def snowflake() -> str:
    """An id as Discord would make it now, larger than all before it."""
    with _one:
        now = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        _last.append(max(now, _last.pop() + 1))
        return str(*_last)


class Person:
    """Uses the bot through its front door: ingress, queue, worker, Discord's REST API."""

    def __init__(self, app: App, discord: Recorder) -> None:
        self.app = app
        self.discord = discord
        self.locale = "en-US"
        self.guild = GUILD
        self.user = ADA
        self.permissions = "32"
        self.roles: list[str] = []

    # ---- what a person does ----------------------------------------------------------------------

    def slash(self, command: str, **options: Any) -> dict[str, Any]:
        """Use a command, let the worker work; return the first response."""
        return self.act(self.command(command, **options))

    def press(self, button: dict[str, Any] | str, message: dict[str, Any] | None = None) -> Any:
        """Press a button."""
        route = button if isinstance(button, str) else button["custom_id"]
        payload = self.payload(3, {"custom_id": route, "component_type": 2})
        payload["message"] = {"id": "500", "content": "", "author": {"id": APPLICATION}}
        payload["message"] |= message or {}
        return self.act(payload)

    def submit(self, form: dict[str, Any], **fields: str) -> dict[str, Any]:
        """Send a form that was opened."""
        rows = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}}
            for name, value in fields.items()
        ]
        route = form["data"]["custom_id"]
        return self.act(self.payload(5, {"custom_id": route, "components": rows}))

    def menu(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        """Use an entry of a message's menu."""
        resolved = {"messages": {message["id"]: message}}
        data = {"name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        return self.act(self.payload(2, data))

    def suggestions(self, command: str, option: str, typed: str) -> list[dict[str, str]]:
        """What is offered while an option is typed."""
        options: list[dict[str, Any]] = [
            {"name": option, "type": 3, "value": typed, "focused": True}
        ]
        command, _, sub = command.partition(" ")
        options = [{"name": sub, "type": 1, "options": options}] if sub else options
        answer = self.hand_in(self.payload(4, {"name": command, "type": 1, "options": options}))
        found: list[dict[str, str]] = answer["data"]["choices"]
        return found

    def upload(self, name: str, body: bytes | str) -> dict[str, Any]:
        """A file to give as an option's value."""
        content = body.encode() if isinstance(body, str) else body
        self.discord.files[f"/files/{name}"] = content
        url = f"{self.discord.url}/files/{name}"
        return {"id": "900", "filename": name, "url": url, "size": len(content)}

    # ---- what they see ---------------------------------------------------------------------------

    @property
    def sees(self) -> str:
        """The text of the last message that was sent or edited."""
        return self.discord.contents()[-1]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons under the last message."""
        rows = self.discord.calls[-1].body["components"]
        return [button for row in rows for button in row["components"]]

    # ---- how it travels --------------------------------------------------------------------------

    def command(self, command: str, **options: Any) -> dict[str, Any]:
        """The payload of a slash command."""
        given = [self._option(name, value) for name, value in options.items() if value is not None]
        attachments = {v["id"]: v for v in options.values() if isinstance(v, dict)}
        channels = {v.id: v._asdict() for v in options.values() if isinstance(v, Channel)}
        command, _, sub = command.partition(" ")
        given = [{"name": sub, "type": 1, "options": given}] if sub else given
        data = {"name": command, "type": 1, "options": given}
        roles = {v.id: v._asdict() for v in options.values() if isinstance(v, Role)}
        resolved = {"attachments": attachments, "channels": channels, "roles": roles}
        return self.payload(2, {**data, "resolved": resolved})

    def payload(self, type: int, data: dict[str, Any]) -> dict[str, Any]:
        """An interaction as Discord sends it."""
        return {
            "id": snowflake(),
            "application_id": APPLICATION,
            "type": type,
            "token": f"token-{next(_counter)}",
            "version": 1,
            "data": data,
            "channel_id": CHANNEL,
            "locale": self.locale,
            **self._who(),
        }

    def act(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a payload, let the worker finish; return the first response."""
        found = self.hand_in(payload)
        self.wait()
        return found

    def hand_in(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a payload and leave the worker's half; return the first response."""
        status, body = self.send(json.dumps(payload).encode())
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def send(self, body: bytes) -> tuple[int, bytes]:
        """Sign and send raw bytes; return status and body of the response."""
        timestamp = str(int(time.time()))
        signature = KEY.sign(timestamp.encode() + body).signature.hex()
        return respond(self.app, body, signature, timestamp)

    def wait(self) -> list[Delivery]:
        """Let the worker work until the queue is empty; return what failed."""
        failed = []
        while delivery := self.app.queue.receive(wait_s=0, lease_s=60):
            if work(self.app, [delivery]):
                failed.append(delivery)
            self.app.queue.done(delivery.receipt)
        return failed

    def _who(self) -> dict[str, Any]:
        user = {"id": self.user, "username": "ada", "global_name": "Ada"}
        if not self.guild:
            return {"user": user}
        member = {"user": user, "permissions": self.permissions, "roles": self.roles}
        return {"guild_id": self.guild, "guild_locale": "en-US", "member": member}

    @staticmethod
    def _option(name: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return {"name": name, "type": 11, "value": value["id"]}
        if isinstance(value, Channel):
            return {"name": name, "type": 7, "value": value.id}
        if isinstance(value, Role):
            return {"name": name, "type": 8, "value": value.id}
        kinds = {bool: 5, int: 4, float: 10}
        return {"name": name, "type": kinds.get(type(value), 3), "value": value}


def configured(discord: Recorder, folder: str, **more: str) -> App:
    """The bot over a folder, facing a recorder."""
    env = {
        "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
        "DISCORD_APPLICATION_ID": APPLICATION,
        "DISCORD_BOT_TOKEN": "bot-token",
        "DISCORD_API": discord.url,
        "ATTACHMENT_HOSTS": discord.url.removeprefix("http://"),
        "DATA_DIR": folder,
        "VOICE_COMMAND": "true",  # a worker that ends at once
        "RATE_PERSON": "0",
        "RATE_GUILD": "0",  # tests hurry as no person does
        **more,
    }
    return App(Config.read(env), env)
