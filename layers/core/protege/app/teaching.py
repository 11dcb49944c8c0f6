"""What people bring in and ask for: corrections, files, wishes; each built when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where it is built: the ingress never needs most of it
    from collections.abc import Iterable, Iterator

    from protege.answers import Answers
    from protege.app.ground import Ground
    from protege.archives import Archives
    from protege.attachments import Attachments
    from protege.chat import Instructions
    from protege.datasets.library import Library
    from protege.datasets.rows import Problem, Row
    from protege.datasets.versions import Versions
    from protege.forgetting import Forgetting
    from protege.lessons import Lessons
    from protege.limits import Limits
    from protege.proposals.register import Proposals
    from protege.settings import Settings
    from protege.sharing import Sharing
    from protege.shelves import Shelves
    from protege.spending import Spending
    from protege.training.jobs import Jobs


class Teaching:
    """What stands without a model. `on`: what it all stands on, itself out of a handler's reach."""

    def __init__(self, on: "Ground") -> None:
        self._on = on

    @cached_property
    def attachments(self) -> "Attachments":
        """Files that people handed over."""
        from protege.attachments import Attachments

        config = self._on.config
        more = frozenset(h.strip() for h in config.attachment_hosts.split(",") if h.strip())
        return Attachments(more, config.attachment_max_mb)

    @cached_property
    def answers(self) -> "Answers":
        """Answers given, and how people took them."""
        from protege.answers import Answers

        return Answers(self._on.records, self._on.config.answer_days)

    @cached_property
    def instructions(self) -> "Instructions":
        """What a guild tells the bot about itself."""
        from protege.chat import Instructions

        return Instructions(self._on.records)

    @cached_property
    def lessons(self) -> "Lessons":
        """Corrections."""
        from protege.lessons import Lessons

        return Lessons(self._on.records, self._on.embedder)

    @cached_property
    def forgetting(self) -> "Forgetting":
        """What must not be used any more."""
        from protege.forgetting import Forgetting

        return Forgetting(self._on.records)

    @cached_property
    def proposals(self) -> "Proposals":
        """Corrections, and what trainers decide about them."""
        from protege.proposals.register import Proposals

        return Proposals(self._on.records, self.lessons, self.forgetting)

    @cached_property
    def settings(self) -> "Settings":
        """Who may teach, and when it counts."""
        from protege.settings import Settings

        return Settings(self._on.records)

    @cached_property
    def spending(self) -> "Spending":
        """What models cost, and may."""
        from protege.spending import Budget, Spending

        on = self._on
        most = Budget(on.config.guild_budget_usd, on.config.guild_budget_tokens)
        embeds = on.config.embedder.startswith("openai:")
        return Spending(on.records, self.settings, on.prices, most, embeds=embeds)

    @cached_property
    def limits(self) -> "Limits":
        """How often one may come."""
        from protege.limits import Limits, Rates

        on = self._on
        most = Rates(on.config.rate_person, on.config.rate_guild)
        return Limits(on.records, self.settings, most, lambda: on.now())

    @cached_property
    def library(self) -> "Library":
        """A guild's training files."""
        from protege.datasets.library import Library

        return Library(self._on.files, self._on.records, _read)

    @cached_property
    def versions(self) -> "Versions":
        """Frozen datasets."""
        from protege.datasets.versions import Versions

        return Versions(self._on.files, self._on.records)

    @cached_property
    def sharing(self) -> "Sharing":
        """Files handed out."""
        from protege.sharing import Sharing

        return Sharing(self._on.files)

    @cached_property
    def shelves(self) -> "Shelves":
        """A guild's own files, to choose from."""
        from protege.shelves import Shelves

        return Shelves(self._on.listing)

    @cached_property
    def jobs(self) -> "Jobs":
        """Training jobs."""
        from protege.training.jobs import Jobs

        return Jobs(self._on.files, self._on.records, self._on.queue)

    @cached_property
    def archives(self) -> "Archives":
        """Folders as ZIP files."""
        from protege.archives import Archives

        return Archives(self._on.files, self.jobs)


def _read(chunks: "Iterable[bytes]", name: str) -> "Iterator[Row | Problem]":
    """Reading is loaded when there is something to read: the ingress only names folders."""
    from protege.datasets.reading import read

    return read(chunks, name)
