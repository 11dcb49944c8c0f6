"""What a person wrote, given back where a refusal would else lose it."""

from typing import TYPE_CHECKING

from protege.text import Text

if TYPE_CHECKING:
    from protege.discord.interaction import Interaction
    from protege.ui.declare import Action

FENCE, INSIDE = "```", "`\u200b``"
"""What begins and ends a block, and what looks like it and does not."""
YOURS = Text(
    "So that nothing is lost, this is what you wrote:",
    "Чтобы ничего не пропало, вот что вы написали:",
)
SHORT = 200
"""Options with room for no more characters are names, not somebody's words."""


def given_back(action: "Action", interaction: "Interaction") -> str:
    """Their own words as blocks that are easily copied, on lines of their own; "" where none."""
    wordy = (p.name for p in action.parameters if not p.option.suggest and p.option.longest > SHORT)
    given = (interaction.values.get(name) for name in wordy)
    words = (value.strip() for value in given if isinstance(value, str))
    blocks = [f"{FENCE}\n{text.replace(FENCE, INSIDE)}\n{FENCE}" for text in words if text]
    return "\n".join(["", YOURS.to(interaction.locale), *blocks]) if blocks else ""
