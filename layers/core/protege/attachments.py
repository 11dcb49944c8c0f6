"""Fetching files that people attached: only from hosts we trust, and never more than allowed."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import urllib3

from protege.errors import UserError
from protege.text import Text

DISCORD_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Source: https://docs.discord.com/developers/reference#cdn-formatting"""
CHUNK = 64 << 10
PLAIN = re.compile(r"[!-\[\]-~]+").fullmatch
"""Visible ASCII without backslashes. In addresses of other letters, who checks and who connects may
find different hosts: Python's parser, for one, skips tabs and line ends, urllib3's does not."""
TOO_BIG = Text(
    en="“{name}” is larger than {limit} MB, the most I read.",
    ru="«{name}» больше {limit} МБ — столько я не читаю.",
)
STRANGE_HOST = Text(
    en="I read attachments only from Discord itself, not from {host}.",
    ru="Я читаю вложения только с серверов Discord, а не с {host}.",
)
NOT_ARRIVED = Text(
    en="“{name}” did not arrive from Discord. Please try again.",
    ru="«{name}» не дошёл от Discord. Попробуйте, пожалуйста, ещё раз.",
)
NOT_THERE = Text(
    en="“{name}” can no longer be downloaded (Discord answered {status}). Attach it again.",
    ru="«{name}» больше нельзя скачать (Discord ответил {status}). Прикрепите файл ещё раз.",
)


class Attachments:
    """Downloads attachments. `more_hosts`: `host` or `host:port`, reached over http or https."""

    def __init__(self, more_hosts: frozenset[str], limit_mb: int) -> None:
        self._more_hosts = more_hosts
        self._limit_mb = limit_mb
        tries = urllib3.Retry(connect=2, read=1, redirect=False, backoff_factor=0.3)
        self._pool = urllib3.PoolManager(retries=tries, timeout=urllib3.Timeout(5.0, read=15.0))

    def fetch(self, name: str, url: str, size: int) -> bytes:
        """The file's bytes at once. Raises UserError as `open` does."""
        return b"".join(self.open(name, url, size))

    def open(self, name: str, url: str, size: int) -> Iterator[bytes]:
        """The file's bytes as they arrive. Raises UserError (too big, foreign host, gone ...).

        `size` is what Discord declared; the bytes are counted all the same while they arrive, so
        the last `next` may raise too. The declared type and the name's ending decide nothing.
        """
        self._check(url)
        if size > self._limit_mb << 20:
            raise UserError(TOO_BIG, name=name, limit=self._limit_mb)
        return self._arriving(name, url)

    def _check(self, url: str) -> None:
        parts = urlsplit(url if PLAIN(url) and not {"[", "]"} & set(url) else "")
        allowed = parts.scheme == "https" and parts.netloc in DISCORD_HOSTS
        if not allowed and not (
            parts.scheme in ("http", "https") and parts.netloc in self._more_hosts
        ):
            raise UserError(STRANGE_HOST, host=parts.hostname or "?")

    def _arriving(self, name: str, url: str) -> Iterator[bytes]:
        try:
            answer = self._pool.request("GET", url, preload_content=False, redirect=False)
            try:
                if answer.status != 200:
                    raise UserError(NOT_THERE, name=name, status=answer.status)
                yield from self._counted(name, answer)
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError:
            raise UserError(NOT_ARRIVED, name=name) from None

    def _counted(self, name: str, answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        left = self._limit_mb << 20
        while chunk := answer.read(CHUNK, decode_content=False):
            left -= len(chunk)
            if left < 0:
                raise UserError(TOO_BIG, name=name, limit=self._limit_mb)
            yield chunk
