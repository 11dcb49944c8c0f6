"""A request as API Gateway hands it to a function (payload 2.0).

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import binascii
from typing import Any


def headers(event: dict[str, Any]) -> dict[str, str]:
    """Values by their names in small letters."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def body(event: dict[str, Any]) -> bytes:
    """As it was sent; empty where it is no base64 though the event says so, or no text."""
    found = event.get("body") or ""
    try:
        if event.get("isBase64Encoded"):
            return binascii.a2b_base64(found, strict_mode=True)
        return bytes(found.encode())
    except ValueError:
        return b""
