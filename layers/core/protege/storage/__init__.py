"""Where things are kept: small protocols, each with two real implementations.

`storage.aws` is S3, DynamoDB, SQS and EventBridge; `storage.embedded` is a folder and SQLite, for
one machine.
One contract suite (tests/storage) runs against both.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from protege.storage.files import Buried as Buried
from protege.storage.files import Files as Files
from protege.storage.files import Listing as Listing
from protege.storage.files import Stat as Stat


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
