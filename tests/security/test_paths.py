"""Path traversal: whatever people type, name or sign, files stay in their guild's own folder."""

import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from protege.datasets import paths
from protege.errors import Missing, UserError
from protege.storage.embedded import FolderFiles
from protege.storage.limits import check_key
from protege.storage.naming import attachment
from tests.person import GUILD, Person
from tests.security.tally import Attacks

ATTACK = "path traversal"
UP = (
    "..",
    "%2e%2e",
    "%252e%252e",
    "．．",
    "‥",
    "․․",
    "..%00",
    "..\x00",
    ". .",
    "..;",
    "....",
    ".. ",
)
BETWEEN = ("/", "\\", "//", "/./", "%2f", "%5c", "∕", "／", "⧸", "＼", "%c0%af", "\t/")
ENDS = ("etc/passwd", "guilds/78/datasets/faq", "records.sqlite", "links.key", "queue.sqlite")
WHOLE = (
    "/etc/passwd", "C:\\Windows\\win.ini", "\\\\server\\share", "//server/share", "~/.ssh/id_rsa",
    "file:///etc/passwd", "/proc/self/environ", "/dev/null", "CON", "NUL.txt", "faq\n../x", "",
    "faq\u202efdp.exe", "\ufefffaq", "faq/../../../78/datasets/faq", "./faq", "faq/.", "faq/./x",
    "s3://bucket/key", "a" * 100_000, "a/" * 5_000, "é" * 600, "\ud800", "*", "?", "[a-z]", "$HOME",
    "`id`", "$(id)", "; rm -rf /", "| cat /etc/passwd", "-rf", "--help", "{{7*7}}", "%s%n", "${x}",
)  # fmt: skip
SECRET = "the secret of guild 78"


def climbing() -> list[str]:
    """Ways up, from here and from within a folder."""
    ups = [f"{up}{between}" * depth for up in UP for between in BETWEEN for depth in (1, 4)]
    found = [f"{start}{up}{end}" for up in ups for end in ENDS for start in ("", "faq/")]
    return [*found, *WHOLE, *(f"faq/{name}" for name in WHOLE)]


def inside(key: str) -> bool:
    """Whether a key stays below the folder it begins with, once anything has resolved it."""
    base = Path("/data/guilds/77")
    return (Path("/data") / key).resolve().is_relative_to(base)


def test_no_path_that_people_type_leads_out(attacks: Attacks) -> None:
    for path in climbing():
        try:
            found = paths.clean(path)
        except UserError:
            attacks.stopped(True, path)
            continue
        attacks.stopped(inside(f"guilds/77/datasets/{found}"), path)


def test_no_key_leads_out_of_the_folder_on_disk(tmp_path: Path, attacks: Attacks) -> None:
    root = tmp_path / "files"
    files = FolderFiles(root)
    (tmp_path / "records.sqlite").write_text(SECRET)
    for number, path in enumerate(climbing()):
        key = f"guilds/77/{path}"
        try:
            check_key(key)
        except ValueError:
            attacks.stopped(True, key)
            continue
        try:
            attacks.stopped(SECRET not in files.read(key).decode(), key)
        except Missing:
            attacks.stopped(True, key)
        if number % 40 == 0:
            files.write(key, b"planted")
            files.delete(key, forever=True)
    known = {entry.name for entry in tmp_path.iterdir()}
    attacks.stopped(known == {"files", "records.sqlite"}, known)
    attacks.stopped((tmp_path / "records.sqlite").read_text() == SECRET, "overwritten")


@seed(1)
@settings(max_examples=400, database=None)
@given(st.text(alphabet=[*"./\\ab%0\x00\n ", "．", "／", "‥", "е"], max_size=24))
def test_whatever_is_typed_is_clean_or_refused(path: str) -> None:
    try:
        found = paths.clean(path)
    except UserError:
        return
    assert inside(f"guilds/77/{found}") and not found.startswith("/")
    check_key(f"guilds/77/datasets/{found}")


def test_commands_that_take_a_path_keep_to_the_guild(ada: Person, attacks: Attacks) -> None:
    ada.app.files.write("guilds/78/datasets/faq/rows.txt", SECRET.encode())
    commands = (
        ("getfile", "file_path"), ("archive", "directory"), ("dataset show", "path"),
        ("dataset add", "path"), ("train", "data_dir"), ("select_dataset", "path_to_dir_positive"),
    )  # fmt: skip
    ways = (
        "../78/datasets/faq", "../78/datasets/faq/rows.txt", "../../guilds/78/datasets/faq",
        "guilds/78/datasets/faq", "/guilds/78/datasets/faq", "..\\78\\datasets\\faq", "‥/78", "..",
    )  # fmt: skip
    for command, option in commands:
        for way in ways:
            start = len(ada.discord.calls)
            ada.slash(command, **{option: way})
            told = repr(ada.discord.calls[start:])
            attacks.stopped(SECRET not in told and "went wrong" not in told, (command, way))
    mine = [name for name in ada.app.files.names("") if not name.startswith(f"guilds/{GUILD}/")]
    attacks.stopped(mine == ["guilds/78/datasets/faq/rows.txt"], mine)


def test_names_of_attached_files_are_no_paths(ada: Person, attacks: Attacks) -> None:
    names = ("../../../etc/cron.d/x.txt", "..\\..\\x.txt", "/abs.txt", "a\x00.txt", ".hidden.txt")
    more = ("x" * 1000 + ".txt", "C:x.txt", "a/b/c.txt", "-rf.txt", "$(id).txt", "\u202etxt.exe")
    for number, name in enumerate(names + more):
        file = {**ada.upload(f"plain{number}.txt", "What is up? => The sky."), "filename": name}
        ada.slash("train", attachment=file, data_dir=f"folder{number}")
        kept = list(ada.app.files.names(f"guilds/{GUILD}/datasets/"))
        attacks.stopped(all(map(inside, kept)) and len(kept) == number + 1, (name, kept[-1:]))
        attacks.stopped(not [key for key in kept if key.count("/") != 4], kept[-1:])


def test_an_archive_holds_no_name_that_leads_out(ada: Person, attacks: Attacks) -> None:
    """Of what is packed, and of what is unpacked: entries' names are shown and never used."""
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w") as archive:
        for number, path in enumerate(climbing()[::97]):
            name = path.replace("\ud800", "")[:60_000] or "x"
            archive.writestr(name.replace("\0", "") + ".txt", f"Question {number}? => Answer.")
    ada.slash("train", attachment=ada.upload("evil.zip", blob.getvalue()), data_dir="faq")
    ada.slash("archive", directory="faq")
    packed = [files for call in ada.discord.calls for files in call.files.items()]
    for name, body in packed:
        attacks.stopped("/" not in name and ".." not in name, name)
        for entry in zipfile.ZipFile(io.BytesIO(body)).namelist() if body[:2] == b"PK" else ():
            attacks.stopped(not entry.startswith("/") and ".." not in entry.split("/"), entry)
    strange = [key for key in ada.app.files.names("guilds/") if not inside(key)]
    attacks.stopped(not strange, strange)


def test_a_download_s_name_ends_no_header(attacks: Attacks) -> None:
    for path in (*climbing()[::7], 'a"\r\nSet-Cookie: x=1', "a;filename=b.exe", quote("\r\n")):
        header = attachment(path)
        attacks.stopped(header.isascii() and header.isprintable(), header)
        attacks.stopped(header.count('"') == 2 and "/" not in header.replace("''", ""), header)
        attacks.stopped(len(json.dumps(header)) < 2_500, path[:40])
