"""Paths that people type: always inside their own guild's folder, never anything else."""

import re
import unicodedata

from protege.errors import UserError
from protege.text import Text

LONGEST = 900
"""Bytes of a path in UTF-8: S3's 1,024 less the guild's prefix and what we add to names."""
PART = re.compile(r"[^/]{1,200}").fullmatch
LOOK_ALIKES = frozenset("⁄∕⧸／⧵＼․‥…．。｡﹒\u2024\u2025\u2026\ufe52\uff0e\u3002\uff61")
"""Characters that look like `/`, `\\` or `.` and are none."""
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
NO_PATH = Text(
    en="“{path}” is no path here: {why}. Give one inside this server's files, like `faq/june.csv`.",
    ru="«{path}» — не путь: {why}. Укажите путь к файлам этого сервера, например `faq/june.csv`.",
)
EMPTY = Text("it is empty", "он пустой")
ABSOLUTE = Text("it starts with /", "он начинается с /")
UPWARDS = Text(
    "a part of it is empty, or begins or ends with a dot or a space",
    "в нём есть пустая часть или часть с точкой или пробелом с краю",
)
BACKSLASH = Text("it has a backslash", "в нём обратная косая черта")
STRANGE = Text(
    "it has an invisible or look-alike character", "в нём невидимый или похожий на другой символ"
)
TOO_LONG = Text("it is too long", "он слишком длинный")
SHOWN = 60


def clean(path: str) -> str:
    """The path in its one spelling (NFC), relative to the guild's own folder.

    Raises UserError that says why for every path that could lead, or seem to lead, elsewhere.
    """
    found = unicodedata.normalize("NFC", path.strip())
    why = _fault(found)
    if why:
        shown = "".join(c if c.isprintable() else "�" for c in path[:SHOWN])
        raise UserError(NO_PATH, path=shown, why=why)
    return found


def folder(path: str) -> str:
    """The same for a folder: one trailing slash is forgiven."""
    return clean(path.removesuffix("/"))


def _fault(path: str) -> Text | None:
    parts = path.split("/")
    checks = (
        (not path, EMPTY),
        (path.startswith("/"), ABSOLUTE),
        ("\\" in path, BACKSLASH),
        (any(part in ("", ".", "..") or part != part.strip(" .") for part in parts), UPWARDS),
        (any(map(_strange, path)), STRANGE),
        (len(path.encode(errors="replace")) > LONGEST or not all(map(PART, parts)), TOO_LONG),
    )
    return next((why for wrong, why in checks if wrong), None)


def _strange(character: str) -> bool:
    """Whether a character is unseen, or turns into a separator when it is normalised."""
    if character in LOOK_ALIKES or unicodedata.category(character) in INVISIBLE:
        return True
    folded = unicodedata.normalize("NFKC", character)
    return folded != character and any(c in "/\\." for c in folded)
