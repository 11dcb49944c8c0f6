"""Sample events: signed requests and queue records made from readable payloads.

`python -m tools.events` turns each events/payloads/<name>.json (an interaction as Discord sends it)
into events/Ingress/<name>.json (API Gateway, signed with the development key) and, where the
ingress defers it, events/Worker/<name>.json (an SQS record). To add one, put a payload there and
run it again. The development key is no secret: it signs samples, and nothing else trusts it.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from protege.commands.table import TABLE
from protege.discord.interaction import Attachment, Interaction, Kind
from protege.ui.lookup import find

EVENTS = Path(__file__).parent.parent / "events"
KEY = SigningKey(b"protege: development key, public")
PUBLIC_KEY = KEY.verify_key.encode().hex()
TIMESTAMP = "1790000000"
"""Samples do not age: replay them with SIGNATURE_MAX_AGE_S=0."""


def request(body: bytes, *, encoded: bool = False, signature: str = "") -> dict[str, Any]:
    """An API Gateway event (payload 2.0) for a signed body; `encoded` in base64."""
    signed = KEY.sign(TIMESTAMP.encode() + body).signature.hex()
    return {
        "version": "2.0",
        "routeKey": "POST /interactions",
        "rawPath": "/interactions",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
            "x-signature-ed25519": signature or signed,
            "x-signature-timestamp": TIMESTAMP,
        },
        "requestContext": {
            "http": {"method": "POST", "path": "/interactions", "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "body": base64.b64encode(body).decode() if encoded else body.decode(),
        "isBase64Encoded": encoded,
    }


def records(*bodies: str) -> dict[str, Any]:
    """The event with which SQS calls the worker."""
    return {
        "Records": [
            {
                "messageId": f"00000000-0000-4000-8000-{number:012d}",
                "receiptHandle": "sample",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1790000000000"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:work",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def sign_all(folder: Path = EVENTS) -> int:
    """Write every event that has a payload, and the odd ones, into a folder; return how many."""
    written = 0
    for path in sorted((EVENTS / "payloads").glob("*.json")):
        body = json.dumps(json.loads(path.read_text()), ensure_ascii=False).encode()
        _write(folder / "Ingress", path.stem, request(body))
        written += 1
        if _deferred(body):
            _write(folder / "Worker", path.stem, records(body.decode()))
            written += 1
    ping = b'{"type":1}'
    _write(folder / "Ingress", "ping_base64", request(ping, encoded=True))
    _write(folder / "Ingress", "forged", request(ping, signature="0" * 128))
    _write(folder / "Ingress", "malformed", request(b"[]"))
    _write(folder / "Worker", "poison", records("not json"))
    return written + 4


def _deferred(body: bytes) -> bool:
    """Whether there is a worker's half that can be replayed: attachments are long gone from
    Discord's servers."""
    interaction = Interaction.parse(body)
    if interaction.kind in (Kind.PING, Kind.AUTOCOMPLETE):
        return False
    attached = any(isinstance(value, Attachment) for value in interaction.values.values())
    return not attached and find(TABLE, interaction).runs == "later"


def _write(folder: Path, name: str, event: dict[str, Any]) -> None:
    text = json.dumps(event, ensure_ascii=False, indent=1) + "\n"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(text)


if __name__ == "__main__":
    sys.stdout.write(f"{sign_all()} events, public key {PUBLIC_KEY}\n")
