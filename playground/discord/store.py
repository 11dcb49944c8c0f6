"""What the stand-in remembers over a restart: JSON objects by kind and id, in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import ItemsView, Iterator, MutableMapping, ValuesView
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Store:
    """The file. Every write is one transaction, so a crash leaves no half object."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute(
            "create table if not exists things"
            " (kind text, id text, body text not null, primary key (kind, id))"
        )

    def shelf(self, kind: str) -> "Shelf":
        """All objects of one kind."""
        with self._lock:
            rows = self._db.execute("select id, body from things where kind = ?", (kind,))
            return Shelf(self, kind, {id: json.loads(body) for id, body in rows})

    def put(self, kind: str, id: str, body: Json) -> None:
        """Write one object."""
        with self._lock:
            self._db.execute(
                "insert or replace into things values (?, ?, ?)", (kind, id, json.dumps(body))
            )

    def drop(self, kind: str, id: str) -> None:
        """Forget one object."""
        with self._lock:
            self._db.execute("delete from things where kind = ? and id = ?", (kind, id))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


class Shelf(MutableMapping[str, Json]):
    """A dict of objects that is written through; assign an object again after changing it."""

    def __init__(self, store: Store, kind: str, found: dict[str, Json]) -> None:
        self._store = store
        self._kind = kind
        self._found = found

    def __getitem__(self, id: str) -> Json:
        return self._found[id]

    def __setitem__(self, id: str, body: Json) -> None:
        self._store.put(self._kind, id, body)
        self._found[id] = body

    def __delitem__(self, id: str) -> None:
        del self._found[id]
        self._store.drop(self._kind, id)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._found))

    def values(self) -> ValuesView[Json]:
        """Of a copy: others may write meanwhile."""
        return dict(self._found).values()

    def items(self) -> ItemsView[str, Json]:
        """Of a copy, too."""
        return dict(self._found).items()

    def __len__(self) -> int:
        return len(self._found)
