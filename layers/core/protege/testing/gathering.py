"""All trials of a job as one table, stored in parts: the file is whole at the end, or not there."""

from collections.abc import Sequence
from typing import Any

from protege.errors import Missing
from protege.storage import Files
from protege.testing.store import Store
from protege.testing.table import body, head
from protege.testing.trial import Side
from protege.training.job import Job

PART = 6 << 20
"""Bytes of a part; S3 takes no less than 5 MiB but for the last."""


def gather(files: Files, store: Store, job: Job, sides: Sequence[Side]) -> dict[str, Any]:
    """Store one more part; return the next `scratch` of the job, empty when all is done.

    Begins again where the upload is gone (S3 keeps one for a day).
    """
    key, scratch = store.table(job.space, job.id), job.scratch
    if not scratch:
        return _begun(files, key)
    try:
        if not scratch["over"]:
            return _longer(files, store, job, sides)
        files.finish(key, scratch["upload"], scratch["tags"])
    except Missing:
        return {} if _there(files, key, scratch) else _begun(files, key)
    return {}


def _begun(files: Files, key: str) -> dict[str, Any]:
    return {"upload": files.begin(key), "tags": [], "after": "", "size": 0, "over": False}


def _longer(files: Files, store: Store, job: Job, sides: Sequence[Side]) -> dict[str, Any]:
    key, scratch = store.table(job.space, job.id), job.scratch
    made, after = b"" if scratch["tags"] else head(sides), scratch["after"]
    over = True
    for name, trials in store.chunks(job.space, job.id, after):
        made, after = made + body(trials), name
        if len(made) >= PART:
            over = False
            break
    if not made:
        return {**scratch, "over": True}
    tag = files.put_part(key, scratch["upload"], len(scratch["tags"]) + 1, made)
    tags, size = [*scratch["tags"], tag], scratch["size"] + len(made)
    return {"upload": scratch["upload"], "tags": tags, "after": after, "size": size, "over": over}


def _there(files: Files, key: str, scratch: dict[str, Any]) -> bool:
    """Whether we were killed just after the parts had become the file."""
    try:
        return bool(scratch["over"]) and files.stat(key).size == scratch["size"]
    except Missing:
        return False
