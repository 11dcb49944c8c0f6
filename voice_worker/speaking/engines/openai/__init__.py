"""OpenAI's voices: the speech models while they last, realtime models after them."""

from collections.abc import Callable
from datetime import date

from protege.errors import BotError, Unavailable
from protege.providers import Usage
from protege.providers.refusals import Passing

Used = Callable[[str, Usage], None]
"""Is told a model and what was used of it, in the thread that speaks: `spending.payer` is known."""
HZ = 24_000
"""Of the plain sound that they send (mono s16le)."""
VOICES = frozenset(
    ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
)
OLD_VOICES = frozenset(("fable", "onyx", "nova"))
"""Those that only the speech models have."""
USUAL = "marin"
LAST_DAY = date(2027, 1, 6)
ENDS = dict.fromkeys(
    (
        *("tts-1", "tts-1-hd", "gpt-4o-mini-tts"),
        *("gpt-4o-mini-tts-2025-03-20", "gpt-4o-mini-tts-2025-12-15"),
    ),
    LAST_DAY,
)
"""Source: the SDK's own documentation of `audio.speech.create`, and
https://developers.openai.com/api/docs/deprecations"""


def nobody(model: str, usage: Usage) -> None:
    """Nobody wants to know what was used."""


def down(error: BotError) -> BotError:
    """What another try may mend is Unavailable to who listens; the rest stays what it is."""
    return Unavailable(f"OpenAI: {error}") if isinstance(error, Passing) else error
