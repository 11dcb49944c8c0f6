"""Files stored in parts: kept aside under their tags until all of them become one file."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from protege.errors import Missing
from protege.storage.embedded.disk import PARTS, place, read, sweep

ABANDONED_S = 24 * 3600
"""As template.yaml has it for the bucket."""
CHUNK = 1 << 20
_upload = re.compile(r"[0-9a-f]{32}").fullmatch
_tag = re.compile(r"[0-9]{5}-[0-9a-f]{32}").fullmatch


class Uploads:
    """Parts of files that are not there yet. Raises OSError."""

    def __init__(self, root: Path) -> None:
        self._parts = root / PARTS
        self._parts.mkdir(exist_ok=True)
        sweep(self._parts, ABANDONED_S)

    def begin(self, key: str) -> str:
        """A new upload's id; the second half of it binds it to the key."""
        upload = os.urandom(8).hex() + _digest(key.encode(), 8)
        (self._parts / upload).mkdir()
        return upload

    def put(self, key: str, upload: str, number: int, body: bytes, new: Path) -> str:
        """Keep a part; return its tag. Raises Missing."""
        folder, tag = self._folder(key, upload), f"{number:05d}-{_digest(body, 16)}"
        place(folder / tag, [body], new)
        return tag

    def body(self, key: str, upload: str, tags: Sequence[str]) -> Iterator[bytes]:
        """All bytes of the parts of these tags. Raises Missing before the first."""
        folder = self._folder(key, upload)
        for number, tag in enumerate(tags, 1):
            if not _tag(tag) or int(tag[:5]) != number or not (folder / tag).is_file():
                raise Missing(f"part {number} of {key}")
        return (chunk for tag in tags for chunk in read(folder / tag, CHUNK))

    def forget(self, key: str, upload: str) -> None:
        """Remove all parts of an upload."""
        try:
            shutil.rmtree(self._folder(key, upload))
        except (Missing, FileNotFoundError):
            return

    def _folder(self, key: str, upload: str) -> Path:
        folder = self._parts / upload
        if not _upload(upload) or upload[16:] != _digest(key.encode(), 8) or not folder.is_dir():
            raise Missing(f"upload {upload} of {key}")
        return folder


def _digest(body: bytes, size: int) -> str:
    return hashlib.blake2b(body, digest_size=size).hexdigest()
