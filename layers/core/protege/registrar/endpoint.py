"""Trying the endpoint ourselves, then telling Discord of it, which tries it once more.

We send what nobody signed and expect 401; only Discord can send what is signed. Its own refusal
says nothing of the reason, so what we saw before is told along.
Source: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
"""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import urllib3

from protege.discord.rest import Discord, Refused
from protege.errors import Unavailable
from protege.registrar.identity import ME

PING = b'{"type":1}'
AGENT = "Protege-Registrar/1.0"
LIMIT_S = 3.0
"""Discord waits no longer.
Source: https://docs.discord.com/developers/interactions/receiving-and-responding"""
TRIES, PAUSE_S = 4, 2.0
"""A stage that was just deployed may need some seconds to be there."""
FIELD = "interactions_endpoint_url"


class _Seen(NamedTuple):
    """`passing`: another try may see something else."""

    wrong: str
    passing: bool = False


def forgeries(now: float) -> dict[str, dict[str, str]]:
    """What nobody signed, by what it is: the headers of each. `now`: seconds since the epoch."""
    at = {"X-Signature-Timestamp": str(int(now))}
    return {
        "a forged signature": {**at, "X-Signature-Ed25519": "5a" * 64},
        "no signature": {},
        "nonsense for a signature": {"X-Signature-Ed25519": "?", "X-Signature-Timestamp": "now"},
    }


def probe(url: str, pause: Callable[[float], None] = time.sleep) -> None:
    """Send forged requests to the endpoint; each must be answered 401 within three seconds.

    Raises Unavailable, which says in words what came instead.
    """
    pool = urllib3.PoolManager(retries=False)
    for what, headers in forgeries(time.time()).items():
        for tried in range(1, TRIES + 1):
            seen = _see(pool, url, headers)
            if not seen.passing or tried == TRIES:
                break
            pause(PAUSE_S)
        if seen.wrong:
            raise Unavailable(f"The endpoint {url} was sent {what} and {seen.wrong}.")


def _see(pool: urllib3.PoolManager, url: str, headers: Mapping[str, str]) -> _Seen:
    about = {"Content-Type": "application/json", "User-Agent": AGENT, **headers}
    begun = time.monotonic()
    try:
        found = pool.request(
            "POST", url, body=PING, headers=about, redirect=False, timeout=urllib3.Timeout(LIMIT_S)
        )
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        slow = isinstance(error, urllib3.exceptions.ReadTimeoutError)
        return _Seen(LATE if slow else f"cannot be reached ({type(error).__name__})", True)
    if time.monotonic() - begun > LIMIT_S:
        return _Seen(LATE, True)
    return _judged(found.status)


LATE = f"did not answer within {LIMIT_S:.0f} seconds, which is all that Discord waits"


def _judged(status: int) -> _Seen:
    if status == 401:
        return _Seen("")
    if status < 300:
        return _Seen(f"took it ({status} instead of 401): anybody could speak in Discord's name")
    if status >= 500:
        return _Seen(f"broke ({status} instead of 401): see the log of the function Ingress", True)
    if status in (403, 404, 429):
        return _Seen(f"answered {status} instead of 401: it is not there (yet), or closed", True)
    return _Seen(f"answered {status} instead of 401")


def set_endpoint(discord: Discord, url: str | None) -> None:
    """Tell Discord where interactions go (None: nowhere); it sends one good and one forged
    request there before it agrees. Raises Refused and Unavailable; then the old one stays."""
    try:
        discord.ask("PATCH", ME, {FIELD: url})
    except Refused as refused:
        if FIELD not in (refused.faults or {}):
            raise
        raise Unavailable(
            f"Discord tried the endpoint {url} and does not take it. Forged requests are refused "
            "there as they must be, so the signed one was, too, or came late: does the endpoint "
            "know the public key of this very application, and is its clock right?"
        ) from None
