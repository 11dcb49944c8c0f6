"""Is this request really from Discord?

The check is PyNaCl's libsodium, called directly: importing `nacl.signing` costs a cold start some
30 ms for bindings that are never used here, `nacl._sodium` less than one.
"""

from nacl._sodium import ffi, lib

SIGNATURE_BYTES = 64
LONGEST_TIMESTAMP = 15
_open, _NULL = lib.crypto_sign_open, ffi.NULL


def verify(
    public_key: bytes, signature: str, timestamp: str, body: bytes, *, now: float, max_age_s: int
) -> bool:
    """Whether `signature` (128 hex digits) is that of `timestamp` + `body` and is fresh.

    `public_key`: 32 bytes. `now`: seconds since the epoch. `max_age_s`: how far the timestamp may
    lie from now, either way; 0 accepts any age. Never raises.
    Source: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
    """
    if not (timestamp.isdigit() and timestamp.isascii() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    if max_age_s and abs(now - int(timestamp)) > max_age_s:
        return False
    try:
        detached = bytes.fromhex(signature)
    except ValueError:
        return False
    # fromhex skips spaces between bytes, so the text's length counts, too.
    if len(detached) != SIGNATURE_BYTES or len(signature) != 2 * SIGNATURE_BYTES:
        return False
    return opens(public_key, detached + timestamp.encode() + body)


def opens(public_key: bytes, signed: bytes) -> bool:
    """Whether `signed`, 64 bytes of signature and a message, is of the key's owner. Never raises.

    libsodium also refuses keys and points of small order, points that are not spelled as RFC 8032
    has them, and S beyond the group's order: of a good signature there is no second spelling.
    """
    refused: int = _open(_NULL, _NULL, signed, len(signed), public_key)
    return refused == 0
