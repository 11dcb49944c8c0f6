"""Files in S3."""

import os
from collections.abc import Iterator
from typing import Any

from protege.errors import Conflict
from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults
from protege.storage.limits import check_key

WRITER = "writer"
"""Metadata: which call wrote the file."""


class S3Files:
    """Bytes under keys of a bucket. Raises Unavailable.

    The role needs s3:ListBucket besides Get, Put and DeleteObject: without it S3 answers 403, not
    404, for what is not there.
    """

    def __init__(self, bucket: str, client: Any = None) -> None:
        self._bucket = bucket
        self._s3 = client or connect("s3")

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing, ValueError."""
        check_key(key)
        with faults():
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all. Raises Conflict, ValueError."""
        check_key(key)
        writer = os.urandom(12).hex()
        condition = {"IfNoneMatch": "*"} if once else {}
        at = {"Bucket": self._bucket, "Key": key}
        try:
            with faults():
                self._s3.put_object(**at, Body=body, Metadata={WRITER: writer}, **condition)
        except Conflict:
            # boto3 tries again by itself: the file in the way may be the one we wrote first.
            if self._writer(key) != writer:
                raise

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""
        pages = self._s3.get_paginator("list_objects_v2")
        with faults():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                yield from (found["Key"] for found in page.get("Contents", []))

    def delete(self, key: str) -> None:
        """Remove the file; no error where there is none. Raises ValueError."""
        check_key(key)
        with faults():
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _writer(self, key: str) -> str:
        with faults():
            found = self._s3.head_object(Bucket=self._bucket, Key=key)
        return str(found["Metadata"].get(WRITER, ""))
