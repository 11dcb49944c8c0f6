"""Everything a handler may reach."""

from typing import TYPE_CHECKING, Any

from protege.discord.interaction import Interaction
from protege.discord.reply import Button, Field, Form
from protege.text import Text

if TYPE_CHECKING:  # the ingress builds a context too, and must not load any of these
    from protege.app.features import Features as Features
    from protege.ui.declare import Action


class Context:
    """One interaction, and the features to answer it with (`ctx.bot.chat` ...)."""

    def __init__(self, interaction: Interaction, bot: "Features") -> None:
        self.interaction = interaction
        self.bot = bot

    @property
    def space(self) -> str:
        """Whose lessons these are: the guild's, or in a private chat the person's own."""
        return self.interaction.space

    def say(self, text: Text, **values: object) -> str:
        """A text in the language of the person."""
        return text.to(self.interaction.locale, **values)

    def button(
        self, action: "Action", argument: str = "", *, emoji: str = "", label: bool = True
    ) -> Button:
        """A button that leads to an action."""
        return Button(action.route(argument), self.say(action.title) if label else "", emoji)

    def form(self, action: "Action", argument: str = "", **filled: Any) -> Form:
        """A form that leads to an action, some of its fields already `filled`."""
        fields = (
            Field(
                p.name,
                self.say(p.option.about),
                p.option.long,
                p.required,
                filled.get(p.name, ""),
                p.option.longest,
            )
            for p in action.parameters
        )
        return Form(self.say(action.title), action.route(argument), tuple(fields))
