"""Files in S3."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from protege.errors import Conflict, Missing
from protege.storage import Buried, Stat
from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults
from protege.storage.aws.faults import BeyondEnd
from protege.storage.aws.parts import store
from protege.storage.aws.versions import Versions
from protege.storage.limits import LINK_MAX_S, check_key, check_part, check_seconds
from protege.storage.naming import attachment

WRITER = "writer"
"""Metadata: which call wrote the file."""
ENDING = re.compile("guilds/[^/]+/(exports|archives|tests|voice)/").match
"""Files that S3 deletes after some time: a rule's prefix cannot leave out the guild, so its filter
is a tag of that name. https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html"""


class S3Files:
    """Bytes under keys of a versioned bucket. Raises Unavailable.

    The role needs s3:ListBucket besides Get, Put and DeleteObject: without it S3 answers 403, not
    404, for what is not there.
    """

    def __init__(self, bucket: str, client: Any = None) -> None:
        self._bucket = bucket
        self._s3 = client or connect("s3")
        self._versions = Versions(bucket, self._s3)

    def read(self, key: str) -> bytes:
        """The whole file. Raises Missing, ValueError."""
        with faults():
            body: bytes = self._s3.get_object(**self._at(key))["Body"].read()
        return body

    def write(self, key: str, body: bytes, *, once: bool = False) -> None:
        """Store the file whole or not at all. Raises Conflict, ValueError."""
        writer = os.urandom(12).hex()
        condition = {"IfNoneMatch": "*"} if once else {}
        at = self._at(key)
        try:
            with faults():
                about = {"Metadata": {WRITER: writer}, **_tag(key), **condition}
                self._s3.put_object(**at, Body=body, **about)
        except Conflict:
            # boto3 tries again by itself: the file in the way may be the one we wrote first.
            if self._writer(key) != writer:
                raise

    def names(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, in order of code points."""
        return (found.key for found in self.list(prefix))

    def delete(self, key: str, *, forever: bool = False) -> None:
        """Remove the file; no error where there is none. Raises ValueError."""
        at = self._at(key)
        if forever:
            self._versions.erase(key)
            return
        with faults():
            self._s3.delete_object(**at)

    def stat(self, key: str) -> Stat:
        """The file from outside. Raises Missing, ValueError."""
        with faults():
            found = self._s3.head_object(**self._at(key))
        return Stat(key, found["ContentLength"], found["LastModified"].timestamp())

    def list(self, prefix: str) -> Iterator[Stat]:
        """Every file whose key starts with `prefix`, in order of code points."""
        pages = self._s3.get_paginator("list_objects_v2")
        with faults():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield Stat(found["Key"], found["Size"], found["LastModified"].timestamp())

    def browse(self, prefix: str, limit: int = 100) -> Sequence[str]:
        """Files and folders that come next after a prefix, in order; at most `limit`."""
        with faults():
            page = self._s3.list_objects_v2(
                Bucket=self._bucket, Prefix=prefix, Delimiter="/", MaxKeys=limit
            )
        files = [found["Key"] for found in page.get("Contents", [])]
        return sorted([*files, *(found["Prefix"] for found in page.get("CommonPrefixes", []))])

    def part(self, key: str, start: int, length: int) -> bytes:
        """Bytes from `start` on, fewer than `length` at the end. Raises Missing, ValueError."""
        if length == 0:
            self.stat(key)
            return b""
        wanted = f"bytes={start}-{start + length - 1}"
        try:
            with faults():
                found = self._s3.get_object(**self._at(key), Range=wanted)
                body: bytes = found["Body"].read()
        except BeyondEnd:
            return b""
        return body

    def stream(self, key: str, chunk: int = 1 << 20) -> Iterator[bytes]:
        """The file, `chunk` bytes at a time. Raises Missing, ValueError."""
        with faults():
            body = self._s3.get_object(**self._at(key))["Body"]
            try:
                yield from body.iter_chunks(chunk)
            finally:
                body.close()

    def copy(self, source: str, target: str) -> None:
        """Store the same bytes under another key, inside S3. Raises Missing, ValueError."""
        with faults():
            self._s3.copy(self._at(source), self._bucket, self._at(target)["Key"])

    def link(self, key: str, *, seconds: int, name: str) -> str:
        """A pre-signed address; it dies with the role's credentials at the latest."""
        check_seconds("a link", seconds, LINK_MAX_S)
        asked = {**self._at(key), "ResponseContentDisposition": attachment(name)}
        with faults():
            url: str = self._s3.generate_presigned_url(
                "get_object", Params=asked, ExpiresIn=seconds
            )
        return url

    def buried(self, prefix: str) -> Iterator[Buried]:
        """Deleted files that can be restored, newest first."""
        yield from self._versions.buried(prefix)

    def restore(self, key: str, version: str) -> None:
        """Bring a deleted file back. Raises Conflict, Missing, ValueError."""
        check_key(key)
        self._versions.restore(key, version)

    def begin(self, key: str) -> str:
        """Begin to store a file in parts; return the upload's id. Raises ValueError."""
        with faults():
            found = self._s3.create_multipart_upload(**self._at(key), **_tag(key))
            return str(found["UploadId"])

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Store a part; return its tag. Raises Missing, ValueError."""
        check_part(number)
        with faults():
            found = self._s3.upload_part(
                **self._at(key), UploadId=upload, PartNumber=number, Body=body
            )
        return str(found["ETag"])

    def finish(self, key: str, upload: str, tags: Sequence[str]) -> None:
        """The parts become the file. Raises Missing, ValueError."""
        parts = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]
        with faults():
            self._s3.complete_multipart_upload(
                **self._at(key), UploadId=upload, MultipartUpload={"Parts": parts}
            )

    def abandon(self, key: str, upload: str) -> None:
        """Forget the parts of an upload."""
        try:
            with faults():
                self._s3.abort_multipart_upload(**self._at(key), UploadId=upload)
        except Missing:
            return

    def write_stream(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store the file whole or not at all; return its size in bytes. Raises ValueError."""
        check_key(key)
        return store(self, key, chunks)

    def _at(self, key: str) -> dict[str, str]:
        check_key(key)
        return {"Bucket": self._bucket, "Key": key}

    def _writer(self, key: str) -> str:
        try:
            with faults():
                found = self._s3.head_object(**self._at(key))
        except Missing:  # whoever was first has deleted it since
            return ""
        return str(found["Metadata"].get(WRITER, ""))


def _tag(key: str) -> dict[str, str]:
    found = ENDING(key)
    return {"Tagging": f"ends={found[1]}"} if found else {}
