"""What five tools find wrong with the stack, and which of that we accept for a reason.

`make template` (`python -m tools.stack`) fails on what `exceptions.toml` does not name, and on what
it names for nothing.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

EXCEPTIONS = Path(__file__).parent / "exceptions.toml"
LEAST_REASON = 20
"""Characters below which it gives no reason."""


class Finding(NamedTuple):
    """What a tool says. `resource`: its logical id; empty for the template as a whole."""

    tool: str
    rule: str
    resource: str
    text: str


class Accepted(NamedTuple):
    """A rule that may be broken, where, and why."""

    tool: str
    rule: str
    resources: tuple[str, ...]
    reason: str


def accepted(path: Path = EXCEPTIONS) -> list[Accepted]:
    """What is written down. Raises KeyError, TOMLDecodeError."""
    found = tomllib.loads(path.read_text())["accepted"]
    return [Accepted(x["tool"], x["rule"], tuple(x["resources"]), x["reason"]) for x in found]


def objections(tool: str, found: Iterable[Finding], may: Iterable[Accepted]) -> Iterator[str]:
    """What is to be mended: in the template, or among the exceptions."""
    found = list(found)
    open_ones = {(one.rule, place): one for one in may if one.tool == tool for place in places(one)}
    there = {(one.rule, one.resource) for one in found}
    for one in found:
        if (one.rule, one.resource) not in open_ones:
            yield f"{one.rule} {one.resource}: {one.text}"
    for (rule, resource), exception in open_ones.items():
        if (rule, resource) not in there:
            yield f"{rule} {resource}: accepted, but {tool} does not find it any more"
        if len(exception.reason.strip()) < LEAST_REASON:
            yield f"{rule} {resource}: accepted without a reason"


def places(one: Accepted) -> tuple[str, ...]:
    """Its resources; the template as a whole where it names none."""
    return one.resources or ("",)
