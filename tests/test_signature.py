"""Only what Discord signed, as Discord spells it, and only while it is fresh."""

import pytest
from nacl.signing import SigningKey

from protege.discord.signature import verify

KEY = SigningKey(b"s" * 32)
PUBLIC = KEY.verify_key.encode()
BODY, TIMESTAMP, NOW = b'{"type":1}', "1790000000", 1_790_000_000.0
SIGNATURE = KEY.sign(TIMESTAMP.encode() + BODY).signature.hex()
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the curve's base point: S and S + ORDER would both fit a signature, were that allowed."""


def good(signature: str = SIGNATURE, timestamp: str = TIMESTAMP, **changes: float) -> bool:
    limits = {"now": NOW, "max_age_s": 300} | changes
    return verify(PUBLIC, signature, timestamp, BODY, **limits)  # type: ignore[arg-type]


def signed(timestamp: str) -> str:
    return KEY.sign(timestamp.encode() + BODY).signature.hex()


def test_a_signature_may_be_spelled_in_either_case() -> None:
    assert good()
    assert good(SIGNATURE.upper())


@pytest.mark.parametrize(
    "signature",
    [
        *("", "00", "zz" * 64, "0" * 128, SIGNATURE[:-2], SIGNATURE + "00", " " + SIGNATURE),
        SIGNATURE[:64] + " " + SIGNATURE[64:],
        SIGNATURE[:2] + " " * 2 + SIGNATURE[4:],
        SIGNATURE.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
        "\ud800" * 128,
    ],
)
def test_any_other_spelling_is_refused(signature: str) -> None:
    assert not good(signature)


@pytest.mark.parametrize(
    "timestamp", ["", "-1", "1e9", "²", "１７９", " 1790000000", "9" * 16, "\ud800"]
)
def test_a_timestamp_is_a_few_plain_digits(timestamp: str) -> None:
    signature = signed(timestamp) if timestamp.isascii() else SIGNATURE
    assert not good(signature, timestamp, max_age_s=0)


def test_a_request_is_fresh_for_five_minutes_either_way() -> None:
    assert good(now=NOW + 300)
    assert good(now=NOW - 300)
    assert not good(now=NOW + 301)
    assert not good(now=NOW - 301)
    assert good(now=0.0, max_age_s=0)


def test_a_signature_has_no_second_spelling() -> None:
    raw = bytes.fromhex(SIGNATURE)
    twin = raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little")
    assert not good(twin.hex())


def test_a_changed_body_and_a_changed_timestamp_are_refused() -> None:
    assert not verify(PUBLIC, SIGNATURE, TIMESTAMP, BODY + b" ", now=NOW, max_age_s=300)
    assert not good(timestamp="1790000001")


def test_a_key_that_fits_everything_is_refused() -> None:
    neutral = (1).to_bytes(32, "little")
    assert not verify(neutral, (neutral + bytes(32)).hex(), "1", b"", now=1.0, max_age_s=0)
