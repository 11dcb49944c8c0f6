"""What Discord's answers mean where they are no success."""

from typing import Any

from protege.errors import Gone, Unavailable

GONE = {
    10003,  # unknown channel
    10008,  # unknown message
    10015,  # unknown webhook: the interaction's token has run out, or is not known yet
    10062,  # unknown interaction
    50001,  # missing access
    50007,  # cannot send messages to this user
    50013,  # missing permissions
    50027,  # invalid webhook token
}
"""Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json"""
UNKNOWN_WEBHOOK = 10015


class Refused(Unavailable):
    """Discord answered with an error that another try will not mend; the text says which.

    `status`: HTTP's; `faults`: what Discord says of single fields, nested as they are.
    """

    def __init__(self, why: str, status: int = 0, faults: Any = None) -> None:
        super().__init__(why)
        self.status = status
        self.faults = faults


class Again(Exception):
    """Another try may help, after `wait_s` seconds (0: Discord did not say); else `reason`.

    `unsure`: this one may have done its work all the same.
    """

    def __init__(self, wait_s: float, reason: Unavailable | Gone, *, unsure: bool = False) -> None:
        super().__init__(str(reason))
        self.wait_s = wait_s
        self.reason = reason
        self.unsure = unsure


def failure(status: int, headers: Any, body: dict[str, Any], early: bool) -> Exception:
    """What to raise for an answer that is no success: Again, Gone or Refused. `early`: as
    `Discord.edit_original`."""
    code = body.get("code", 0)
    why = f"Discord answered {status} (code {code}: {body.get('message', '')})"
    if status == 429:
        return Again(_seconds(body.get("retry_after"), headers), Unavailable(why))
    if status >= 500:
        return Again(_seconds(None, headers), Unavailable(why), unsure=True)
    if code == UNKNOWN_WEBHOOK and early:
        return Again(0.0, Gone(why))
    if code in GONE or status == 404:
        return Gone(why)
    return Refused(why, status, body.get("errors"))


def _seconds(asked: Any, headers: Any) -> float:
    """How long Discord asks us to wait; 0 where it does not say."""
    for value in (asked, headers.get("retry-after"), headers.get("x-ratelimit-reset-after")):
        try:
            return max(0.0, float(value))
        except (TypeError, ValueError):
            continue
    return 0.0
