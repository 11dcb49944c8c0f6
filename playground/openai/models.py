"""Which models there are, what each can do and when it ends.

Source: the provider's page of deprecations and its list of models, as of 2026-11-21.
"""

from typing import NamedTuple

from playground.openai.errors import no_model
from playground.openai.store import Json, Shelf

CREATED = 1_750_000_000


class Model(NamedTuple):
    """One of the provider's own."""

    kind: str = "chat"
    tunable: bool = False
    reasons: bool = False
    """Whether it thinks before it answers unless it is told not to."""
    ends: str | None = None
    """Date of its shutdown, where one is announced."""


_OLD = "2027-01-14"
_LAST_SPEECH = "2027-01-06"
_LAST_HEARING = "2027-02-26"
MODELS = {
    "gpt-6-luna": Model(reasons=True),
    "gpt-6.1-terra": Model(reasons=True),
    "gpt-6.1-sol": Model(reasons=True),
    "gpt-6-astra": Model(reasons=True),
    "gpt-5": Model(reasons=True, ends="2026-12-11"),
    "gpt-5-mini": Model(reasons=True, ends="2026-12-11"),
    "gpt-5-nano": Model(reasons=True, ends="2026-12-11"),
    "gpt-4.1-2025-04-14": Model(tunable=True, ends=_OLD),
    "gpt-4.1-mini-2025-04-14": Model(tunable=True, ends=_OLD),
    "gpt-4.1-nano-2025-04-14": Model(tunable=True, ends=_OLD),
    "gpt-4o-2024-08-06": Model(tunable=True, ends=_OLD),
    "gpt-4o-mini-2024-07-18": Model(tunable=True, ends=_OLD),
    "text-embedding-3-small": Model("embedding"),
    "text-embedding-3-large": Model("embedding"),
    "omni-moderation-latest": Model("moderation"),
    "gpt-transcribe": Model("audio"),
    "gpt-4o-transcribe": Model("audio", ends=_LAST_HEARING),
    "gpt-4o-mini-transcribe": Model("audio", ends=_LAST_HEARING),
    "whisper-1": Model("audio", ends=_LAST_HEARING),
    "tts-1": Model("speech", ends=_LAST_SPEECH),
    "tts-1-hd": Model("speech", ends=_LAST_SPEECH),
    "gpt-4o-mini-tts": Model("speech", ends=_LAST_SPEECH),
    "gpt-4o-mini-tts-2025-12-15": Model("speech", ends=_LAST_SPEECH),
    "gpt-realtime-2.1": Model("realtime", reasons=True),
    "gpt-realtime-2.1-mini": Model("realtime", reasons=True),
    "gpt-realtime-mini": Model("realtime", ends="2027-01-20"),
}
ALIASES = {
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
    "gpt-4o": "gpt-4o-2024-08-06",
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
}


def base(id: str) -> str:
    """Of a tuned model the one it was made from, else the id without its alias."""
    plain = id.split(":")[1] if id.startswith("ft:") else id
    return ALIASES.get(plain, plain)


def known(id: str, kind: str, tuned: Shelf) -> str:
    """The model's id without an alias. Raises ApiError (404) where there is none of that kind."""
    found = id if id.startswith("ft:") else base(id)
    there = tuned.get(found) is not None if found.startswith("ft:") else found in MODELS
    if not there or MODELS[base(found)].kind != kind:
        raise no_model(id)
    return found


def shown(id: str, created: int = CREATED, owner: str = "system") -> Json:
    """The object that the API lists."""
    ends = MODELS[base(id)].ends
    about = {"id": id, "object": "model", "created": created, "owned_by": owner}
    return {**about, "shutdown_date": ends}
