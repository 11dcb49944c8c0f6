"""How far an archive has come: all that another process needs to go on with the next byte."""

import base64
import json
from typing import Any, NamedTuple

from protege.shapes import shaped


class Course(NamedTuple):
    """The state between two pieces of output.

    `entry` to `packed` are of the file that is being packed; all offsets are bytes.
    """

    upload: str = ""
    tags: tuple[str, ...] = ()
    """Of the parts that are stored."""
    written: int = 0
    """Bytes of the archive so far."""
    plan: int = 0
    """Where the current entry's line of the plan begins."""
    offset: int = 0
    """Where the current entry begins in the archive."""
    read: int = 0
    crc: int = 0
    packed: int = 0
    """Of the current entry: bytes read, their checksum, bytes they became."""
    entries: int = 0
    done: int = 0
    """Entries finished; bytes read in all."""
    vanished: int = 0
    changed: int = 0
    """Files that were gone when their turn came, or became others while they were read."""
    spilled: int = 0
    """Pieces of the central directory that are kept in files of their own."""
    directory: bytes = b""
    """The rest of it."""
    listed: int = -1
    """Pieces of the directory that are in the archive; -1 while files are still packed."""
    begins: int = 0
    """Where the directory begins."""
    over: bool = False
    """The last byte is written."""

    def dump(self) -> bytes:
        """As JSON."""
        fields: dict[str, Any] = self._asdict()
        fields["directory"] = base64.b64encode(self.directory).decode()
        return json.dumps(fields).encode()

    @classmethod
    def load(cls, body: bytes) -> "Course":
        """From `dump`."""
        fields = json.loads(body)
        fields["directory"] = base64.b64decode(fields["directory"])
        fields["tags"] = tuple(fields["tags"])
        return shaped(cls, fields)
