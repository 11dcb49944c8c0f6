"""Is this request really from Discord?

The check is PyNaCl's libsodium, called directly: importing `nacl.signing` costs a cold start some
30 ms for bindings that are never used here, `nacl._sodium` less than one.
"""

import re

from nacl._sodium import ffi, lib

SIGNATURE_BYTES = 64
_HEX_SIGNATURE = re.compile(r"[0-9a-fA-F]{128}", re.ASCII).fullmatch
_SECONDS = re.compile(r"[0-9]{1,15}", re.ASCII).fullmatch


def verify(
    public_key: bytes, signature: str, timestamp: str, body: bytes, *, now: float, max_age_s: int
) -> bool:
    """Whether `signature` (128 hex digits) is that of `timestamp` + `body` and is fresh.

    `public_key`: 32 bytes. `now`: seconds since the epoch. `max_age_s`: how far the timestamp may
    lie from now, either way; 0 accepts any age. Never raises.
    Source: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
    """
    if not (_HEX_SIGNATURE(signature) and _SECONDS(timestamp)):
        return False
    if max_age_s and abs(now - int(timestamp)) > max_age_s:
        return False
    signed = bytes.fromhex(signature) + timestamp.encode() + body
    # libsodium writes the opened message out; it also refuses small-order keys and malleable S.
    opened = ffi.new("unsigned char[]", len(signed))
    length = ffi.new("unsigned long long *")
    refused: int = lib.crypto_sign_open(opened, length, signed, len(signed), public_key)
    return refused == 0
