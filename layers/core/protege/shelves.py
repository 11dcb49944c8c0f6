"""A guild's own files as people see them: paths below the guild's folder, and no others."""

from collections import deque
from collections.abc import Iterator

from protege.datasets import paths
from protege.errors import UserError
from protege.storage import Listing
from protege.text import Text

MOST = 25
"""Suggestions that Discord shows."""
LOOKS = 8
"""Folders looked into for one suggestion: a person waits, and Discord only for three seconds."""
AT_ONCE = 100
HIDDEN = "jobs/"
"""Working files of jobs: nothing a person would ask for."""
VOICES = "voice/"
"""What people said aloud, where the rules keep it: theirs, and handed to nobody else."""
NO_FILE = Text(en="There is no file “{path}” here.", ru="Файла «{path}» здесь нет.")


class Shelves:
    """Finds files and folders; `space` is the guild in every call."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    def find(self, space: str, path: str) -> str:
        """The path of a file that is there. Raises UserError (unsafe, or no such file)."""
        cleaned = paths.clean(path)
        if cleaned not in self._below(space, cleaned):
            raise UserError(NO_FILE, path=cleaned)
        return cleaned

    def files(self, space: str, typed: str) -> list[str]:
        """Files and, to go on from, folders whose paths contain what was typed."""
        return self._matching(space, typed, folders_only=False)

    def folders(self, space: str, typed: str) -> list[str]:
        """Folders whose paths contain what was typed, without a slash at the end."""
        return [path[:-1] for path in self._matching(space, typed, folders_only=True)]

    def _matching(self, space: str, typed: str, *, folders_only: bool) -> list[str]:
        found: dict[str, None] = {}
        for path in self._walk(space, typed):
            wanted = path.endswith("/") or not folders_only
            if wanted and typed.lower() in path.lower():
                found[path] = None
        return sorted(found, key=lambda path: (path.endswith("/") and not folders_only, path))[
            :MOST
        ]

    def _walk(self, space: str, typed: str) -> Iterator[str]:
        """What begins as typed, then whatever a few looks into folders show."""
        try:
            start = paths.clean(typed.removesuffix("/")) if typed else ""
        except UserError:
            return
        exact = self._below(space, start + "/" * typed.endswith("/"))
        yield from exact
        left = deque(["", *(path for path in exact if path.endswith("/"))])
        for _ in range(LOOKS):
            if not left:
                return
            inside = self._below(space, left.popleft())
            yield from inside
            left.extend(path for path in inside if path.endswith("/"))

    def _below(self, space: str, start: str) -> list[str]:
        root = f"guilds/{space}/"
        found = (key[len(root) :] for key in self._listing.browse(root + start, AT_ONCE))
        return [path for path in found if path != HIDDEN and not path.startswith(VOICES)]
