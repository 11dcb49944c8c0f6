"""Questions about translated resources that several tests ask."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FUNCTIONS = ("Ingress", "Worker", "Watcher", "Registrar")


def of_type(resources: Mapping[str, Any], type: str) -> dict[str, dict[str, Any]]:
    """Properties of all resources of a type, by name."""
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == type}


class Statement(NamedTuple):
    """Of a policy. `role`: whose it is, such as `WorkerRole`."""

    role: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    condition: Any


def statements(resources: Mapping[str, Any]) -> Iterator[Statement]:
    """What every role is allowed, by whatever policy."""
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            yield from _of([name], policy["PolicyDocument"])
    for policy in of_type(resources, "AWS::IAM::Policy").values():
        yield from _of(list(references(policy["Roles"])), policy["PolicyDocument"])


def _of(roles: list[str], document: Mapping[str, Any]) -> Iterator[Statement]:
    for one in document["Statement"]:
        assert one["Effect"] == "Allow"
        for role in roles:
            actions, targets = listed(one["Action"]), listed(one["Resource"])
            yield Statement(role, actions, targets, one.get("Condition"))


def listed(value: Any) -> tuple[Any, ...]:
    """A list, or the one thing that stands in its place."""
    return tuple(value) if isinstance(value, list) else (value,)


def allowed(resources: Mapping[str, Any], role: str) -> set[str]:
    """All actions of a role."""
    return {act for one in statements(resources) if one.role == role for act in one.actions}


def references(value: Any) -> Iterator[str]:
    """Every logical id, parameter or pseudo parameter that a part of the template names."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("Ref", "Condition") and isinstance(one, str):
                yield one
            elif name == "Fn::GetAtt":
                yield one[0] if isinstance(one, list) else one.split(".")[0]
            elif name == "Fn::Sub":
                yield from _substituted(one)
            else:
                yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def _substituted(value: Any) -> Iterator[str]:
    text, given = value if isinstance(value, list) else (value, {})
    for part in text.split("${")[1:]:
        name = part.split("}")[0].split(".")[0]
        if name not in given and not name.startswith("!"):
            yield name
    yield from references(list(given.values()))
