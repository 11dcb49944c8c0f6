"""Requests, read and checked with botocore's description of the service.

boto3 checks types and required fields itself, but no patterns, lengths or enums: those are what an
order is refused for only when it arrives.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from playground.bedrock.errors import AwsError, wrong

OFFERED = {
    "bedrock": (
        "CreateModelCustomizationJob",
        "GetModelCustomizationJob",
        "ListModelCustomizationJobs",
        "StopModelCustomizationJob",
        "GetCustomModel",
        "ListCustomModels",
        "DeleteCustomModel",
        "CreateCustomModelDeployment",
        "GetCustomModelDeployment",
        "UpdateCustomModelDeployment",
        "DeleteCustomModelDeployment",
        "ListCustomModelDeployments",
    ),
    "bedrock-runtime": ("Converse", "ConverseStream"),
}
KINDS = {"string": str, "integer": int, "long": int, "boolean": bool, "float": float}
Json = dict[str, Any]


class Operation(NamedTuple):
    """One that is offered, and how it is recognised."""

    name: str
    method: str
    path: re.Pattern[str]
    status: int
    input: StructureShape


def offered() -> list[Operation]:
    """All operations."""
    loader, found = Loader(), []
    for service, names in OFFERED.items():
        description = ServiceModel(loader.load_service_model(service, "service-2"), service)
        found += [_operation(description.operation_model(name)) for name in names]
    return found


def read(
    operations: list[Operation], method: str, path: str, query: Mapping[str, str], body: Any
) -> tuple[Operation, Json]:
    """What is asked, with its checked parameters. Raises AwsError."""
    for operation in operations:
        match = operation.path.fullmatch(path)
        if match and operation.method == method:
            given = {**_queried(operation.input, query), **(body or {}), **match.groupdict()}
            _check(given, operation.input, "")
            return operation, given
    raise AwsError("UnknownOperationException", f"There is no {method} {path} here.")


def _operation(model: OperationModel) -> Operation:
    http, shape = model.http, model.input_shape
    assert shape is not None  # noqa: S101  # none of those that are offered takes nothing
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", http["requestUri"])
    return Operation(model.name, http["method"], re.compile(pattern), http["responseCode"], shape)


def _queried(shape: StructureShape, query: Mapping[str, str]) -> Json:
    found: Json = {}
    for name, member in shape.members.items():
        sent = member.serialization.get("name", name)
        if member.serialization.get("location") == "querystring" and sent in query:
            text = query[sent]
            found[name] = int(text) if member.type_name == "integer" else text
    return found


def _check(value: Any, shape: Shape, at: str) -> None:
    if isinstance(shape, StructureShape):
        _fields(value, shape, at)
    elif isinstance(shape, ListShape):
        _must(isinstance(value, list), at, "must be a list")
        for n, item in enumerate(value):
            _check(item, shape.member, f"{at}.{n + 1}.member")
    elif isinstance(shape, MapShape):
        _must(isinstance(value, dict), at, "must be a map")
        for name, item in value.items():
            _check(name, shape.key, f"{at}.key")
            _check(item, shape.value, f"{at}.{name}")
    else:
        _plain(value, shape, at)


def _fields(value: Any, shape: StructureShape, at: str) -> None:
    _must(isinstance(value, dict), at, "must be a structure")
    if shape.metadata.get("document"):
        return
    for name in shape.required_members:
        _must(value.get(name) is not None, f"{at}.{name}", "must not be null")
    for name, item in value.items():
        _must(name in shape.members, f"{at}.{name}", "is not known")
        _check(item, shape.members[name], f"{at}.{name}")


def _plain(value: Any, shape: Shape, at: str) -> None:
    kind = KINDS.get(shape.type_name)
    fits = kind is None or isinstance(value, kind) or (kind is float and isinstance(value, int))
    _must(fits, at, f"must be of type {shape.type_name}")
    about = shape.metadata
    if isinstance(value, str):
        longest = about.get("max", len(value))
        _must(about.get("min", 0) <= len(value) <= longest, at, "has a wrong length")
        pattern = about.get("pattern")
        _must(
            not pattern or re.fullmatch(pattern, value) is not None,
            at,
            f"must satisfy regular expression pattern: {pattern}",
        )
    elif isinstance(value, int | float):
        within = about.get("min", value) <= value <= about.get("max", value)
        _must(within, at, "is out of range")
    allowed = about.get("enum")
    _must(not allowed or value in allowed, at, f"must satisfy enum value set: {allowed}")


def _must(holds: bool, at: str, what: str) -> None:
    if not holds:
        path = at.lstrip(".")
        raise wrong(f"1 validation error detected: Value at '{path}' {what}")
