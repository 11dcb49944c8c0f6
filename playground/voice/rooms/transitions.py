"""Transitions of a group: announced, prepared by everybody, executed together."""

MOST = 65_000


class Transitions:
    """Numbered from 1; 0 is the one that needs no preparation."""

    def __init__(self) -> None:
        self._last = 0
        self._turned = False
        self._waiting: dict[int, set[str]] = {}

    @property
    def running(self) -> bool:
        """Whether somebody still prepares one."""
        return bool(self._waiting)

    def begin(self, users: list[str]) -> int:
        """Announce one to these; returns its number."""
        self._turned = self._turned or self._last == MOST
        self._last = self._last % MOST + 1
        self._waiting[self._last] = set(users)
        return self._last

    def known(self, id: int) -> bool:
        """Whether it was ever announced."""
        return id == 0 or id <= self._last or (self._turned and id <= MOST)

    def ready(self, user: str, id: int) -> bool:
        """Somebody is ready; True for the last of them."""
        waiting = self._waiting.get(id)
        if waiting is None or user not in waiting:
            return False
        waiting.discard(user)
        return not waiting

    def gone(self, user: str) -> list[int]:
        """Somebody left; the transitions that waited for them alone."""
        return [id for id in list(self._waiting) if self.ready(user, id)]

    def late(self, id: int) -> list[str]:
        """Who still prepares it."""
        return sorted(self._waiting.get(id, ()))

    def end(self, id: int) -> None:
        """It is executed."""
        self._waiting.pop(id, None)
