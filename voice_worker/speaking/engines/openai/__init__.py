"""OpenAI's voices: the speech models while they last, realtime models after them."""

from collections.abc import Callable

from protege.errors import BotError, Unavailable
from protege.providers import Usage
from protege.providers.ending import SPEECH
from protege.providers.refusals import Passing

Used = Callable[[str, Usage], None]
"""Is told a model and what was used of it, in the thread that speaks: `spending.payer` is known."""
HZ = 24_000
"""Of the plain sound that they send (mono s16le)."""
USUAL = "marin"
ENDS = SPEECH
LAST_DAY = max(ENDS.values())


def nobody(model: str, usage: Usage) -> None:
    """Nobody wants to know what was used."""


def down(error: BotError) -> BotError:
    """What another try may mend is Unavailable to who listens; the rest stays what it is."""
    return Unavailable(f"OpenAI: {error}") if isinstance(error, Passing) else error
