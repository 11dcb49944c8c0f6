"""What we send back to Discord."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # carried along, never looked into
    from protege.voice.orders import Order

EPHEMERAL = 1 << 6
NO_PINGS: dict[str, Any] = {"parse": []}
"""allowed_mentions that pings nobody, whatever the text says."""
PONG = {"type": 1}
LONGEST_CONTENT = 2000
LONGEST_INPUT = 4000
LONGEST_TITLE = 45
BUTTONS_IN_A_ROW = 5


class Button(NamedTuple):
    """A button; pressing it brings `route` back as custom_id. `style`: 1 blurple to 4 red."""

    route: str
    label: str = ""
    emoji: str = ""
    style: int = 2

    def payload(self) -> dict[str, Any]:
        """Discord's button component (type 2)."""
        face: dict[str, Any] = {"label": self.label[:80]} if self.label else {}
        if self.emoji:
            face["emoji"] = {"name": self.emoji}
        return {"type": 2, "style": self.style, "custom_id": self.route, **face}


class File(NamedTuple):
    """A file to attach to a message."""

    name: str
    body: bytes
    type: str = "text/plain; charset=utf-8"


class Embed(NamedTuple):
    """A framed text under a message: title up to 256 characters, description up to 4,096; `fields`:
    up to 25 of a name (256), a text (1,024) and whether it may stand beside others."""

    title: str
    description: str
    picture: str = ""
    """Name of a file of the same message that is shown inside the frame."""
    fields: tuple[tuple[str, str, bool], ...] = ()

    def payload(self) -> dict[str, Any]:
        """Discord's embed object.

        Source of `attachment://`: https://docs.discord.com/developers/reference#editing-message-attachments
        """
        found: dict[str, Any] = {
            "title": self.title[:256],
            "description": self.description[:4096],
        }
        if self.picture:
            found["image"] = {"url": f"attachment://{self.picture}"}
        if self.fields:
            found["fields"] = [
                {"name": name[:256], "value": value[:1024] or "—", "inline": beside}
                for name, value, beside in self.fields[:25]
            ]
        return found


class Reply(NamedTuple):
    """A message. Content of any length: what sends it splits or attaches it."""

    content: str
    buttons: tuple[Button, ...] = ()
    private: bool = False
    files: tuple[File, ...] = ()
    embed: Embed | None = None
    answer: str = ""
    """Id of the stored answer that this message shows, so that the message leads back to it."""
    job: str = ""
    """Id of a job that is to begin once this message is there: its progress is shown in it."""
    above: "Reply | None" = None
    """What the message becomes whose button was pressed; None leaves it as it is."""
    voice: "Order | None" = None
    """What the voice worker is asked for once this message is there: it tells here how it went."""

    def message(self) -> dict[str, Any]:
        """The JSON of one message (content must fit). An edit clears what the reply has not."""
        return {"embeds": [], "components": [], **self._filled()}

    def response(self) -> dict[str, Any]:
        """An interaction response of type 4: the message at once."""
        data = self._filled()
        if self.private:
            data["flags"] = EPHEMERAL
        return {"type": 4, "data": data}

    def _filled(self) -> dict[str, Any]:
        found: dict[str, Any] = {"content": self.content, "allowed_mentions": NO_PINGS}
        if self.embed:
            found["embeds"] = [self.embed.payload()]
        if self.buttons:
            found["components"] = [
                {"type": 1, "components": [button.payload() for button in row]}
                for row in self._rows()
            ]
        return found

    def _rows(self) -> Iterator[tuple[Button, ...]]:
        for start in range(0, len(self.buttons), BUTTONS_IN_A_ROW):
            yield self.buttons[start : start + BUTTONS_IN_A_ROW]


class Field(NamedTuple):
    """A text input of a form."""

    name: str
    label: str
    long: bool
    required: bool = True
    value: str = ""
    longest: int = LONGEST_INPUT

    def payload(self) -> dict[str, Any]:
        """A Label (type 18) around a text input (type 4)."""
        text: dict[str, Any] = {
            "type": 4,
            "custom_id": self.name,
            "style": 2 if self.long else 1,
            "required": self.required,
            "max_length": self.longest,
        }
        if self.value:
            text["value"] = self.value[: self.longest]
        return {"type": 18, "label": self.label[:45], "component": text}


class Form(NamedTuple):
    """A form (Discord: modal) of one to five fields; sending it brings `route` back."""

    title: str
    route: str
    fields: tuple[Field, ...]

    def response(self) -> dict[str, Any]:
        """An interaction response of type 9."""
        rows = [field.payload() for field in self.fields]
        data = {"title": self.title[:LONGEST_TITLE], "custom_id": self.route, "components": rows}
        return {"type": 9, "data": data}


class Choice(NamedTuple):
    """One suggestion while an option is typed."""

    name: str
    value: str


class Choices(NamedTuple):
    """Suggestions; Discord shows at most 25."""

    items: tuple[Choice, ...]

    def response(self) -> dict[str, Any]:
        """An interaction response of type 8."""
        shown = [
            {"name": c.name[:100] or "-", "value": c.value}
            for c in self.items
            if len(c.value) <= 100
        ]
        return {"type": 8, "data": {"choices": shown[:25]}}


def deferred(*, private: bool) -> dict[str, Any]:
    """An interaction response of type 5: "thinking...", seen by all or by the person alone."""
    return {"type": 5, "data": {"flags": EPHEMERAL}} if private else {"type": 5}
