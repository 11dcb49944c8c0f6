"""What is logged: one JSON object a line, never a secret, never what people wrote."""

import json
import logging
import traceback

LOG = logging.getLogger("protege")


def note(event: str, **fields: object) -> None:
    """Log that something happened. Fields are ids, counts and durations."""
    LOG.info(json.dumps({"event": event, **fields}, default=str, ensure_ascii=False))


def trouble(event: str, error: BaseException, **fields: object) -> None:
    """Log an error with where it came from.

    The message of an unknown exception may quote what a person wrote, so only its type and the
    places it passed are kept.
    """
    where = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    found = {"event": event, "error": type(error).__name__, "where": where[-8:], **fields}
    LOG.error(json.dumps(found, default=str, ensure_ascii=False))
