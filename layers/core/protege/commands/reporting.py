"""The report on training data: made while the rows go by, told with the answer."""

from typing import TYPE_CHECKING

from protege.context import Context
from protege.discord.reply import File
from protege.text import Text

if TYPE_CHECKING:
    from protege.datasets.rows import Problem, Row

LONGEST_REPORT = 1650
"""Characters; a progress bar and two sentences stand in the same message of 2,000."""
LEAST_DRAWN = 5
"""A picture of fewer rows says nothing."""
PICTURE = "lengths.png"
REJECTS = "rejected_rows.csv"
MEND = Text(
    "\n📎 Mend the rows in `{name}` and hand it in with /train.{more}",
    "\n📎 Исправьте строки в `{name}` и отправьте его через /train.{more}",
)
MORE = Text(" ({n} more did not fit in.)", " (Ещё {n} не поместились.)")


class Inspection:
    """Sees each row once, whether it can be used or not."""

    def __init__(self, ctx: Context) -> None:
        from protege.datasets.report import MOST_BYTES, Inspector, Rejects

        self._locale = ctx.interaction.locale
        self._inspector = Inspector()
        room = min(MOST_BYTES, ctx.interaction.attachment_limit // 2)
        self._rejects = Rejects(self._locale, room)

    def see(self, item: "Row | Problem") -> None:
        """Look at the next one."""
        from protege.datasets.rows import Problem

        self._inspector.see(item)
        if isinstance(item, Problem):
            self._rejects.see(item)

    def words(self) -> str:
        """What was found and what to do, some 1,800 characters at most."""
        from protege.datasets.report import words

        said = words(self._inspector.report(), self._locale, longest=LONGEST_REPORT)
        if not self._rejects.kept:
            return said
        left = self._rejects.left_out
        more = MORE.to(self._locale, n=left) if left else ""
        return said + MEND.to(self._locale, name=REJECTS, more=more)

    def files(self) -> tuple[File, ...]:
        """The picture of lengths, and the rejected rows where there are any."""
        from protege.datasets.report import picture

        report, files = self._inspector.report(), []
        if report.good >= LEAST_DRAWN:
            files.append(File(PICTURE, picture(report, self._locale), "image/png"))
        if self._rejects.kept:
            files.append(File(REJECTS, self._rejects.body(), "text/csv; charset=utf-8"))
        return tuple(files)
