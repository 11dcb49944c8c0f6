"""Everything a handler may reach."""

from typing import TYPE_CHECKING, Any, Protocol

from protege.discord.interaction import Interaction
from protege.discord.reply import Button, Field, Form
from protege.text import Text

if TYPE_CHECKING:  # the ingress builds a context too, and must not load any of these
    from collections.abc import Sequence

    from protege.answers import Answers
    from protege.archives import Archives
    from protege.arena import Arena
    from protege.attachments import Attachments
    from protege.chat import Chat, Instructions
    from protege.comparing import Comparing
    from protege.datasets.library import Library
    from protege.datasets.versions import Versions
    from protege.lessons import Lessons
    from protege.lineage import Lineage
    from protege.models import Models
    from protege.privacy import Privacy
    from protege.promotion import Promotion
    from protege.proposals.register import Proposals
    from protege.settings import Settings
    from protege.sharing import Sharing
    from protege.shelves import Shelves
    from protege.spending import Spending
    from protege.testing import Tests
    from protege.training.jobs import Jobs
    from protege.training.methods import Methods
    from protege.ui.declare import Action


class Features(Protocol):
    """What the bot can do, built when first asked for."""

    @property
    def answers(self) -> "Answers":
        """Answers given, and how people took them."""

    @property
    def archives(self) -> "Archives":
        """Folders as ZIP files."""

    @property
    def shelves(self) -> "Shelves":
        """A guild's own files, to choose from."""

    @property
    def attachments(self) -> "Attachments":
        """Files that people handed over."""

    @property
    def chat(self) -> "Chat":
        """Answers."""

    @property
    def instructions(self) -> "Instructions":
        """What a guild tells the bot about itself."""

    @property
    def lineage(self) -> "Lineage":
        """Versions on record, and which of them answers."""

    @property
    def comparing(self) -> "Comparing":
        """Versions on the same questions."""

    @property
    def promotion(self) -> "Promotion":
        """Which version answers."""

    @property
    def arena(self) -> "Arena":
        """Versions against each other, blind."""

    @property
    def jobs(self) -> "Jobs":
        """Training jobs."""

    @property
    def methods(self) -> "Methods":
        """The ways to train that can be used here."""

    @property
    def lessons(self) -> "Lessons":
        """Corrections."""

    @property
    def models(self) -> "Models":
        """Model versions."""

    @property
    def privacy(self) -> "Privacy":
        """What a person contributed."""

    @property
    def proposals(self) -> "Proposals":
        """Corrections, and what trainers decide about them."""

    @property
    def settings(self) -> "Settings":
        """Who may teach, and when it counts."""

    def warnings(self) -> "Sequence[Text]":
        """What an operator should know: configured models that end soon."""

    @property
    def spending(self) -> "Spending":
        """What models cost, and may."""

    @property
    def library(self) -> "Library":
        """A guild's training files."""

    @property
    def sharing(self) -> "Sharing":
        """Files handed out."""

    @property
    def tests(self) -> "Tests":
        """Trials on rows whose answers are known, or not."""

    @property
    def versions(self) -> "Versions":
        """Frozen datasets."""


class Context:
    """One interaction, and the features to answer it with (`ctx.bot.chat` ...)."""

    def __init__(self, interaction: Interaction, bot: Features) -> None:
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
