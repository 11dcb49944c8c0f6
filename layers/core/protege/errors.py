"""Errors raised on purpose.

* BotError
  - UserError      the person can fix it; its text is shown to them
  - Malformed      signed, but not an interaction that Discord would send
  - Missing        no such file or record
  - Conflict       a conditional write met another's
  - Unavailable    a provider, Discord or AWS is down; worth another try
  - Gone           Discord no longer knows the message, channel or interaction
"""

from protege.text import Text


class BotError(Exception):
    """Base of every error this package raises on purpose."""


class UserError(BotError):
    """The person can fix this: `text`, its {fields} filled from `values`, is shown to them."""

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(text.to("en", **values))
        self.text = text
        self.values = values

    def to(self, locale: str) -> str:
        """What the person reads, in their language."""
        return self.text.to(locale, **self.values)


class Malformed(BotError):
    """The bytes are signed, yet are no interaction."""


class Missing(BotError):
    """There is no file or record under that name."""


class Conflict(BotError):
    """Another writer was first: read again, then decide."""


class Unavailable(BotError):
    """A service is down; the same call may succeed later."""


class Gone(BotError):
    """Discord no longer knows the message, channel or interaction."""
