"""Where training files lie: in an S3, or in a folder of buckets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from playground.bedrock.rows import BadFile

Source = Callable[[str], bytes]
"""Takes an address s3://bucket/key. Raises BadFile where nothing is there."""


def of_folder(folder: Path) -> Source:
    """`folder/bucket/key`."""

    def read(uri: str) -> bytes:
        root = folder.resolve()
        path = (root / uri.removeprefix("s3://")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise BadFile(f"There is no object at {uri}.")
        return path.read_bytes()

    return read


def of_s3(client: Any) -> Source:
    """Of boto3's client of an S3."""

    def read(uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            return bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise BadFile(f"{uri} cannot be read: {error}") from error

    return read
