"""Is this webhook really from the provider?

Standard Webhooks, as OpenAI signs its own; checked here as the SDK takes a second to load.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import binascii
import hmac
import re

TOLERANCE_S = 300
"""How far the timestamp may lie from now, either way."""
TIMESTAMP = re.compile("[0-9]{1,15}").fullmatch
PREFIX = "whsec_"


def verify(
    secret: str, id: str, timestamp: str, signatures: str, body: bytes, *, now: float
) -> bool:
    """Whether one of the `signatures` (`v1,<base64>`, separated by spaces) is that of the rest.

    `secret`: `whsec_<base64>`, or plain text. `timestamp`: seconds since the epoch, in digits;
    `now`: the same as a number. Never raises.
    """
    key = _key(secret)
    if not key or not id or not TIMESTAMP(timestamp):
        return False
    if abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    signed = f"{id}.{timestamp}.".encode(errors="surrogatepass") + body
    wanted = binascii.b2a_base64(hmac.digest(key, signed, "sha256"), newline=False)
    given = [one.removeprefix("v1,") for one in signatures.split(" ") if one.startswith("v1,")]
    return any([hmac.compare_digest(wanted, one.encode(errors="surrogatepass")) for one in given])


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode(errors="surrogatepass")
    try:
        return binascii.a2b_base64(secret.removeprefix(PREFIX))
    except ValueError:  # no base64, or not even ASCII
        return b""
