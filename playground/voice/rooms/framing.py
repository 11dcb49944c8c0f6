"""Reading and writing the messages of MLS as far as a delivery service sees them.

Source: https://www.rfc-editor.org/rfc/rfc9420 (sections 2.1.2, 5.2, 6, 7.2, 10, 12.4)
"""

import struct
from typing import NamedTuple

MLS_10 = 1
PUBLIC_MESSAGE = 1
P256 = 2
"""MLS_128_DHKEMP256_AES128GCM_SHA256_P256, the cipher suite of DAVE version 1."""
MEMBER, EXTERNAL = 1, 2
PROPOSAL, COMMIT = 2, 3
ADD, REMOVE = 1, 3
BY_REFERENCE = 2
BASIC = 1


class Unreadable(ValueError):
    """Bytes that are not the MLS message they should be."""


def size(number: int) -> bytes:
    """A length in front of what follows, 1, 2 or 4 bytes."""
    if number < 1 << 6:
        return bytes([number])
    if number < 1 << 14:
        return struct.pack(">H", 1 << 14 | number)
    return struct.pack(">I", 2 << 30 | number)


def opaque(body: bytes) -> bytes:
    """Bytes with their length in front."""
    return size(len(body)) + body


class Reader:
    """Takes a message apart from `at` on. Every method raises Unreadable where it ends too soon."""

    def __init__(self, body: bytes, at: int = 0) -> None:
        self.body = body
        self.at = at

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if self.at + count > len(self.body):
            raise Unreadable(f"{count} bytes wanted at {self.at} of {len(self.body)}")
        self.at += count
        return self.body[self.at - count : self.at]

    def number(self, count: int) -> int:
        """The next number of `count` bytes."""
        return int.from_bytes(self.take(count), "big")

    def size(self) -> int:
        """The next length."""
        first = self.number(1)
        more = (0, 1, 3)[min(first >> 6, 2)]
        if first >> 6 == 3:
            raise Unreadable("a length of 8 bytes, which MLS does not have")
        return (first & 0x3F) << 8 * more | self.number(more)

    def opaque(self) -> bytes:
        """The next bytes with a length in front."""
        return self.take(self.size())

    def expect(self, count: int, wanted: int, what: str) -> None:
        """Refuse any other number than `wanted`."""
        found = self.number(count)
        if found != wanted:
            raise Unreadable(f"{what} {found}, not {wanted}")

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self.body) - self.at)


class Leaf(NamedTuple):
    """A member's public self. `identity`: the user id, 8 bytes big endian, in DAVE."""

    signature_key: bytes
    identity: bytes


class Message(NamedTuple):
    """A commit or a proposal, framed publicly. `sender`: a leaf's index, or the external one's.

    `refs`: of a commit, in its order; `proposal`: the body of a proposal.
    """

    group: bytes
    epoch: int
    sender_type: int
    sender: int
    content: int
    refs: tuple[bytes, ...] = ()
    proposal: bytes = b""
    signature: bytes = b""


def leaf(reader: Reader) -> Leaf:
    """A LeafNode."""
    reader.opaque()
    signature_key = reader.opaque()
    reader.expect(2, BASIC, "credential type")
    identity = reader.opaque()
    for _ in range(5):
        reader.opaque()  # capabilities
    source = reader.number(1)
    if source == 1:
        reader.take(16)  # lifetime
    elif source == 3:
        reader.opaque()  # parent hash
    reader.opaque()
    reader.opaque()
    return Leaf(signature_key, identity)


def key_package(reader: Reader) -> Leaf:
    """A KeyPackage; raises Unreadable for another version or cipher suite than DAVE's."""
    reader.expect(2, MLS_10, "version")
    reader.expect(2, P256, "cipher suite")
    reader.opaque()
    found = leaf(reader)
    reader.opaque()
    reader.opaque()
    return found


def public_message(reader: Reader) -> Message:
    """An MLSMessage that holds a PublicMessage."""
    reader.expect(2, MLS_10, "version")
    reader.expect(2, PUBLIC_MESSAGE, "wire format")
    group, epoch, sender_type = reader.opaque(), reader.number(8), reader.number(1)
    sender = reader.number(4) if sender_type in (MEMBER, EXTERNAL) else 0
    reader.opaque()
    content = reader.number(1)
    refs = _commit(reader) if content == COMMIT else ()
    proposal = _proposal(reader) if content == PROPOSAL else b""
    signature = reader.opaque()
    if content == COMMIT:
        reader.opaque()  # confirmation tag
    if sender_type == MEMBER:
        reader.opaque()  # membership tag
    return Message(group, epoch, sender_type, sender, content, refs, proposal, signature)


def _commit(reader: Reader) -> tuple[bytes, ...]:
    ends = reader.size()
    ends += reader.at
    refs = []
    while reader.at < ends:
        reader.expect(1, BY_REFERENCE, "proposal in a commit of kind")
        refs.append(reader.opaque())
    if reader.number(1):  # an update path
        leaf(reader)
        reader.opaque()
    return tuple(refs)


def _proposal(reader: Reader) -> bytes:
    began = reader.at
    kind = reader.number(2)
    if kind == ADD:
        key_package(reader)
    elif kind == REMOVE:
        reader.take(4)
    else:
        raise Unreadable(f"proposal type {kind}")
    return reader.body[began : reader.at]


class Welcome(NamedTuple):
    """A Welcome, its secrets by the reference of the key package that they are for."""

    secrets: dict[bytes, bytes]
    info: bytes

    def only_for(self, ref: bytes) -> bytes:
        """The welcome of one new member. Raises KeyError for somebody it does not welcome."""
        return struct.pack(">H", P256) + opaque(self.secrets[ref]) + opaque(self.info)


def welcome(reader: Reader) -> Welcome:
    """A Welcome without the frame of an MLSMessage."""
    reader.expect(2, P256, "cipher suite")
    ends = reader.size()
    ends += reader.at
    secrets = {}
    while reader.at < ends:
        began = reader.at
        ref = reader.opaque()
        reader.opaque()
        reader.opaque()
        secrets[ref] = reader.body[began : reader.at]
    return Welcome(secrets, reader.opaque())
