"""A folder packed into an archive: in one go, in legs, after a kill; in a folder and in S3."""

import io
import json
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from protege.archives import Archives
from protege.archives.zipping import BLOCK
from protege.errors import Missing
from protege.storage import Files
from protege.storage.embedded import FolderFiles, SqliteQueue, SqliteRecords
from protege.training.jobs import Job, Jobs

SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK)
FOLDER = "guilds/1/datasets/faq/"
CHANCE = random.Random(7)
NOISE = CHANCE.randbytes(22 << 20)
TEXT = b" ".join(CHANCE.choices([b"when", b"do", b"you", b"open", "шлюз".encode()], k=90_000)) * 10
LARGE = (("ж/ы.bin", NOISE), ("text.txt", TEXT))
"""More than fits into one part of an upload."""


class Kept(FolderFiles):
    """Writes down which parts it was given."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.parts: list[int] = []

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        self.parts.append(number)
        return super().put_part(key, upload, number, body)


def furnish(files: Files, *large: tuple[str, bytes]) -> dict[str, bytes]:
    """Fill the folder; return what an archive of it must hold."""
    bodies = {f"sizes/{size}.txt": TEXT[:size] for size in SIZES} | dict(large or LARGE)
    for name, body in bodies.items():
        files.write_stream(FOLDER + name, [body])
    files.write("guilds/1/datasets/faq2/no.txt", b"of another folder")
    files.write("guilds/10/datasets/faq/no.txt", b"of another guild")
    return bodies


def archives(files: Files, folder: Path) -> Archives:
    records = SqliteRecords(folder / "records.sqlite")
    return Archives(files, Jobs(files, records, SqliteQueue(folder / "queue.sqlite")))


def begun(of: Archives, id: str = "job") -> Job:
    job = Job(id, "1", "42", "88", "5", "token", "en", "", kind="archive", about="datasets/faq")
    return of.start(job, "datasets/faq")


def run(of: Archives, id: str = "job", most: int = 10**6) -> Job:
    """Take a job at most so many steps further."""
    *_, job = islice(of.advance("1", id), most)
    return job


def packed(files: Files, job: Job) -> bytes:
    assert (job.state, job.error) == ("ending", {})
    body = files.read(job.report["key"])
    assert len(body) == job.report["size"]
    return body


def unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_holds_every_file_of_the_folder_and_no_other(
    files: Files, tmp_path: Path
) -> None:
    bodies, of = furnish(files), archives(files, tmp_path)
    begun(of)
    job = run(of)
    body = packed(files, job)
    assert unpacked(body) == bodies
    assert len(body) < 0.9 * sum(map(len, bodies.values()))
    assert job.report["packed"] == job.report["files"] == len(bodies)
    assert (job.done, job.total) == (sum(map(len, bodies.values())),) * 2
    of.tidy(job)
    assert list(files.names(job.folder)) == []


def test_an_archive_made_in_legs_is_the_same_to_the_byte(files: Files, tmp_path: Path) -> None:
    furnish(files)
    begun(archives(files, tmp_path))
    whole = packed(files, run(archives(files, tmp_path)))
    begun(archives(files, tmp_path), "legs")
    legs = 1
    while (job := run(archives(files, tmp_path), "legs", 1)).state == "running":
        legs += 1
    assert legs > 4
    assert packed(files, job) == whole


def test_no_part_that_was_written_down_is_sent_again(tmp_path: Path) -> None:
    files = Kept(tmp_path / "files")
    furnish(files)
    begun(archives(files, tmp_path))
    while run(archives(files, tmp_path), most=1).state == "running":
        pass
    assert files.parts == sorted(set(files.parts)) and len(files.parts) > 2


KILLED = """
import sys
from pathlib import Path
from protege.storage.embedded import FolderFiles
from tests.storage.test_archiving import archives
folder, last = Path(sys.argv[1]), int(sys.argv[2]) + 1
jobs = archives(FolderFiles(folder / "files"), folder).advance("1", "job")
for number, job in enumerate(jobs, 1):
    print(job.step, flush=True)
    if number == last:  # else it might be done before it is killed
        sys.stdin.read()
