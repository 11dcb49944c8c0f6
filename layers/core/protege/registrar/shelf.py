"""The commands that Discord keeps for an application, or for it in one guild."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from protege.discord.rest import Discord, Refused
from protege.errors import BotError, Gone, Unavailable
from protege.journal import note
from protege.registrar.comparing import (
    ENTRY_POINT,
    Command,
    Difference,
    difference,
    plain,
    sendable,
)
from protege.registrar.invitation import invitation

FEW = 5
"""Up to here each command is sent by itself; more are one call. Of 200 new commands a day, which
is all that Discord allows, neither takes more than there are new ones."""
RESERVE_S = 25.0
"""What is left for putting back what was, and for saying so."""


class NoAccess(Unavailable):
    """The application is not in that guild, or may have no commands there."""


class Registered(NamedTuple):
    """What became of the commands, by name."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many there are now."""
        return len(self.created) + len(self.changed) + len(self.left)


class Shelf:
    """`left_s`: how many seconds this process may still run."""

    def __init__(
        self,
        discord: Discord,
        application: str,
        guild: str = "",
        left_s: Callable[[], float] = lambda: 300.0,
    ) -> None:
        self._discord = discord
        self._application = application
        self._guild = guild
        self._left_s = left_s
        place = f"/applications/{application}" + (f"/guilds/{guild}" if guild else "")
        self._path = f"{place}/commands"

    def all(self) -> list[Command]:
        """What is registered, with all languages: Discord leaves them out unless asked. Raises
        NoAccess."""
        try:
            found: list[Command] = self._discord.ask("GET", f"{self._path}?with_localizations=true")
        except Gone:
            link = invitation(self._application)
            where = f"server {self._guild}" if self._guild else "application"
            raise NoAccess(f"No access to this {where}; is the bot invited? {link}") from None
        return found

    def become(self, wanted: Sequence[Command], *, dry: bool = False) -> Registered:
        """Make `wanted` what is registered. When that fails, what was is put back, and the error
        (Unavailable, Gone) is raised again."""
        before = self.all()
        due = difference([sendable(c, self._guild) for c in wanted], before)
        if due.steps and not dry:
            self._bring_about(due, wanted, before)
            note("commands registered", guild=self._guild, changes=due.steps)
        created, changed, removed = map(_names, (due.created, due.changed, due.removed))
        return Registered(created, changed, removed, tuple(due.left))

    def clear(self) -> None:
        """Take all away. Where the application is not any more, nothing of it is left, either."""
        try:
            self._replace([])
        except Gone:
            note("no commands to clear", guild=self._guild)

    def _bring_about(
        self, due: Difference, wanted: Sequence[Command], before: list[Command]
    ) -> None:
        try:
            if due.steps > FEW:
                self._replace([*wanted, *_discords_own(before)])
            else:
                self._one_by_one(due)
        except BotError as error:
            self._put_back(before, error)
            raise Unavailable(f"{error}{_faults(error)}") from None

    def _one_by_one(self, due: Difference) -> None:
        """A command of a known name replaces that one; what goes, goes when all else is done."""
        for command in (*due.created, *due.changed):
            self._in_time()
            self._discord.ask("POST", self._path, command)
        for command in due.removed:
            self._in_time()
            self._discord.ask("DELETE", f"{self._path}/{command['id']}")

    def _replace(self, commands: Sequence[Command]) -> None:
        """All at once, or nothing."""
        self._in_time()
        self._discord.ask("PUT", self._path, [sendable(c, self._guild) for c in commands])

    def _in_time(self) -> None:
        in_time(self._left_s)

    def _put_back(self, before: list[Command], error: BotError) -> None:
        """Raises Unavailable where that fails, too."""
        try:
            if _alike(self.all(), before):
                return
            there = [sendable(c, self._guild) for c in before]
            self._discord.ask("PUT", self._path, there)
        except BotError as worse:
            raise Unavailable(f"{error}; nor could the old commands be put back: {worse}") from None
        note("commands put back", guild=self._guild, count=len(before))


def in_time(left_s: Callable[[], float]) -> None:
    """Raises Unavailable where what is left would not do for going on and going back."""
    if left_s() < RESERVE_S:
        raise Unavailable("Discord or the endpoint takes so long that no time is left to register")


def _faults(error: BotError) -> str:
    """What Discord says of single fields, such as ` 0.options.1.name: too long`."""
    return "".join(_lines(error.faults)) if isinstance(error, Refused) else ""


def _lines(faults: Any, path: str = "") -> Iterator[str]:
    if isinstance(faults, dict):
        for fault in faults.get("_errors", ()):
            yield f"; {path}: {fault.get('message')}"
        for name, inner in faults.items():
            yield from _lines(inner, f"{path}.{name}".lstrip("."))


def _names(commands: Sequence[Command]) -> tuple[str, ...]:
    return tuple(command["name"] for command in commands)


def _discords_own(commands: Sequence[Command]) -> list[Command]:
    return [command for command in commands if command.get("type") == ENTRY_POINT]


def _alike(some: Sequence[Command], others: Sequence[Command]) -> bool:
    def said(commands: Sequence[Command]) -> list[Any]:
        return sorted((plain(c) for c in commands), key=lambda c: (c["type"], c["name"]))

    return said(some) == said(others)
