"""What Bedrock reads from our bucket, and what it writes there."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from protege.journal import note
from protege.providers.tuning import Point

TRAINING, VALIDATION = "step_wise_training_metrics.csv", "validation_metrics.csv"
"""https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-analyze.html"""


class Shelf:
    """Files in a bucket, by their `s3://` addresses."""

    def __init__(self, bucket: str, s3: Any) -> None:
        self._bucket = bucket
        self._s3 = s3

    def uri(self, key: str) -> str:
        """A file's address."""
        return f"s3://{self._bucket}/{key}"

    def put(self, key: str, rows: Callable[[], Iterator[bytes]]) -> str:
        """Store rows in flat memory, by way of the disk; return their address."""
        with TemporaryFile() as file:
            for chunk in rows():
                file.write(chunk)
            file.seek(0)
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=file)
        return self.uri(key)

    def tidy(self, uris: Iterable[str]) -> None:
        """Delete files: people's words stay no longer than needed. A courtesy: never fails."""
        for uri in uris:
            with suppress(ClientError, BotoCoreError):
                self._s3.delete_object(Bucket=self._bucket, Key=self._key(uri))

    def curve(self, uri: str) -> tuple[Point, ...]:
        """The losses that a job has written below an address, by step; none where it has not.

        A picture of them is a courtesy: never fails.
        """
        try:
            return self._curve(uri)
        except (ClientError, BotoCoreError, ValueError, KeyError) as error:
            note("no losses of a job on Bedrock", why=type(error).__name__)
            return ()

    def _curve(self, uri: str) -> tuple[Point, ...]:
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=self._key(uri))
        keys = [found["Key"] for found in listed.get("Contents", [])]
        train = self._column(keys, TRAINING, "training_loss")
        valid = self._column(keys, VALIDATION, "validation_loss")
        return tuple(Point(step, train[step], valid.get(step)) for step in sorted(train))

    def _column(self, keys: list[str], name: str, column: str) -> dict[int, float]:
        found = [key for key in keys if key.endswith(f"/{name}")]
        if not found:
            return {}
        body = self._s3.get_object(Bucket=self._bucket, Key=found[0])["Body"].read().decode()
        rows = csv.DictReader(io.StringIO(body))
        return {int(row["step_number"]): float(row[column]) for row in rows if row.get(column)}

    def _key(self, uri: str) -> str:
        return uri.removeprefix(f"s3://{self._bucket}/")
