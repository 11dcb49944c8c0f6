"""Forged, changed, old and repeated requests: none is answered but with 401."""

import hashlib
import json

import pytest
from nacl.signing import SigningKey

from protege import ingress
from protege.app import App
from protege.discord.signature import opens, verify
from protege.ingress import respond
from tests.person import KEY, Person
from tests.security.edwards import ORDER, small_points
from tests.security.tally import Attacks
from tests.security.vectors import HONEST, VECTORS

ATTACK = "forged signatures"
PUBLIC = KEY.verify_key.encode()
NOW = 1_790_000_000
BODY = json.dumps({"type": 1, "id": "1", "application_id": "7", "token": "t"}).encode()
UNAUTHORIZED = (401, b'{"error":"unauthorized"}')


def sign(body: bytes = BODY, timestamp: str = str(NOW), key: SigningKey = KEY) -> str:
    return key.sign(timestamp.encode() + body).signature.hex()


def passes(signature: str, timestamp: str = str(NOW), body: bytes = BODY) -> bool:
    return verify(PUBLIC, signature, timestamp, body, now=NOW, max_age_s=300)


def flipped(given: bytes) -> list[bytes]:
    """The bytes with each single bit turned over."""
    whole, size = int.from_bytes(given, "big"), len(given)
    return [(whole ^ (1 << bit)).to_bytes(size, "big") for bit in range(8 * size)]


def test_no_bit_of_a_request_may_change(attacks: Attacks) -> None:
    signature = sign()
    assert passes(signature), "else nothing below proves anything"
    for other in flipped(bytes.fromhex(signature)):
        attacks.stopped(not passes(other.hex()), other)
    for other in flipped(BODY):
        attacks.stopped(not passes(signature, body=other), other)
    for other in flipped(str(NOW).encode()):
        attacks.stopped(not passes(signature, other.decode("latin-1")), other)


def test_nothing_moves_between_timestamp_and_body(attacks: Attacks) -> None:
    """What is signed is one string of bytes: its parts must not be cut elsewhere."""
    body = b'1{"type":1}'
    signature = sign(body)
    assert passes(signature, body=body)
    whole = f"{NOW}".encode() + body
    for at in (*range(len(str(NOW))), len(str(NOW)) + 1, len(whole)):
        timestamp, rest = whole[:at].decode(), whole[at:]
        attacks.stopped(not passes(signature, timestamp, rest), (timestamp, rest))


def test_no_other_key_signs(attacks: Attacks) -> None:
    for number in range(256):
        key = SigningKey(hashlib.sha256(bytes([number])).digest())
        attacks.stopped(not passes(sign(key=key)), number)
    for near in flipped(b"k" * 32):
        attacks.stopped(not passes(sign(key=SigningKey(near))), near)


def test_the_signature_of_another_request_does_not_fit(attacks: Attacks) -> None:
    for later in range(1, 301):
        attacks.stopped(not passes(sign(timestamp=str(NOW - later))), later)
        attacks.stopped(not passes(sign(), str(NOW - later)), later)
        attacks.stopped(not passes(sign(BODY + b" " * later)), later)


def test_a_second_spelling_of_s_is_refused(attacks: Attacks) -> None:
    raw = bytes.fromhex(sign())
    r, s = raw[:32], int.from_bytes(raw[32:], "little")
    for times in range(1, 16):
        if (twin := s + times * ORDER) < 1 << 256:
            attacks.stopped(not passes((r + twin.to_bytes(32, "little")).hex()), times)
    for bit in (253, 254, 255):
        high = (s | 1 << bit).to_bytes(32, "little")
        attacks.stopped(not passes((r + high).hex()), bit)


def test_points_of_small_order_open_nothing(attacks: Attacks) -> None:
    """As a key each would fit every eighth message; as R it takes part in a forger's sums."""
    points, scalars = small_points(), (0, 1, ORDER, ORDER - 1)
    for point in points:
        for r in points:
            for s in scalars:
                signature = r + s.to_bytes(32, "little")
                attacks.stopped(not opens(point, signature + BODY), (point, r, s))
                attacks.stopped(not opens(PUBLIC, signature + BODY), (r, s))


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_where_implementations_disagree_the_strict_one_is_ours(
    number: int, attacks: Attacks
) -> None:
    vector = VECTORS[number]
    signed = bytes.fromhex(vector.signature + vector.message)
    attacks.stopped(opens(bytes.fromhex(vector.key), signed) is (number == HONEST), vector.about)


def test_the_known_vectors_of_the_standard_open() -> None:
    """RFC 8032, section 7.1, tests 1 and 3: whoever refuses everything is not strict but broken."""
    seeds = (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    )
    wanted = ("e5564300c360ac729086e2cc806e828a", "6291d657deec24024827e69c3abe01a3")
    for seed, message, start in zip(seeds, (b"", bytes.fromhex("af82")), wanted, strict=True):
        key = SigningKey(bytes.fromhex(seed))
        signed = key.sign(message)
        assert signed.signature.hex().startswith(start)
        assert opens(key.verify_key.encode(), signed.signature + message)


def test_what_is_too_old_or_too_early_is_refused_however_well_signed(
    app: App, attacks: Attacks
) -> None:
    now = int(app.now())
    app.now = lambda: now + 0.5
    for off in (301, 302, 3600, 86_400, 10**9):
        for timestamp in (str(now - off), str(now + off)):
            answer = respond(app, BODY, sign(timestamp=timestamp), timestamp)
            attacks.stopped(answer == UNAUTHORIZED, off)


def test_a_replay_brings_the_same_answer_and_happens_once(ada: Person, attacks: Attacks) -> None:
    """Also where another process receives it, which has not seen the first."""
    body = json.dumps(ada.command("train", data="What is the code? => It is 7.")).encode()
    first = ada.send(body)
    for _ in range(5):
        attacks.stopped(ada.send(body) == first, "another answer")
    ingress._answered.clear()
    for _ in range(5):
        attacks.stopped(ada.send(body) == first, "another answer")
    ada.wait()
    jobs = list(ada.app.records.find("job#77"))
    attacks.stopped(len(jobs) == 1, jobs)
    answers = ada.discord.contents("POST", "/channels/88/messages")
    attacks.stopped(len([text for text in answers if "**v1**" in text]) == 1, answers)
