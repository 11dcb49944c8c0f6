"""Addresses of downloads that expire: signed by us, checked by us."""

import hmac
import os
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlencode

from protege.storage.limits import LINK_MAX_S, check_key, check_seconds

SECRET_BYTES = 32


class Links:
    """Makes addresses `<url>/files/<key>?name=…&until=…&sig=…` and tells them from forged ones.

    The secret is made once and kept in a file that only its owner may read.
    """

    def __init__(self, secret: Path, url: str, now: Callable[[], float] = time.time) -> None:
        self._file = secret
        self._url = url.rstrip("/")
        self._now = now

    def make(self, key: str, *, seconds: int, name: str) -> str:
        """An address that is good for so many seconds. Raises ValueError."""
        check_key(key)
        check_seconds("a link", seconds, LINK_MAX_S)
        until = str(int(self._now()) + seconds)
        query = urlencode({"name": name, "until": until, "sig": self._sign(key, name, until)})
        return f"{self._url}/files/{quote(key)}?{query}"

    def good(self, key: str, name: str, until: str, sig: str) -> bool:
        """Whether we made this address and its time has not run out."""
        forged = not hmac.compare_digest(self._sign(key, name, until).encode(), sig.encode())
        return not forged and int(until) > self._now()

    def _sign(self, key: str, name: str, until: str) -> str:
        """Over the lengths too, so that nothing can move from one field to the next."""
        said = "".join(f"{len(field)}:{field}" for field in (until, key, name))
        return hmac.digest(self._secret, said.encode(errors="surrogatepass"), "sha256").hex()

    @cached_property
    def _secret(self) -> bytes:
        """The secret; of several processes that make it at once, one wins."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            made = self._file.with_name(f"{self._file.name}.{os.urandom(8).hex()}")
            with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(os.urandom(SECRET_BYTES))
                out.flush()
                os.fsync(out.fileno())
            try:
                self._file.hardlink_to(made)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return self._file.read_bytes()
