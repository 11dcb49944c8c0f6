"""`make export-all`: everything of every server (or of one) into one archive.

What was deleted is not in it, nor what is on its way. The bot may run meanwhile: every record and
file is whole, and a file that a record tells of is younger than it or its equal.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from protege.errors import BotError, Missing, Unavailable
from tools.keeping.places import GUILDS, Place, pages, place
from tools.keeping.progress import Progress
from tools.keeping.rows import Row
from tools.keeping.tar import Changed, Damaged, Growing, begun, entries

FORMAT = 1
ABOUT, RECORDS, FILES = "about.json", "records/", "files/"
PAGE = 1000
TRIES = 5
"""How often a file may be replaced while it is being read."""


def export(source: Place, to: Path, guild: str = "") -> Progress:
    """Write the archive, or go on with one that was begun of the same; return what it holds.

    Raises Unavailable, OSError, FileExistsError where it is there already.
    """
    if to.exists():
        raise FileExistsError(f"{to} is there already")
    about = {"format": FORMAT, "from": source.name, "guild": guild}
    before = _about(begun(to))
    with Growing(to) as archive:
        goes_on = any(name.startswith(FILES) for name in archive.sums)
        if not goes_on or {name: before.get(name) for name in about} != about:
            archive.over()  # records are read in one go; what is another's is not mixed in
            _add(archive, ABOUT, json.dumps(about | {"at": int(time.time())}).encode())
            _records(archive, source.rows(), guild)
        found = _files(archive, source, guild)
        archive.finish()
    found.over()
    return found


def _about(part: Path) -> dict[str, Any]:
    """What an archive that was begun says of itself."""
    try:
        found: dict[str, Any] = json.load(next(entries(part)).body)
    except (OSError, Damaged, StopIteration, ValueError):
        return {}
    return found


def _records(archive: Growing, rows: Iterable[Row], guild: str) -> None:
    progress = Progress("records")
    wanted = (row for row in rows if row.moves and (not guild or row.guild == guild))
    for number, page in enumerate(pages(wanted, PAGE), 1):
        lines = [row.line().encode() for row in page]
        for line in lines:
            progress.add(len(line))
        _add(archive, f"{RECORDS}{number:06d}.jsonl", b"".join(lines))
    progress.over()


def _files(archive: Growing, source: Place, guild: str) -> Progress:
    progress = Progress("files")
    for stat in source.files.list(f"{GUILDS}{guild}/" if guild else GUILDS):
        if FILES + stat.key not in archive.sums:
            _file(archive, source, stat.key)
        progress.add(stat.size)
    return progress


def _file(archive: Growing, source: Place, key: str) -> None:
    for _ in range(TRIES):
        try:
            archive.add(FILES + key, source.files.stat(key).size, source.files.stream(key))
        except Changed:
            continue
        except Missing:  # deleted a moment ago
            return
        return
    raise Unavailable(f"{key} changes faster than it can be read")


def _add(archive: Growing, name: str, body: bytes) -> None:
    archive.add(name, len(body), [body])


def main(arguments: list[str]) -> int:
    """0 where the archive is whole."""
    parser = argparse.ArgumentParser("tools.keeping.export", description=__doc__)
    parser.add_argument("--stack", default="", help="on AWS; else the folder is read")
    parser.add_argument("--table", default="", help="of the stack's account, in place of its own")
    parser.add_argument("--folder", default=".data", help="DATA_DIR of a bot on one machine")
    parser.add_argument("--guild", default="", metavar="ID", help="only this server")
    parser.add_argument("--to", default="", metavar="FILE")
    asked = parser.parse_args(arguments)
    to = Path(asked.to or _usual(asked.stack or "machine", asked.guild))
    try:
        export(place(asked.stack, asked.folder, table=asked.table), to, asked.guild)
    except FileExistsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (BotError, OSError) as error:
        sys.stderr.write(f"{error}\nNothing is lost: the same command goes on from here.\n")
        return 1
    print(to)
    return 0


def _usual(name: str, guild: str) -> str:
    parts = [name, *filter(None, [guild]), time.strftime("%Y-%m-%d", time.gmtime())]
    return f"backups/{'-'.join(parts)}.tar"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
