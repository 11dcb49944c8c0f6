"""A bot on AWS: what its CloudFormation stack keeps, found by the stack's name."""

import math
import os
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from protege.storage.aws import S3Files
from protege.storage.aws.clients import faults
from protege.storage.limits import pack, unpack
from tools.keeping import leaving
from tools.keeping.clients import client, table
from tools.keeping.finding import KEPT, parts
from tools.keeping.places import Step
from tools.keeping.rows import Row


class StackPlace:
    """Credentials and region as for any AWS tool (`AWS_PROFILE`, `AWS_DEFAULT_REGION`).

    Raises SystemExit where there is no such stack, Unavailable where AWS fails.
    """

    def __init__(self, stack: str, table: str = "", *, whole: bool = True) -> None:
        """`table`: read instead of the stack's, such as one that AWS has restored. Not `whole`:
        some of it may be gone, its name is "" then."""
        self.name = stack
        self._names = parts(stack)
        missing = KEPT.keys() - self._names.keys()
        if missing and whole:
            raise SystemExit(f"{stack}: no {' and no '.join(sorted(missing))} in this region")
        self.bucket = self._names.get("Bucket", "")
        self.table = table or self._names.get("Table", "")
        self._s3, self._dynamodb = client("s3"), client("dynamodb")
        self.files = S3Files(self.bucket, self._s3)

    def answers(self, endpoint: str) -> bool:
        """Whether it is the stack's own; of a stack that is gone nothing answers."""
        return endpoint in leaving.outputs(self.name)

    def rows(self) -> Iterator[Row]:
        """Every record that has not expired."""
        pages = self._dynamodb.get_paginator("scan")
        with faults():
            for page in pages.paginate(TableName=self.table, ConsistentRead=True):
                found = map(_row, page["Items"])
                yield from (row for row in found if row.until is None or row.until > time.time())

    def put(self, rows: Iterable[Row]) -> None:
        """Write records as they are; what was written before an error stays."""
        with faults(), self._batch() as batch:
            for row in rows:
                batch.put_item(Item=_item(row))

    def drop(self, rows: Iterable[Row]) -> None:
        """Delete records."""
        with faults(), self._batch() as batch:
            for row in rows:
                batch.delete_item(Key={"kind": row.kind, "id": row.id})

    def erase(self, prefix: str) -> None:
        """Delete files for good, with every older version."""
        leaving.empty(self._s3, self.bucket, prefix)

    def wake(self) -> None:
        """Have running jobs looked after."""
        with faults():
            client("events").enable_rule(Name=self._names["WatcherEveryMinute"])

    def everything(self) -> Iterator[Step]:
        """The stack, and all that stays when a stack goes."""
        if cluster := self._names.get("VoiceCluster"):
            yield from leaving.voices(cluster)
        yield from leaving.steps(self.name, self.bucket, self.table)

    def _batch(self) -> Any:
        return table(self.table).batch_writer()


def _row(item: dict[str, dict[str, str]]) -> Row:
    until = float(item["until"]["N"]) if "until" in item else None
    fields = unpack(item["fields"]["S"])
    return Row(item["kind"]["S"], item["id"]["S"], int(item["version"]["N"]), until, fields)


def _item(row: Row) -> dict[str, Any]:
    """As `protege.storage.aws.items` writes it."""
    item: dict[str, Any] = {"kind": row.kind, "id": row.id, "version": row.version}
    item |= {"fields": pack(row.fields), "writer": os.urandom(12).hex()}
    if row.until is not None:
        item |= {"until": Decimal(repr(row.until)), "expires_at": math.ceil(row.until)}
    return item
