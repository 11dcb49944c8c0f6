"""The line to Discord: one call, tried again for as long as that may help."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import urllib3

from protege.discord.reply import File
from protege.discord.rest.packing import authorized, encode, read_object
from protege.discord.rest.refusals import Again, Refused, failure
from protege.errors import BotError, Unavailable
from protege.tracing import span

TRIES = 5
PATIENCE_S = 25.0
"""Longest time spent on one call, waits included: it must fit a worker's 60 seconds."""
NOT_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class Line:
    """Every call raises Gone, Refused or Unavailable."""

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

    def _look(self, path: str) -> Any:
        """Ask once, as the bot; None where there is no answer, or no good one."""
        headers, data = encode(None, ())
        try:
            return self._try("GET", path, headers | authorized(self._token("")), data, False)
        except (Again, BotError):
            return None

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
        headers, data = encode(body, files)
        if not bot:
            return self._patiently(method, path, headers, data, early, seen)
        token = self._token("")
        try:
            return self._patiently(method, path, headers | authorized(token), data, early)
        except Refused as refused:
            renewed = self._token(token) if refused.status == 401 else token
            if renewed == token:
                raise
        return self._patiently(method, path, headers | authorized(renewed), data, early)

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
            except Again as again:
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
            raise Again(0.0, Unavailable(why), unsure=not isinstance(error, NOT_SENT)) from None
        if found.status >= 300:
            raise failure(found.status, found.headers, read_object(found.data), early)
        return json.loads(found.data) if found.data else {}
