"""Copies of a bot's data, so that what is dear to prepare is prepared once."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copied(data: Path, folder: Path) -> Path:
    """`data` in `folder`, over what is there; the copy's place.

    SQLite copies its own files: those beside a database go when its last connection is collected,
    which may be while they are copied, and one that is open does not see its file change.
    """
    databases = shutil.ignore_patterns("*.sqlite", "*.sqlite-wal", "*.sqlite-shm")
    shutil.copytree(data, folder, ignore=databases, dirs_exist_ok=True)
    for file in sorted(data.glob("*.sqlite")):
        place = folder / file.name
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(place)) as target:
            source.backup(target)
    return folder
