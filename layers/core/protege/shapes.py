"""What was kept, as its NamedTuple again: fields that only a newer version of the bot knows are
passed over, so that a rollback of the code can go on with what was written before it."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeVar

Shape = TypeVar("Shape", bound=NamedTuple)


def shaped(kind: type[Shape], fields: Mapping[str, Any]) -> Shape:
    """From fields by name. Raises TypeError where one without a default is missing."""
    make: Callable[..., Shape] = kind
    if fields.keys() <= set(kind._fields):
        return make(**fields)
    return make(**{name: value for name, value in fields.items() if name in kind._fields})


def in_order(kind: type[Shape], values: Iterable[Any]) -> Shape:
    """From values in the fields' order: newer fields come last. Raises as `shaped`."""
    make: Callable[..., Shape] = kind
    return make(*islice(values, len(kind._fields)))
