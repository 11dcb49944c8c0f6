"""JSON as text, quickly: `json.dumps` makes an encoder for each value, also where it is given one.

What makes it, `json.encoder.c_make_encoder`, is not documented; where it is not there, or is made
in another way, the documented one answers, with the same text.
"""

import json
from collections.abc import Callable
from json import encoder
from typing import Any

SLOW = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=str).encode


def _quick() -> Callable[[Any], str] | None:
    try:
        make: Any = encoder.c_make_encoder  # type: ignore[attr-defined]
        made = make(None, str, encoder.encode_basestring, None, ": ", ", ", False, False, True)
        trial = {"a": [1, "é\n", 2.5, True, None, {}]}
        if "".join(made(trial, 0)) != SLOW(trial):
            return None
    except (AttributeError, TypeError, ValueError):
        return None
    join = "".join
    return lambda value: join(made(value, 0))


encode: Callable[[Any], str] = _quick() or SLOW
"""The text of a value; what JSON does not know becomes `str` of it. Raises ValueError for a text
that is no Unicode, RecursionError where it nests too deep."""
