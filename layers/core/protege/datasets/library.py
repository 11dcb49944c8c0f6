"""A guild's training files: kept under its own prefix, found by folder."""

import json
import re
from collections.abc import Iterator, Sequence

from protege.datasets.rows import Row
from protege.errors import UserError
from protege.storage import Files, Records
from protege.text import Text

FOLDER = re.compile(r"[\w][\w .-]{0,63}(/[\w][\w .-]{0,63}){0,7}").fullmatch
BAD_FOLDER = Text(
    en="“{name}” is no folder name. Use letters, digits, spaces, - _ . and / between folders.",
    ru="«{name}» не годится. Имя папки: буквы, цифры, пробелы, - _ . и / между папками.",
)
NO_FOLDER = Text(
    en="There is no folder “{name}” with training data here.",
    ru="Папки «{name}» с учебными данными здесь нет.",
)


class Library:
    """Files of every guild; `space` is the guild in every call."""

    def __init__(self, files: Files, records: Records) -> None:
        self._files = files
        self._records = records

    def keep(self, space: str, folder: str, id: str, name: str, body: bytes) -> str:
        """Store an uploaded file in a folder; return its key. Raises UserError."""
        safe = re.sub(r"[^\w.-]", "_", name)[-80:] or "data"
        key = f"{self._prefix(space, folder)}{id}-{safe}"
        self._files.write(key, body)
        self._records.put(f"folder#{space}", folder, {"latest": key})
        return key

    def folders(self, space: str, typed: str, limit: int = 25) -> list[str]:
        """Names of the guild's folders that contain what was typed."""
        found = (record.id for record in self._records.find(f"folder#{space}"))
        return [name for name in found if typed.lower() in name.lower()][:limit]

    def read(self, space: str, folder: str) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of every file in a folder. Raises UserError where there is none."""
        names = list(self._files.names(self._prefix(space, folder)))
        if not names:
            raise UserError(NO_FOLDER, name=folder)
        for name in names:
            yield name.rpartition("/")[2], self._files.read(name)

    def _prefix(self, space: str, folder: str) -> str:
        if not FOLDER(folder) or ".." in folder:
            raise UserError(BAD_FOLDER, name=folder[:100])
        return f"guilds/{space}/datasets/{folder}/"


def pack(rows: Sequence[Row]) -> bytes:
    """Rows as JSONL."""
    return "".join(json.dumps(row._asdict(), ensure_ascii=False) + "\n" for row in rows).encode()


def unpack(body: bytes) -> list[Row]:
    """Rows from `pack`."""
    return [Row(**json.loads(line)) for line in body.decode().splitlines()]
