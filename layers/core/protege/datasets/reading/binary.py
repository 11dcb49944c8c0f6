"""Telling what is no text, by its first bytes.

Sources of the signatures: https://www.garykessler.net/library/file_sigs.html and each format's own
description.
"""

from protege.text import Text

PICTURE = Text("a picture", "картинка")
SOUND = Text("a recording", "звукозапись")
VIDEO = Text("a video", "видео")
DOCUMENT = Text("a document with a layout", "документ с разметкой")
OFFICE = Text(
    "an office document (save it as CSV or text)", "офисный документ (сохраните как CSV или текст)"
)
ARCHIVE = Text("an archive other than ZIP and gzip", "архив, но не ZIP и не gzip")
PROGRAM = Text("a program", "программа")
DATABASE = Text("a database", "база данных")
UNKNOWN = Text("binary data", "двоичные данные")

SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF87a", PICTURE),
    (b"GIF89a", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"%PDF-", Text("a PDF", "PDF")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (b"{\\rtf", DOCUMENT),
    (b"ID3", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"\x1aE\xdf\xa3", VIDEO),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\x7fELF", PROGRAM),
    (b"MZ\x90\0", PROGRAM),
    (b"SQLite format 3\0", DATABASE),
    (b"PAR1", DATABASE),
)
CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32)) + b"\x7f"


def kind(head: bytes) -> Text | None:
    """What the bytes are if they are clearly no text, else None. UTF-16 is the caller's affair."""
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF":
        return PICTURE if head[8:12] == b"WEBP" else SOUND
    if head[4:8] == b"ftyp":
        return VIDEO
    return UNKNOWN if head and _controls(head) > len(head) // 20 else None


def _controls(head: bytes) -> int:
    """How many bytes of it stand for nothing that a text holds."""
    return len(head) - len(head.translate(None, CONTROLS))
