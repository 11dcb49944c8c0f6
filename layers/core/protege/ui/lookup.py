"""From an interaction to the action that answers it, loading no other.

Every command that the ingress imports costs all of them a cold start; so it looks into a table
(commands/table.py) and loads what it needs: mostly nothing, as the worker answers.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from protege.discord.interaction import Interaction, Kind

if TYPE_CHECKING:
    from protege.ui.declare import Action, Surface, When


class Entry(NamedTuple):
    """Where an action is declared, and what the ingress must know of it beforehand.

    `needs`: bits of `ui.declare.Permission`.
    """

    module: str
    handler: str
    runs: "When"
    needs: int
    private: bool

    def load(self) -> "Action":
        """The action itself; kept, as asking Python for a loaded module costs some of an ACK."""
        if self in _loaded:
            return _loaded[self]
        module = __import__(self.module, fromlist=[self.handler])
        found: Action = getattr(module, self.handler)
        _loaded[self] = found
        return found


_loaded: dict[Entry, "Action"] = {}
Table = Mapping[tuple[str, str], Entry]
"""Entries by surface and name."""


def find(table: Table, interaction: Interaction) -> Entry:
    """The action's entry, or that of the one which says politely that there is none."""
    return table.get((surface(interaction), interaction.name)) or table["slash", "unknown"]


def surface(interaction: Interaction) -> "Surface":
    """What a person touched."""
    kind = interaction.kind
    if kind is Kind.COMPONENT:
        return "button"
    if kind is Kind.MODAL:
        return "modal"
    return "message" if interaction.target else "slash"
