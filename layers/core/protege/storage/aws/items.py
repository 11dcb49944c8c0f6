"""Records as DynamoDB items, whoever carries the requests: boto3 or our own signer.

Item: `kind` (partition key), `id` (sort key), `version`, `fields` (one JSON text), `writer` (which
call wrote it), and where it ends: `until` to the fraction of a second, for reading, `expires_at` in
whole seconds, for DynamoDB's own sweeping, which takes nothing else and comes days late.
"""

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from protege.errors import Conflict, Missing, Unavailable
from protege.storage import Record
from protege.storage.aws.clients import Ask
from protege.storage.aws.faults import ConditionFailed
from protege.storage.limits import beyond, check_id, pack, unpack

Item = dict[str, dict[str, str]]
FREE = "attribute_not_exists(#id) OR #until <= :now"
ALIVE = "(attribute_not_exists(#until) OR #until > :now)"
AT_VERSION = f"#version = :expected AND {ALIVE}"
OVERWRITE = (
    "SET #version = if_not_exists(#version, :zero) + :one, #fields = :fields, #writer = :writer"
)
TIMED = ", #until = :until, #expires_at = :expires_at"
TIMELESS = " REMOVE #until, #expires_at"
RACES = 5
"""How often an unconditional write may meet others at the very moment when a record expires."""


class ItemRecords:
    """JSON documents under (kind, id) of a table. Raises Unavailable."""

    def __init__(self, ask: Ask, table: str, now: Callable[[], float] = time.time) -> None:
        self._ask = ask
        self._table = table
        self._now = now

    def get(self, kind: str, id: str) -> Record:
        """The document. Raises Missing, ValueError."""
        check_id(kind, id)
        request = {"TableName": self._table, "Key": _key(kind, id), "ConsistentRead": True}
        item = self._ask("GetItem", request).get("Item")
        if not item or not self._alive(item):
            raise Missing(f"{kind} {id}")
        return _record(item)

    def put(
        self,
        kind: str,
        id: str,
        fields: Mapping[str, Any],
        *,
        expect: int | None = None,
        expires_at: float | None = None,
    ) -> Record:
        """Write a document. Raises Conflict, ValueError (see `limits`)."""
        check_id(kind, id)
        item = _key(kind, id)
        item["fields"] = {"S": pack(fields)}
        item["writer"] = {"S": os.urandom(12).hex()}
        if expires_at is not None:
            item["until"] = {"N": repr(float(expires_at))}
            item["expires_at"] = {"N": str(math.ceil(expires_at))}
        return self._overwrite(item) if expect is None else self._write(item, expect)

    def find(
        self, kind: str, *, prefix: str = "", after: str = "", newest: bool = False, limit: int = 0
    ) -> Iterator[Record]:
        """Documents of a kind in order of id."""
        if after > prefix and not after.startswith(prefix):
            return
        given = 0
        for item in self._items(_query(kind, prefix, after), newest, limit):
            record = _record(item)
            # `beyond` is no strict bound, nor is the lower one of BETWEEN.
            if self._alive(item) and record.id > after and record.id.startswith(prefix):
                yield record
                given += 1
                if given == limit:
                    return

    def delete(self, kind: str, id: str) -> None:
        """Remove the document; no error where there is none. Raises ValueError."""
        check_id(kind, id)
        self._ask("DeleteItem", {"TableName": self._table, "Key": _key(kind, id)})

    def _write(self, item: Item, expect: int) -> Record:
        """Put the whole item if the version there is `expect`. Raises Conflict."""
        item = {**item, "version": {"N": str(expect + 1)}}
        request: dict[str, Any] = {"TableName": self._table, "Item": item}
        if expect:
            self._condition(request, AT_VERSION, {":expected": {"N": str(expect)}})
        else:
            self._condition(request, FREE, {})
        try:
            self._ask("PutItem", request)
        except ConditionFailed as lost:
            # Requests are sent again when no answer came: what is in the way may be our own.
            if lost.item.get("writer") != item["writer"]:
                raise Conflict(f"{item['id']['S']} is not at version {expect}") from None
        return _record(item)

    def _overwrite(self, item: Item) -> Record:
        """Put the item whatever is there; only one that has expired counts as nothing."""
        for _ in range(RACES):
            try:
                return self._update(item)
            except ConditionFailed:
                pass
            try:
                return self._write(item, 0)
            except Conflict:
                continue
        raise Unavailable(f"{item['id']['S']} is being written by many at once")

    def _update(self, item: Item) -> Record:
        timed = "until" in item
        names = ["fields", "writer", *(["until", "expires_at"] if timed else [])]
        values = {f":{name}": item[name] for name in names}
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": {"kind": item["kind"], "id": item["id"]},
            "UpdateExpression": OVERWRITE + (TIMED if timed else TIMELESS),
            "ReturnValues": "ALL_NEW",
        }
        self._condition(request, ALIVE, {**values, ":zero": {"N": "0"}, ":one": {"N": "1"}})
        return _record(self._ask("UpdateItem", request)["Attributes"])

    def _condition(self, request: dict[str, Any], condition: str, values: Item) -> None:
        """Add a condition, its values, and every name that the request's expressions use."""
        request["ConditionExpression"] = condition
        request["ExpressionAttributeValues"] = {**values, ":now": {"N": repr(self._now())}}
        used = condition + request.get("UpdateExpression", "")
        names = ("id", "version", "fields", "writer", "until", "expires_at")
        request["ExpressionAttributeNames"] = {f"#{n}": n for n in names if f"#{n}" in used}
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"

    def _items(self, query: dict[str, Any], newest: bool, limit: int) -> Iterator[Item]:
        request = {
            **query,
            "TableName": self._table,
            "ConsistentRead": True,
            "ScanIndexForward": not newest,
        }
        if limit:
            request["Limit"] = limit + 1  # one more for the bound that may be left out
        while True:
            answer = self._ask("Query", request)
            yield from answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _alive(self, item: Item) -> bool:
        return "until" not in item or float(item["until"]["N"]) > self._now()


def _key(kind: str, id: str) -> Item:
    return {"kind": {"S": kind}, "id": {"S": id}}


def _record(item: Item) -> Record:
    return Record(item["id"]["S"], unpack(item["fields"]["S"]), int(item["version"]["N"]))


def _query(kind: str, prefix: str, after: str) -> dict[str, Any]:
    """The narrowest key condition; DynamoDB takes only one comparison of the sort key."""
    condition, values = "#kind = :kind", {":kind": {"S": kind}}
    if after.startswith(prefix) and after and prefix:
        condition += " AND #id BETWEEN :low AND :high"
        values |= {":low": {"S": after}, ":high": {"S": beyond(prefix)}}
    elif prefix:
        condition += " AND begins_with(#id, :low)"
        values[":low"] = {"S": prefix}
    elif after:
        condition += " AND #id > :low"
        values[":low"] = {"S": after}
    names = {"#kind": "kind", "#id": "id"} if ":low" in values else {"#kind": "kind"}
    return {
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ExpressionAttributeNames": names,
    }
