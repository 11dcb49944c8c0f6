"""The least that answers Discord: check the signature, answer a fixed reply to each type."""

import json
import os
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

KEY = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
HI = {"type": 4, "data": {"content": "HI!"}}


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer an API Gateway event (payload 2.0)."""
    headers, body = event["headers"], event["body"]
    signature, timestamp = headers["x-signature-ed25519"], headers["x-signature-timestamp"]
    status, answer = respond(body.encode(), signature, timestamp)
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": answer.decode(),
    }


def respond(body: bytes, signature: str, timestamp: str) -> tuple[int, bytes]:
    """Status and body for a request."""
    try:
        KEY.verify(timestamp.encode() + body, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return 401, b"{}"
    interaction = json.loads(body)
    if interaction["type"] == 1:
        return 200, json.dumps({"type": 1}).encode()
    now = interaction["data"]["name"] == "hi"
    return 200, json.dumps(HI if now else {"type": 5}).encode()
