"""The Discord REST calls we make, and what we do when one fails."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import urllib3

from protege.discord.reply import File
from protege.errors import BotError, Gone, Unavailable
from protege.tracing import span

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
LOOKED_AT, PAGES = 100, 5
NOT_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class Refused(Unavailable):
    """Discord answered with an error that another try will not mend; the text says which.

    `status`: HTTP's; `faults`: what Discord says of single fields, nested as they are.
    """

    def __init__(self, why: str, status: int = 0, faults: Any = None) -> None:
        super().__init__(why)
        self.status = status
        self.faults = faults


class Discord:
    """Discord's REST API. Every call raises Gone, Refused or Unavailable."""

    def __init__(
        self,
        api: str,
        application_id: str,
        token: Callable[[str], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`token` gives the bot's, and is told which one Discord has refused ("": none)."""
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
            try:
                head = _encode(None, ())[0] | _bot(self._token(""))
                found = self._try("GET", path, head, b"", False)
            except (_Again, BotError):
                return ""
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

    def _call(
        self,
        method: str,
        path: str,
        body: Any,
        files: Sequence[File] = (),
        *,
        bot: bool = False,
        early: bool = False,
        seen: Callable[[], str] = lambda: "",
    ) -> Any:
        headers, data = _encode(body, files)
        if not bot:
            return self._patiently(method, path, headers, data, early, seen)
        token = self._token("")
        try:
            return self._patiently(method, path, headers | _bot(token), data, early)
        except Refused as refused:
            renewed = self._token(token) if refused.status == 401 else token
            if renewed == token:
                raise
        return self._patiently(method, path, headers | _bot(renewed), data, early)

    def _patiently(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        data: bytes,
        early: bool,
        seen: Callable[[], str] = lambda: "",
    ) -> Any:
        ends = time.monotonic() + PATIENCE_S
        for tried in range(1, TRIES + 1):
            try:
                with span("discord"):
                    return self._try(method, path, headers, data, early)
            except _Again as again:
                if again.unsure and (id := seen()):
                    return {"id": id}
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
            raise _Again(0.0, Unavailable(why), unsure=not isinstance(error, NOT_SENT)) from None
        if found.status >= 300:
            raise _failure(found.status, found.headers, _json(found.data), early)
        return json.loads(found.data) if found.data else {}


class _Again(Exception):
    """Another try may help, after `wait_s` seconds (0: Discord did not say); else `reason`.

    `unsure`: this one may have done its work all the same.
    """

    def __init__(self, wait_s: float, reason: Unavailable | Gone, *, unsure: bool = False) -> None:
        super().__init__(str(reason))
        self.wait_s = wait_s
        self.reason = reason
        self.unsure = unsure


def _failure(status: int, headers: Any, body: dict[str, Any], early: bool) -> Exception:
    code = body.get("code", 0)
    why = f"Discord answered {status} (code {code}: {body.get('message', '')})"
    if status == 429:
        return _Again(_seconds(body.get("retry_after"), headers), Unavailable(why))
    if status >= 500:
        return _Again(_seconds(None, headers), Unavailable(why), unsure=True)
    if code == UNKNOWN_WEBHOOK and early:
        return _Again(0.0, Gone(why))
    if code in GONE or status == 404:
        return Gone(why)
    return Refused(why, status, body.get("errors"))


def _bot(token: str) -> dict[str, str]:
    return {"Authorization": f"Bot {token}"}


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
