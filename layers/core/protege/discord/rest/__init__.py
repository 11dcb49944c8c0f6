"""The Discord REST calls we make, and what we do when one fails."""

from collections.abc import Callable, Sequence
from typing import Any

from protege.discord.reply import File
from protege.discord.rest.line import Line
from protege.discord.rest.refusals import Refused as Refused
from protege.errors import Gone

LOOKED_AT, PAGES = 100, 5


class Discord(Line):
    """Discord's REST API. Every call raises Gone, Refused or Unavailable."""

    def edit_original(
        self, token: str, message: dict[str, Any], files: Sequence[File] = (), *, early: bool = True
    ) -> str:
        """Fill in an interaction's first message; return its id.

        `early`: the token cannot have run out, so a 404 only means that Discord is not ready yet.
        """
        path = f"/webhooks/{self._application}/{token}/messages/@original"
        return _id(self._call("PATCH", path, message, files, early=early))

    def follow_up(
        self,
        token: str,
        message: dict[str, Any],
        files: Sequence[File] = (),
        *,
        early: bool = True,
        seen: Callable[[], str] = lambda: "",
    ) -> str:
        """Send a further message of an interaction; return its id.

        `seen` looks for it where no answer came that says whether it is out: Discord knows no
        nonce here, and would show it twice.
        """
        path = f"/webhooks/{self._application}/{token}?wait=true"
        return _id(self._call("POST", path, message, files, early=early, seen=seen))

    def posted(self, channel: str, content: str, *, after: str) -> str:
        """Id of a message of ours with this content, younger than the id `after`; "" where there
        is none, where we may not read, or Discord does not say right now. In a busy channel it
        looks at the 500 messages that came first after that one.

        Source: https://docs.discord.com/developers/resources/message#get-channel-messages
        """
        for _ in range(PAGES):
            path = f"/channels/{channel}/messages?after={after}&limit={LOOKED_AT}"
            found = self._look(path) or []
            ours = (m for m in found if m.get("application_id") == self._application)
            here = next((str(m["id"]) for m in ours if m.get("content") == content), "")
            if here or len(found) < LOOKED_AT:
                return here
            after = str(max(int(m["id"]) for m in found))
        return ""

    def send(
        self, channel: str, message: dict[str, Any], files: Sequence[File] = (), *, nonce: str
    ) -> str:
        """Send a message as the bot; return its id. The same `nonce` (<= 25 characters) again
        within minutes returns the first message instead of sending another."""
        unique = {**message, "nonce": nonce[-25:], "enforce_nonce": True}
        return _id(self._call("POST", f"/channels/{channel}/messages", unique, files, bot=True))

    def edit(self, channel: str, message_id: str, message: dict[str, Any]) -> None:
        """Change one of the bot's own messages."""
        self._call("PATCH", f"/channels/{channel}/messages/{message_id}", message, bot=True)

    def private_channel(self, user: str) -> str:
        """The id of the private chat with a person."""
        return _id(self._call("POST", "/users/@me/channels", {"recipient_id": user}, bot=True))

    def voice_channel(self, guild: str, user: str) -> str:
        """The id of the voice channel a person sits in, "" where they sit in none.

        Source: https://docs.discord.com/developers/resources/voice#get-user-voice-state
        """
        try:
            found = self._call("GET", f"/guilds/{guild}/voice-states/{user}", None, bot=True)
        except Gone:
            return ""
        return str(found.get("channel_id") or "")

    def typing(self, channel: str) -> None:
        """Show for ten seconds, or until the next message there, that the bot is typing."""
        self._call("POST", f"/channels/{channel}/typing", None, bot=True)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Any other call as the bot; returns the answer's JSON, {} where there is none."""
        return self._call(method, path, body, bot=True)


def _id(found: Any) -> str:
    return str(found.get("id", "")) if isinstance(found, dict) else ""
