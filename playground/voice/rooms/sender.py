"""The voice server's own voice in a group: it proposes who comes and who goes, and signs that.

Source: https://daveprotocol.com/#dave_mls_external_sender_package-25 and RFC 9420, section 12.1.8
"""

import hashlib
import struct
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from playground.voice.rooms import framing
from playground.voice.rooms.framing import opaque

IDENTITY = b"\x00"


class Proposed(NamedTuple):
    """`message`: the MLSMessage; `ref`: how commits refer to it."""

    message: bytes
    ref: bytes


class ExternalSender:
    """`group`: the channel's id, which is the group's."""

    def __init__(self, group: int) -> None:
        self.group = group.to_bytes(8, "big")
        self._key = ec.generate_private_key(ec.SECP256R1())

    def package(self) -> bytes:
        """What members must build into their group: public key and credential."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return opaque(point) + struct.pack(">H", framing.BASIC) + opaque(IDENTITY)

    def add(self, epoch: int, key_package: bytes) -> Proposed:
        """Propose a new member."""
        return self._proposed(epoch, struct.pack(">H", framing.ADD) + key_package)

    def remove(self, epoch: int, leaf: int) -> Proposed:
        """Propose that the member at a leaf goes."""
        return self._proposed(epoch, struct.pack(">HI", framing.REMOVE, leaf))

    def _proposed(self, epoch: int, proposal: bytes) -> Proposed:
        content = framed(self.group, epoch, proposal)
        signature = self._key.sign(signed_part(content), ec.ECDSA(hashes.SHA256()))
        head = struct.pack(">HH", framing.MLS_10, framing.PUBLIC_MESSAGE)
        message = head + content + opaque(signature)
        return Proposed(message, reference(content, signature))


def framed(group: bytes, epoch: int, proposal: bytes) -> bytes:
    """FramedContent of a proposal by external sender 0."""
    sender = struct.pack(">BI", framing.EXTERNAL, 0)
    kind = bytes([framing.PROPOSAL])
    return opaque(group) + struct.pack(">Q", epoch) + sender + opaque(b"") + kind + proposal


def signed_part(content: bytes) -> bytes:
    """What the signature is made over: FramedContentTBS with its label."""
    whole = struct.pack(">HH", framing.MLS_10, framing.PUBLIC_MESSAGE) + content
    return opaque(b"MLS 1.0 FramedContentTBS") + opaque(whole)


def reference(content: bytes, signature: bytes) -> bytes:
    """The ProposalRef: a hash over the AuthenticatedContent."""
    whole = struct.pack(">H", framing.PUBLIC_MESSAGE) + content + opaque(signature)
    return _labelled(b"MLS 1.0 Proposal Reference", whole)


def package_reference(key_package: bytes) -> bytes:
    """The KeyPackageRef: how a welcome names whom it is for."""
    return _labelled(b"MLS 1.0 KeyPackage Reference", key_package)


def _labelled(label: bytes, value: bytes) -> bytes:
    return hashlib.sha256(opaque(label) + opaque(value)).digest()
