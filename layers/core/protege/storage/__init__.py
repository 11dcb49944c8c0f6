"""Where things are kept: three small protocols, each with two real implementations.

`storage.aws` is S3, DynamoDB and SQS; `storage.embedded` is a folder and SQLite, for one machine.
One contract suite (tests/storage) runs against both.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol


class Files(Protocol):
    """Bytes under keys such as `guilds/1/models/v3/manifest.json`."""

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing."""

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all; with `once`, raise Conflict where one exists."""

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""

    def delete(self, key: str) -> None:
        """Remove the file; no error where there is none."""


class Record(NamedTuple):
    """One JSON document. `version` is 1 when first written and grows by 1 with each write."""

    id: str
    fields: Mapping[str, Any]
    version: int


class Records(Protocol):
    """JSON documents under (kind, id). Reads see every earlier write."""

    def get(self, kind: str, id: str) -> Record:
        """The document. Raises Missing; one whose time has run out is missing at once."""

    def put(
        self,
        kind: str,
        id: str,
        fields: Mapping[str, Any],
        *,
        expect: int | None = None,
        expires_at: float | None = None,
    ) -> Record:
        """Write a document.

        `expect`: the version that must be there now (0: none may be), else Conflict; None: whatever
        there is. `expires_at`: seconds since the epoch after which the document is gone.
        """

    def find(
        self, kind: str, *, prefix: str = "", after: str = "", newest: bool = False, limit: int = 0
    ) -> Iterator[Record]:
        """Documents of a kind in order of id (`newest`: backwards), all of them or `limit`.

        Only ids that start with `prefix` and sort strictly after `after`.
        """

    def delete(self, kind: str, id: str) -> None:
        """Remove the document; no error where there is none."""


class Delivery(NamedTuple):
    """A message handed to a worker. `receives`: how often it has been, this time included."""

    id: str
    body: str
    receipt: str
    receives: int


class Queue(Protocol):
    """Work to be done at least once: unless `done` in time, a message is delivered again."""

    def put(self, body: str, *, delay_s: int = 0) -> str:
        """Add a message; return its id. Raises Unavailable."""

    def receive(self, *, wait_s: float, lease_s: int) -> Delivery | None:
        """Take one message for `lease_s` seconds, waiting up to `wait_s` for it."""

    def extend(self, receipt: str, lease_s: int) -> None:
        """Hold it for `lease_s` seconds from now. Raises Missing if it is no longer held."""

    def done(self, receipt: str) -> None:
        """The message is dealt with: never deliver it again."""

    def release(self, receipt: str, *, delay_s: int = 0) -> None:
        """Give the message back, to be delivered again after `delay_s` seconds."""
