"""Opcodes, close codes and compression of the gateway.

Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
"""

import json
import zlib
from enum import IntEnum
from typing import Any

Json = dict[str, Any]
LARGEST = 4096
"""Bytes of the longest message that a client may send."""


class Op(IntEnum):
    """What a message is."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Why a connection was closed."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQ = 4007
    RATE_LIMITED = 4008
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Refused(Exception):
    """A connection that must be closed. `wrong`: the client broke a rule, which is reported."""

    def __init__(self, code: Close, why: str, *, wrong: bool = True) -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.wrong = wrong


class Packing:
    """One connection's way of writing: plain JSON, or one zlib stream over all messages."""

    def __init__(self, compress: str) -> None:
        self._stream = zlib.compressobj() if compress == "zlib-stream" else None

    @property
    def binary(self) -> bool:
        """Whether messages are no text."""
        return self._stream is not None

    def packed(self, message: Json) -> bytes:
        """A message as it goes over the wire."""
        text = json.dumps(message, ensure_ascii=False).encode()
        if self._stream is None:
            return text
        return self._stream.compress(text) + self._stream.flush(zlib.Z_SYNC_FLUSH)


def unpacked(raw: str | bytes) -> tuple[int, Any]:
    """Opcode and data of a client's message. Raises Refused (4002)."""
    size = len(raw.encode() if isinstance(raw, str) else raw)
    if size > LARGEST:
        raise Refused(Close.DECODE_ERROR, f"a message of {size} bytes, {LARGEST} are allowed")
    try:
        message = json.loads(raw)
        op = message["op"]
    except (ValueError, KeyError, TypeError):
        raise Refused(Close.DECODE_ERROR, "not a message") from None
    if not isinstance(op, int):
        raise Refused(Close.DECODE_ERROR, "op must be a number")
    return op, message.get("d")