"""


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_killed_process_is_followed_by_one_that_goes_on(tmp_path: Path, steps: int) -> None:
    files = Kept(tmp_path / "files")
    furnish(files)
    begun(archives(files, tmp_path), "whole")
    whole = packed(files, run(archives(files, tmp_path), "whole"))
    begun(archives(files, tmp_path))
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(steps)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout
        for _ in range(steps):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    files.parts.clear()
    job = run(archives(files, tmp_path))
    assert packed(files, job) == whole
    assert 1 not in files.parts or steps == 1


def test_an_upload_that_the_store_has_forgotten_is_begun_again(
    files: Files, tmp_path: Path
) -> None:
    bodies, of = furnish(files), archives(files, tmp_path)
    begun(of)
    job = run(of, most=2)
    [course] = [key for key in files.names(job.folder) if "course" in key]
    files.abandon(job.report["key"], json.loads(files.read(course))["upload"])
    assert unpacked(packed(files, run(of))) == bodies


def test_a_kill_between_the_last_two_acts_is_made_good(files: Files, tmp_path: Path) -> None:
    bodies, of = furnish(files), archives(files, tmp_path)
    begun(of)
    while (job := run(of, most=1)).step != "finish":
        pass
    course = files.read(f"{job.folder}course.json")
    before = packed(files, run(of))
    records = SqliteRecords(tmp_path / "records.sqlite")
    records.put("job#1", "job", job._asdict())
    files.write(f"{job.folder}course.json", course)
    assert packed(files, run(of)) == before
    assert unpacked(before) == bodies


def test_a_dropped_job_leaves_nothing(files: Files, tmp_path: Path) -> None:
    furnish(files)
    of = archives(files, tmp_path)
    begun(of)
    job = run(of, most=2)
    before = files.read(f"{job.folder}course.json")
    upload = json.loads(before)["upload"]
    of.drop(job)
    of.drop(job)
    assert list(files.names(job.folder)) == []
    with pytest.raises(Missing):
        files.put_part(job.report["key"], upload, 1, b"x")


class Changing(FolderFiles):
    """Where something happens to a file once so much of it was read."""

    def __init__(self, root: Path, name: str, at: int, then: bytes | None) -> None:
        super().__init__(root)
        self._change = (FOLDER + name, at, then)

    def part(self, key: str, start: int, length: int) -> bytes:
        name, at, then = self._change
        if (key, start) == (name, at):
            self.delete(key)
            if then is not None:
                self.write(key, then)
        return super().part(key, start, length)


BIG = "sizes/3145728.txt"


@pytest.mark.parametrize(
    ("name", "at", "then", "left", "report"),
    [
        ("sizes/1.txt", 0, None, None, {"vanished": 1, "changed": 0}),
        ("sizes/1.txt", 0, b"longer", b"longer", {"vanished": 0, "changed": 1}),
        (BIG, 0, None, None, {"vanished": 1, "changed": 0}),
        (BIG, BLOCK, None, TEXT[:BLOCK], {"vanished": 0, "changed": 1}),
        (BIG, BLOCK, b"short", TEXT[:BLOCK], {"vanished": 0, "changed": 1}),
        (BIG, 2 * BLOCK, TEXT[: 2 * BLOCK + 5], TEXT[: 2 * BLOCK + 5], {"changed": 1}),
        (BIG, 2 * BLOCK, TEXT[: 5 * BLOCK], TEXT[: 3 * BLOCK], {"changed": 1}),
    ],
)
def test_what_changes_meanwhile_is_counted_and_breaks_nothing(
    tmp_path: Path, name: str, at: int, then: bytes | None, left: bytes | None, report: dict
) -> None:
    files = Changing(tmp_path / "files", name, at, then)
    bodies, of = furnish(files, ("text.txt", b"little")), archives(files, tmp_path)
    begun(of)
    job = run(of)
    expected = {key: body for key, body in bodies.items() if key != name}
    assert unpacked(packed(files, job)) == expected | ({} if left is None else {name: left})
    assert report.items() <= job.report.items()


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not installed")
def test_another_program_reads_it_too(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files")
    furnish(files)
    of = archives(files, tmp_path)
    begun(of)
    (tmp_path / "a.zip").write_bytes(packed(files, run(of)))
    command = ["unzip", "-tq", str(tmp_path / "a.zip")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
