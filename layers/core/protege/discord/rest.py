"""The Discord REST calls we make, and what we do when one fails."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import urllib3

from protege.discord.reply import File
from protege.errors import Gone, Unavailable

AGENT = "DiscordBot (https://github.com/protege-bot/protege, 0.1)"
TRIES = 5
PATIENCE_S = 25.0
"""Longest time spent on one call, waits included: it must fit a worker's 60 seconds."""
GONE = {
    10003,  # unknown channel
    10008,  # unknown message
    10015,  # unknown webhook: the interaction's token has run out, or is not known yet
    10062,  # unknown interaction
    50001,  # missing access
    50007,  # cannot send messages to this user
    50013,  # missing permissions
    50027,  # invalid webhook token
}
"""Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json"""
UNKNOWN_WEBHOOK = 10015


class Refused(Unavailable):
    """Discord answered with an error that another try will not mend; the text says which."""


class Discord:
    """Discord's REST API. Every call raises Gone, Refused or Unavailable."""

    def __init__(
        self,
        api: str,
        application_id: str,
        token: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api.rstrip("/")
        self._application = application_id
        self._token = token
        self._pause = pause
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10.0), maxsize=8)

    def edit_original(
        self, token: str, message: dict[str, Any], files: Sequence[File] = (), *, early: bool = True
    ) -> str:
        """Fill in an interaction's first message; return its id.

        `early`: the token cannot have run out, so a 404 only means that Discord is not ready yet.
        """
        path = f"/webhooks/{self._application}/{token}/messages/@original"
        return _id(self._call("PATCH", path, message, files, early=early))

    def follow_up(
        self, token: str, message: dict[str, Any], files: Sequence[File] = (), *, early: bool = True
    ) -> str:
        """Send a further message of an interaction; return its id."""
        path = f"/webhooks/{self._application}/{token}?wait=true"
        return _id(self._call("POST", path, message, files, early=early))

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

    def put_commands(self, manifest: list[dict[str, Any]]) -> int:
        """Make these the application's commands; return how many there are."""
        path = f"/applications/{self._application}/commands"
        return len(self._call("PUT", path, manifest, bot=True))

    def set_endpoint(self, url: str) -> None:
        """Tell Discord where to send interactions; it probes the address before it agrees."""
        self._call("PATCH", "/applications/@me", {"interactions_endpoint_url": url}, bot=True)

    def _call(
        self,
        method: str,
        path: str,
        body: Any,
        files: Sequence[File] = (),
        *,
        bot: bool = False,
        early: bool = False,
    ) -> Any:
        headers, data = _encode(body, files)
        if bot:
            headers["Authorization"] = f"Bot {self._token()}"
        return self._patiently(method, path, headers, data, early)

    def _patiently(
        self, method: str, path: str, headers: dict[str, str], data: bytes, early: bool
    ) -> Any:
        ends = time.monotonic() + PATIENCE_S
        for tried in range(1, TRIES + 1):
            try:
                return self._try(method, path, headers, data, early)
            except _Again as again:
                wait = again.wait_s or 0.5 * 2 ** (tried - 1)
                if tried == TRIES or time.monotonic() + wait > ends:
                    raise again.reason from None
                self._pause(wait)
        raise AssertionError("unreachable")

    def _try(
        self, method: str, path: str, headers: dict[str, str], data: bytes, early: bool
    ) -> Any:
        try:
            found = self._pool.request(method, self._api + path, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            why = f"Discord cannot be reached: {type(error).__name__}"
            raise _Again(0.0, Unavailable(why)) from None
        if found.status >= 300:
            raise _failure(found.status, found.headers, _json(found.data), early)
        return json.loads(found.data) if found.data else {}


class _Again(Exception):
    """Another try may help, after `wait_s` seconds (0: Discord did not say); else `reason`."""

    def __init__(self, wait_s: float, reason: Unavailable | Gone) -> None:
        super().__init__(str(reason))
        self.wait_s = wait_s
        self.reason = reason


def _failure(status: int, headers: Any, body: dict[str, Any], early: bool) -> Exception:
    code = body.get("code", 0)
    why = f"Discord answered {status} (code {code}: {body.get('message', '')})"
    if status == 429:
        return _Again(_seconds(body.get("retry_after"), headers), Unavailable(why))
    if status >= 500:
        return _Again(_seconds(None, headers), Unavailable(why))
    if code == UNKNOWN_WEBHOOK and early:
        return _Again(0.0, Gone(why))
    return Gone(why) if code in GONE or status == 404 else Refused(why)


def _seconds(asked: Any, headers: Any) -> float:
    """How long Discord asks us to wait; 0 where it does not say."""
    for value in (asked, headers.get("retry-after"), headers.get("x-ratelimit-reset-after")):
        try:
            return max(0.0, float(value))
        except (TypeError, ValueError):
            continue
    return 0.0


def _encode(body: Any, files: Sequence[File]) -> tuple[dict[str, str], bytes]:
    payload = b"" if body is None else json.dumps(body).encode()
    if not files:
        return {"User-Agent": AGENT, "Content-Type": "application/json"}, payload
    parts: list[tuple[str, Any]] = [("payload_json", (None, payload, "application/json"))]
    parts += [(f"files[{i}]", (f.name, f.body, f.type)) for i, f in enumerate(files)]
    data, content_type = urllib3.encode_multipart_formdata(parts)
    return {"User-Agent": AGENT, "Content-Type": content_type}, data


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _id(found: Any) -> str:
    return str(found.get("id", "")) if isinstance(found, dict) else ""
