"""The framing of group messages, against a capture of Discord's own."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from playground.voice.rooms import framing, sender
from playground.voice.rooms.delivery import Delivery
from playground.voice.rooms.framing import Reader, Unreadable, opaque
from tests.playground.club import CHANNEL


def capture() -> dict[str, bytes]:
    found = json.loads((Path(__file__).parent / "dave_capture.json").read_text())
    return {k: bytes.fromhex("".join(v)) for k, v in found.items() if isinstance(v, list)}


def test_discords_own_signature_verifies_under_our_framing():
    taken = capture()
    point = Reader(taken["external_sender"]).opaque()
    body = Reader(taken["appended"]).opaque()
    message = framing.public_message(Reader(body))
    content = sender.framed(message.group, message.epoch, message.proposal)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(message.signature, sender.signed_part(content), ec.ECDSA(hashes.SHA256()))
    assert message.group == int(CHANNEL).to_bytes(8, "big")
    assert int.from_bytes(framing.key_package(Reader(message.proposal, 2)).identity, "big") == (
        158533742254751744
    )


def test_discord_revokes_by_the_reference_that_we_compute():
    taken = capture()
    message = framing.public_message(Reader(Reader(taken["appended"]).opaque()))
    content = sender.framed(message.group, message.epoch, message.proposal)
    revoked = Reader(Reader(taken["revoked"]).opaque()).opaque()
    assert revoked == sender.reference(content, message.signature)


def test_discords_external_sender_is_one_basic_credential_of_one_byte():
    taken = Reader(capture()["external_sender"])
    ours = Reader(Delivery(int(CHANNEL)).sender.package())
    assert len(taken.opaque()) == len(ours.opaque())
    assert taken.rest() == ours.rest()


@pytest.mark.parametrize("length", [0, 63, 64, 16_383, 16_384, 70_000])
def test_lengths_are_read_as_they_are_written(length: int):
    reader = Reader(opaque(bytes(length)) + b"rest")
    assert len(reader.opaque()) == length
    assert reader.rest() == b"rest"


def test_a_length_of_eight_bytes_is_refused():
    with pytest.raises(Unreadable):
        Reader(b"\xff" * 9).size()
