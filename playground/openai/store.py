"""Where the server keeps its objects: a folder, so that it finds them again after a restart."""

import json
import secrets
import string
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
LETTERS = string.ascii_letters + string.digits


def fresh(prefix: str, length: int = 24) -> str:
    """An id that nothing has yet."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))


class Shelf:
    """Objects of one kind, each a JSON file, in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        read = [json.loads(path.read_text()) for path in folder.glob("*.json")]
        self._kept = {it["id"]: it for it in sorted(read, key=lambda it: it["_nr"])}
        self._last = max((it["_nr"] for it in read), default=0)

    def put(self, thing: Json) -> None:
        """Add it, or replace what has its id."""
        with self._lock:
            known = self._kept.get(thing["id"])
            self._last += known is None
            kept = {**thing, "_nr": known["_nr"] if known else self._last}
            self._write(kept)
            self._kept[thing["id"]] = kept

    def change(self, id: str, **fields: Any) -> Json:
        """Set fields of what is there. Raises KeyError."""
        with self._lock:
            kept = {**self._kept[id], **fields}
            self._write(kept)
            self._kept[id] = kept
        return _shown(kept)

    def move(self, id: str, states: Collection[str], **fields: Any) -> bool:
        """Set fields, but only while its `status` is one of these. Raises KeyError."""
        with self._lock:
            if self._kept[id]["status"] not in states:
                return False
            kept = {**self._kept[id], **fields}
            self._write(kept)
            self._kept[id] = kept
        return True

    def get(self, id: str) -> Json | None:
        """What has this id."""
        with self._lock:
            found = self._kept.get(id)
            return _shown(found) if found else None

    def all(self) -> list[Json]:
        """Everything, newest first."""
        with self._lock:
            return [_shown(kept) for kept in reversed(self._kept.values())]

    def drop(self, id: str) -> bool:
        """Whether it was there to be removed."""
        with self._lock:
            self._path(id).unlink(missing_ok=True)
            return self._kept.pop(id, None) is not None

    def _path(self, id: str) -> Path:
        return self._folder / f"{id.replace(':', '_').replace('/', '_')}.json"

    def _write(self, kept: Json) -> None:
        path = self._path(kept["id"])
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(kept))
        draft.replace(path)


class Diary:
    """Lines that are only ever added, one file for each subject."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()

    def add(self, subject: str, line: Json) -> None:
        """Write a line."""
        with self._lock, (self._folder / f"{subject}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def lines(self, subject: str) -> list[Json]:
        """All lines, oldest first; one that a crash cut short is left out."""
        with self._lock:
            path = self._folder / f"{subject}.jsonl"
            return list(_whole(path)) if path.exists() else []


def _whole(path: Path) -> Iterator[Json]:
    for line in path.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            yield json.loads(line)


def _shown(kept: Json) -> Json:
    return {name: value for name, value in kept.items() if name != "_nr"}
