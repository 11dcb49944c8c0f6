"""What both implementations accept: code that was tested on one machine runs on AWS.

The narrower of the two decides each limit; whatever lies outside is refused with a ValueError.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

KEY_MAX_BYTES = 1024
"""S3: the longest object key, in UTF-8."""
KIND_MAX_BYTES = 2048
"""DynamoDB: the longest partition key, in UTF-8."""
ID_MAX_BYTES = 1024
"""DynamoDB: the longest sort key, in UTF-8."""
FIELDS_MAX_BYTES = 400_000
"""DynamoDB: an item has at most 400 KiB, of which 9,600 bytes are left to kind, id and the rest."""
MESSAGE_MAX_BYTES = 256 * 1024
"""SQS: what a queue took before August 2025 and what its consumers still expect."""
PARTS_MAX = 10_000
"""S3: parts of a multipart upload.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""
LINK_MAX_S = 7 * 24 * 3600
"""S3: the longest life of a pre-signed address."""
ABOUT_MAX = 10
"""SQS: message attributes."""
DELAY_MAX_S = 900
LEASE_MAX_S = 12 * 3600
WAIT_MAX_S = 20
"""SQS: longest delay, visibility timeout and long poll."""

_CONTROL = re.compile("[\x00-\x1f\x7f]").search
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|\ufffe|\uffff").search
"""Characters that SQS refuses (SendMessage, API reference) besides halves of surrogate pairs."""
_NAME = re.compile("[a-z_]{1,80}").fullmatch
_WORD = re.compile("[!-~]{1,128}").fullmatch
"""SQS: ids of groups and of messages that are put once."""
_LAST = "\U0010ffff"


def check_key(key: str) -> None:
    """Raise ValueError unless both S3 and a folder can keep a file under this key."""
    if not 0 < len(key.encode()) <= KEY_MAX_BYTES:
        raise ValueError(f"a key has 1 to {KEY_MAX_BYTES} bytes")
    if "\\" in key or _CONTROL(key):
        raise ValueError(f"a key has no backslash and no control characters: {key!r}")
    if {"", ".", ".."} & set(key.split("/")):
        raise ValueError(f"a key has no empty, `.` or `..` parts: {key!r}")


def check_part(number: int) -> None:
    """Raise ValueError unless S3 takes a part of this number."""
    if not 1 <= number <= PARTS_MAX:
        raise ValueError(f"parts are numbered 1 to {PARTS_MAX}, not {number}")


def check_id(kind: str, id: str) -> None:
    """Raise ValueError unless DynamoDB takes both as a key, and a person could read them."""
    if not 0 < len(kind.encode()) <= KIND_MAX_BYTES:
        raise ValueError(f"a kind has 1 to {KIND_MAX_BYTES} bytes")
    if not 0 < len(id.encode()) <= ID_MAX_BYTES:
        raise ValueError(f"an id has 1 to {ID_MAX_BYTES} bytes")
    if _CONTROL(kind) or _CONTROL(id):
        raise ValueError(f"kinds and ids have no control characters: {kind!r} {id!r}")


def check_message(body: str, delay_s: int, about: Mapping[str, str] | None = None) -> None:
    """Raise ValueError unless SQS takes the message, and what is said `about` it.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    for name, said in (about or {}).items():
        if not _NAME(name) or not said or _NOT_XML(said) or len(about or {}) > ABOUT_MAX:
            raise ValueError(f"ten words at most go with a message, none of them empty: {name!r}")
    if _NOT_XML(body):
        raise ValueError("a message has no characters that XML cannot carry; escape them in JSON")
    if not 0 < len(body.encode()) <= MESSAGE_MAX_BYTES:
        raise ValueError(f"a message has 1 to {MESSAGE_MAX_BYTES} bytes")
    check_seconds("a delay", delay_s, DELAY_MAX_S)


def check_fifo(fifo: bool, delay_s: int, group: str, once: str) -> None:
    """Raise ValueError unless SQS takes what is said beside a message, in a queue of that kind.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    """
    if not fifo and (group or once):
        raise ValueError("only a FIFO queue has groups and puts once")
    if fifo and delay_s:
        raise ValueError("a FIFO queue delays no single message")
    if fifo and not _WORD(group):
        raise ValueError(f"a group has 1 to 128 letters, digits or punctuation, not {group!r}")
    if fifo and once and not _WORD(once):
        raise ValueError(f"`once` has at most 128 letters, digits or punctuation, not {once!r}")


def check_seconds(what: str, seconds: int, most: int) -> None:
    """Raise ValueError unless `seconds` is a whole number from 0 to `most`."""
    if seconds != int(seconds) or not 0 <= seconds <= most:
        raise ValueError(f"{what} has 0 to {most} whole seconds, not {seconds}")


def pack(fields: Mapping[str, Any]) -> str:
    """Fields as JSON. Raises ValueError (too much, NaN), TypeError (nothing JSON knows)."""
    text = json.dumps(dict(fields), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        size = len(text.encode())
    except UnicodeEncodeError:  # half of a surrogate pair: legal in JSON only when escaped
        text = json.dumps(dict(fields), allow_nan=False, separators=(",", ":"))
        size = len(text)
    if size > FIELDS_MAX_BYTES:
        raise ValueError(f"fields have {size} bytes as JSON; at most {FIELDS_MAX_BYTES} are kept")
    return text


def unpack(text: str) -> dict[str, Any]:
    """Fields from `pack`."""
    found: dict[str, Any] = json.loads(text)
    return found


def beyond(prefix: str) -> str:
    """An upper bound of all ids that start with `prefix`; at most one id that does not equals it.

    Strings are compared by code points, which is the order of their UTF-8 bytes too.
    """
    rest = prefix.rstrip(_LAST)
    if not rest:
        return _LAST * (ID_MAX_BYTES // 4)
    point = ord(rest[-1]) + 1
    return rest[:-1] + chr(0xE000 if point == 0xD800 else point)
