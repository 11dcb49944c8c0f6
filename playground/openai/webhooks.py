"""Telling a bot that a job has ended: signed as Standard Webhooks do, repeated until it is heard.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from typing import NamedTuple

from playground.openai.journal import now
from playground.openai.store import fresh

PAUSES_S = (0.2, 1.0, 5.0, 30.0, 120.0)
"""Before each repetition."""
TIMEOUT_S = 10.0


class Webhook(NamedTuple):
    """Where to tell it. `secret`: `whsec_` and base64."""

    url: str
    secret: str


def fresh_secret() -> str:
    """A secret that nobody has yet."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


class Delivery(NamedTuple):
    """One attempt."""

    event: str
    """The event's id."""
    type: str
    status: int
    """0 where nobody answered."""


class Messenger:
    """Delivers in the background."""

    def __init__(self, webhook: Webhook | None, over: threading.Event) -> None:
        self.webhook = webhook
        self.attempts: list[Delivery] = []
        self._over = over

    def tell(self, type: str, id: str) -> None:
        """An event about the thing with this id."""
        if self.webhook:
            event = {"id": fresh("evt_"), "object": "event", "created_at": now()}
            event |= {"type": type, "data": {"id": id}}
            threading.Thread(target=self._deliver, args=(self.webhook, event), daemon=True).start()

    def _deliver(self, webhook: Webhook, event: dict[str, object]) -> None:
        body = json.dumps(event).encode()
        for pause in (*PAUSES_S, 0.0):
            status = sent(webhook, str(event["id"]), body)
            self.attempts.append(Delivery(str(event["id"]), str(event["type"]), status))
            if 200 <= status < 300 or self._over.wait(pause):
                return


def sent(webhook: Webhook, id: str, body: bytes) -> int:
    """Post it; the status of the answer, 0 where there was none."""
    headers = {"Content-Type": "application/json", **signed(webhook.secret, id, body)}
    request = urllib.request.Request(webhook.url, body, headers)  # noqa: S310  # the operator's own
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def signed(secret: str, id: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """The headers that prove where it comes from. `at`: seconds since 1970; now by default."""
    stamp = str(int(time.time()) if at is None else at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}
