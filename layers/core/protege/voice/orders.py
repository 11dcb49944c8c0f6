"""What the voice worker is asked to do, as it travels through the voice queue."""

import json
import re
from typing import Any, Literal, NamedTuple, get_args

Deed = Literal["join", "leave", "say", "rules"]
DEEDS = get_args(Deed)
IDS = ("guild", "voice_channel", "user", "channel", "interaction")


class Order(NamedTuple):
    """One wish of one person. Ids are Discord's, as text; empty where there is none."""

    do: Deed
    """`rules`: the guild's rules or consents changed, read them again."""
    guild: str
    voice_channel: str = ""
    """`join`: where to."""
    text: str = ""
    """`say`: what to read aloud."""
    user: str = ""
    """Who wishes it."""
    channel: str = ""
    """The text channel it was wished in: transcripts and news go there."""
    locale: str = "en-US"
    interaction: str = ""
    token: str = ""
    """Of the interaction, whose first message is to tell what really happened; empty: nobody."""
    trusted: bool = False
    """Whether they may move others about, or manage the server: they need not sit with the bot."""

    def body(self) -> str:
        """JSON in plain ASCII, as the queue takes it."""
        return json.dumps(self._asdict())

    @classmethod
    def parse(cls, body: str) -> "Order":
        """What `body` wrote; fields that a newer version added are left out. Raises ValueError, for
        a deed that only a newer version knows too.
        """
        try:
            found = json.loads(body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(found, dict) or found.get("do") not in DEEDS or not found.get("guild"):
            raise ValueError("no order")
        given = {name: _checked(name, found[name]) for name in cls._fields if name in found}
        return cls(**given)


def _checked(name: str, value: Any) -> Any:
    if type(value) is not (bool if name == "trusted" else str):
        raise ValueError(f"{name} of another type")
    if name in IDS and not re.fullmatch("[0-9]{0,20}", str(value)):
        raise ValueError(f"{name} is no id")
    return value
