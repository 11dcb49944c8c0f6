"""Files: their bytes and what is known of them."""

from pathlib import Path

from playground.openai.journal import now
from playground.openai.store import Json, Shelf, fresh


class Files:
    """`processing_s`: how long a fresh file is only `uploaded`."""

    def __init__(self, folder: Path, processing_s: float) -> None:
        self._shelf = Shelf(folder / "files")
        self._contents = folder / "contents"
        self._contents.mkdir(exist_ok=True)
        self._processing_s = processing_s

    def add(self, name: str, purpose: str, content: bytes) -> Json:
        """Keep it."""
        file: Json = {
            "id": fresh("file-"),
            "object": "file",
            "bytes": len(content),
            "created_at": now(),
            "expires_at": None,
            "filename": name,
            "purpose": purpose,
            "status": "uploaded",
            "status_details": None,
        }
        (self._contents / file["id"]).write_bytes(content)
        self._shelf.put(file)
        return self._aged(file)

    def get(self, id: str) -> Json | None:
        """What is known of it."""
        found = self._shelf.get(id)
        return self._aged(found) if found else None

    def content(self, id: str) -> bytes | None:
        """Its bytes."""
        path = self._contents / id
        return path.read_bytes() if self._shelf.get(id) and path.exists() else None

    def all(self) -> list[Json]:
        """Newest first."""
        return [self._aged(file) for file in self._shelf.all()]

    def drop(self, id: str) -> bool:
        """Whether it was there."""
        there = self._shelf.drop(id)
        if there:
            (self._contents / id).unlink(missing_ok=True)
        return there

    def _aged(self, file: Json) -> Json:
        done = now() - file["created_at"] >= self._processing_s
        return {**file, "status": "processed" if done else "uploaded"}
