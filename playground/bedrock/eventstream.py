"""AWS' binary event stream.

Source: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html (the encoding;
the same for every service).
"""

import json
import struct
import zlib
from typing import Any

STRING = 7
MIME = "application/vnd.amazon.eventstream"


def event(kind: str, payload: dict[str, Any]) -> bytes:
    """An event."""
    return _message({":event-type": kind, ":message-type": "event"}, payload)


def exception(kind: str, payload: dict[str, Any]) -> bytes:
    """An error in the middle of a stream."""
    return _message({":exception-type": kind, ":message-type": "exception"}, payload)


def _message(headers: dict[str, str], payload: dict[str, Any]) -> bytes:
    head = b"".join(_header(*it) for it in {**headers, ":content-type": "application/json"}.items())
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", len(head) + len(body) + 16, len(head))
    start = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + body
    return start + struct.pack(">I", zlib.crc32(start))


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return struct.pack(">B", len(key)) + key + struct.pack(">BH", STRING, len(text)) + text
