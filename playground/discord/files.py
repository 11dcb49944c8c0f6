"""Attachments: kept in the data folder, served under links that expire, as Discord's CDN does.

Source: https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
"""

import hashlib
import hmac
import re
import time
from typing import Any, NamedTuple
from urllib.parse import quote

from playground.discord.world import World

LINK_S = 24 * 3600
LARGEST = 10 << 20
"""Bytes; the limit of an account and a server without boosts."""
PNG = b"\x89PNG\r\n\x1a\n"


class Upload(NamedTuple):
    """A file on its way in. `number`: the n of its `files[n]`."""

    number: int
    name: str
    type: str
    body: bytes


class Files:
    """Keeps files and signs the links to them. `host`: `127.0.0.1:8700`."""

    def __init__(self, world: World, host: str) -> None:
        self._world = world
        self._host = host
        self._folder = world.folder / "attachments"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._known = world.store.shelf("file")

    def keep(
        self, upload: Upload, channel: str, notes: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Store a file; returns what is to be remembered of it (no link: those expire).

        `notes`: further fields of the attachment object.
        """
        id = self._world.ids.next()
        found: dict[str, Any] = {
            "id": id,
            "filename": re.sub(r"[^\w.\-]", "_", upload.name)[-200:] or "unknown",
            "size": len(upload.body),
            "content_type": upload.type or "application/octet-stream",
            "channel": channel,
            **_measures(upload.body),
            **(notes or {}),
        }
        (self._folder / id).write_bytes(upload.body)
        self._known[id] = found
        return found

    def known(self, id: str) -> dict[str, Any] | None:
        """What is remembered of a file."""
        return self._known.get(id)

    def attachment(self, file: dict[str, Any], *, ephemeral: bool = False) -> dict[str, Any]:
        """Discord's attachment object, with a fresh link."""
        shown = {k: v for k, v in file.items() if k != "channel"}
        link = self.link(file, int(time.time()))
        more = {"ephemeral": True} if ephemeral else {}
        return {**shown, "url": link, "proxy_url": link, **more}

    def link(self, file: dict[str, Any], issued: int, lives_s: int = LINK_S) -> str:
        """A link that works from `issued` (seconds since the epoch) on for `lives_s`."""
        path = f"{file['channel']}/{file['id']}/{file['filename']}"
        ex, since = f"{issued + lives_s:x}", f"{issued:x}"
        hm = self._sign(path, ex, since)
        return f"http://{self._host}/attachments/{quote(path)}?ex={ex}&is={since}&hm={hm}&"

    def read(self, path: str, ex: str, since: str, hm: str) -> tuple[bytes, str] | None:
        """Body and type of the file behind a link; None where the link is wrong or has expired."""
        if not hmac.compare_digest(self._sign(path, ex, since).encode(), hm.encode()):
            return None
        if int(ex, 16) < time.time():
            return None
        file = self._known[path.split("/")[1]]
        return (self._folder / str(file["id"])).read_bytes(), str(file["content_type"])

    def _sign(self, path: str, ex: str, since: str) -> str:
        key = bytes.fromhex(self._world.application["file_key"])
        return hmac.new(key, f"{path}?ex={ex}&is={since}".encode(), hashlib.sha256).hexdigest()


def _measures(body: bytes) -> dict[str, int]:
    """Width and height of a PNG, from its first chunk."""
    if not body.startswith(PNG) or len(body) < 24:
        return {}
    return {
        "width": int.from_bytes(body[16:20], "big"),
        "height": int.from_bytes(body[20:24], "big"),
    }
