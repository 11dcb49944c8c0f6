"""The watcher's alarm clock on one machine: a file, for the processes there."""

from pathlib import Path


class FileAlarm:
    """Set while the file is there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set(self) -> None:
        """Create the file; no effect where it is."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()

    def off(self) -> None:
        """Remove the file; no effect where there is none."""
        self._path.unlink(missing_ok=True)

    def ringing(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()
