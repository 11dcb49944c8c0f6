"""What a trainer gave to learn from: text, a file, a folder, or what was selected before."""

from typing import TYPE_CHECKING, NamedTuple

from protege.commands.reading import arriving
from protege.commands.reporting import Inspection
from protege.context import Context
from protege.discord.interaction import Attachment
from protege.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protege.datasets.rows import Problem, Row

FOLDER = "uploads"


class Given(NamedTuple):
    """What the trainer gave; nothing at all means what was selected before."""

    text: str
    folder: str
    positive: bool
    file: Attachment | None

    @property
    def selected(self) -> bool:
        """Whether nothing was given now."""
        return not (self.text or self.folder or self.file)

    @property
    def source(self) -> str:
        """In a few words, for lists of jobs."""
        named = [self.file.filename] if self.file else [self.folder] if self.folder else []
        named += [f"“{self.text[:40]}”"] if self.text else []
        return " + ".join(named) or "/select_dataset"


class Gathered:
    """Rows on their way into a job: counted and inspected."""

    def __init__(
        self, items: "Iterable[tuple[Row | Problem, bool]]", inspection: Inspection
    ) -> None:
        self._items = items
        self._inspection = inspection
        self.count = self.rejected = 0
        self.given = False
        self.report, self.files = inspection.words, inspection.files

    def rows(self) -> "Iterator[Row]":
        """The good rows, those of what not to say turned into such."""
        from protege.datasets.rows import Row, negated

        for found, positive in self._items:
            self.given = True
            item = negated([found])[0] if isinstance(found, Row) and not positive else found
            self._inspection.see(item)
            if isinstance(item, Row):
                self.count += 1
                yield item
            else:
                self.rejected += 1


def items(ctx: Context, given: Given) -> "Iterator[tuple[Row | Problem, bool]]":
    """Rows with whether they say what to answer: of text, file and folder, else as selected."""
    from protege.datasets.reading import read

    if given.selected:
        yield from _selected(ctx)
    for items in (
        read([given.text.encode()], "") if given.text else (),
        _uploaded(ctx, given.folder or FOLDER, given.file) if given.file else (),
        ctx.bot.library.read(ctx.space, given.folder) if given.folder and not given.file else (),
    ):
        yield from ((item, given.positive) for item in items)


def _selected(ctx: Context) -> "Iterator[tuple[Row | Problem, bool]]":
    """Both selected versions, if there are any."""
    for side in (True, False):
        version = ctx.bot.versions.selected(ctx.space, side)
        if version:
            yield from ((row, side) for row in ctx.bot.versions.rows(ctx.space, version))


def _uploaded(ctx: Context, folder: str, attachment: Attachment) -> "Iterator[Row | Problem]":
    """Keep an attachment in a folder, then read it there. Raises UserError: it is no text; then
    it is not kept, as no training could ever read it."""
    from protege.datasets.rows import NotText

    person, id = ctx.interaction.user, ctx.interaction.id
    kept = ctx.bot.library.keep(
        ctx.space, folder, id, attachment.filename, arriving(ctx, attachment), person
    )
    try:
        yield from ctx.bot.library.read_file(ctx.space, kept)
    except NotText as error:
        ctx.bot.library.drop(ctx.space, kept)
        raise UserError(error.text, **{**error.values, "name": attachment.filename}) from error
