"""Where things are kept: small protocols, each with two real implementations.

`storage.aws` is S3, DynamoDB, SQS and EventBridge; `storage.embedded` is a folder and SQLite, for
one machine.
One contract suite (tests/storage) runs against both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Stat(NamedTuple):
    """A file from outside. `size`: bytes; `modified_at`: seconds since the epoch."""

    key: str
    size: int
    modified_at: float


class Buried(NamedTuple):
    """A deleted file that can be restored. `buried_at`: seconds since the epoch."""

    key: str
    version: str
    size: int
    buried_at: float


class Listing(Protocol):
    """All that the ingress needs of files: what to suggest while a person types."""

    def browse(self, prefix: str, limit: int = 100) -> Sequence[str]:
        """What comes next after a prefix, in order: keys of files, folders with a slash at the end.

        Of `a/b/c`, `a/d` and `ax`, `browse("a/")` shows `a/b/` and `a/d`, `browse("a")` shows
        `a/` and `ax`. At most `limit` (1 to 1,000).
        """


class Files(Listing, Protocol):
    """Bytes under keys such as `guilds/1/models/v3/manifest.json`."""

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing."""

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all; with `once`, raise Conflict where one exists."""

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""

    def delete(self, key: str, *, forever: bool = False) -> None:
        """Remove the file; no error where there is none.

        For 30 days it can be restored, unless `forever`: then what was deleted or replaced under
        this key before goes too.
        """

    def stat(self, key: str) -> Stat:
        """The file from outside. Raises Missing."""

    def list(self, prefix: str) -> Iterator[Stat]:
        """Every file whose key starts with `prefix`, in order of code points."""

    def part(self, key: str, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` where the file ends. Raises Missing."""

    def stream(self, key: str, chunk: int = 1 << 20) -> Iterator[bytes]:
        """The file, `chunk` bytes at a time. Raises Missing when the first is asked for."""

    def copy(self, source: str, target: str) -> None:
        """Store the same bytes under another key, replacing what is there. Raises Missing."""

    def link(self, key: str, *, seconds: int, name: str) -> str:
        """An address at which anybody may download the file for so long, under a name."""

    def buried(self, prefix: str) -> Iterator[Buried]:
        """Deleted files that can be restored, newest first."""

    def restore(self, key: str, version: str) -> None:
        """Bring a deleted file back. Raises Conflict where a file is there now; Missing."""

    def begin(self, key: str) -> str:
        """Begin to store a file in parts; return the upload's id, good for a day."""

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Store part `number` (1 to 10,000); return its tag. Raises Missing (no such upload).

        All but the last have at least 5 MiB. A part may be sent again; the tag says which counts.
        """

    def finish(self, key: str, upload: str, tags: Sequence[str]) -> None:
        """The parts, in order, become the file: whole, or not at all. Raises Missing."""

    def abandon(self, key: str, upload: str) -> None:
        """Forget the parts of an upload; no error where there is none."""

    def write_stream(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store the file whole or not at all in flat memory; return its size in bytes."""


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
    """A message handed to a worker. `receives`: how often it has been, this time included;
    `about`: what was said beside its body; `alone`: whether nobody else has it meanwhile.
    """

    id: str
    body: str
    receipt: str
    receives: int
    about: Mapping[str, str] = {}
    alone: bool = True


class Depth(NamedTuple):
    """How much is in a queue. `waiting`: to be delivered now or later; `in_flight`: being worked
    on; `oldest_s`: for how long one of them could have been delivered and was not, None: there is
    none, or who keeps the queue does not say (SQS tells CloudWatch only).
    """

    waiting: int
    in_flight: int
    oldest_s: float | None = None


class Queue(Protocol):
    """Work to be done at least once: unless `done` in time, a message is delivered again."""

    def put(
        self,
        body: str,
        *,
        delay_s: int = 0,
        group: str = "",
        once: str = "",
        about: Mapping[str, str] | None = None,
    ) -> str:
        """Add a message; return its id. `about`: up to ten words to go with it. Raises Unavailable.

        A FIFO queue needs the `group` and knows no delay: the next message of a group is delivered
        only when the earlier one is done. With the same `once` within five minutes nothing is added
        there. Other queues take neither.
        """

    def receive(self, *, wait_s: float, lease_s: int) -> Delivery | None:
        """Take one message for `lease_s` seconds, waiting up to `wait_s` for it."""

    def extend(self, receipt: str, lease_s: int) -> None:
        """Hold the message for `lease_s` seconds from now. Raises Missing if it is not held."""

    def done(self, receipt: str) -> None:
        """The message is dealt with: never deliver it again."""

    def release(self, receipt: str, *, delay_s: int = 0) -> None:
        """Give the message back, to be delivered again after `delay_s` seconds."""

    def depth(self) -> Depth:
        """How much there is to do; in SQS roughly. Raises Unavailable."""


class Alarm(Protocol):
    """Whether somebody looks after running jobs every minute. Raises Unavailable."""

    def set(self) -> None:
        """From now on somebody does; no effect where it is set."""

    def off(self) -> None:
        """From now on nobody does; no effect where it is off."""

    def ringing(self) -> bool:
        """Whether it is set."""


class Launcher(Protocol):
    """What starts a voice worker. Raises Unavailable."""

    def start(self) -> None:
        """Have one started; returns before it is up. It ends by itself."""
