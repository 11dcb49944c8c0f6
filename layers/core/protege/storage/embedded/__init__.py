"""Storage on one machine: a folder and SQLite; safe for many threads and processes at once."""

from protege.storage.embedded.alarm import FileAlarm
from protege.storage.embedded.files import FolderFiles
from protege.storage.embedded.launcher import ChildLauncher
from protege.storage.embedded.links import Links
from protege.storage.embedded.queue import Entry, SqliteQueue
from protege.storage.embedded.records import SqliteRecords

__all__ = [
    "ChildLauncher",
    "Entry",
    "FileAlarm",
    "FolderFiles",
    "Links",
    "SqliteQueue",
    "SqliteRecords",
]
