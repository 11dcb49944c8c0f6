"""/archive: a folder as one ZIP file, whatever happens on the way."""

import io
import random
import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client

from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.errors import Missing
from protege.server.endpoint import endpoint
from protege.storage import Delivery
from protege.training.jobs import Job
from protege.ui.manifest import manifest
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Call, Recorder

NOISE = random.Random(3).randbytes(20 << 20)
ROWS = b"question,answer\n1,2\n"


@pytest.fixture
def folder(app: App) -> dict[str, bytes]:
    """A folder of some kilobytes, and what lies around it."""
    bodies = {"june.csv": ROWS, "июль/a.txt": b"hello"}
    for name, body in bodies.items():
        app.files.write(f"guilds/77/datasets/faq/{name}", body)
    app.files.write("guilds/77/datasets/faq2/other.csv", b"other folder")
    app.files.write("guilds/78/datasets/faq/secret.csv", b"another guild's")
    app.files.write("guilds/78/datasets/theirs/secret.csv", b"another guild's")
    return bodies


@pytest.fixture
def large(app: App) -> dict[str, bytes]:
    """A folder that takes three parts."""
    bodies = {"noise.bin": NOISE, "rows.csv": ROWS}
    for name, body in bodies.items():
        app.files.write(f"guilds/77/datasets/big/{name}", body)
    return bodies


def unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def edits(ada: Person) -> list[Call]:
    """What was shown in the message that answered the command."""
    return [call for call in ada.discord.calls if call.path.endswith("/messages/@original")]


def started(ada: Person, directory: str = "big", **payload: Any) -> tuple[Job, Delivery]:
    """A job whose first message is in a worker's hands."""
    asked = ada.command("archive", directory=directory) | payload
    ada.hand_in(asked)
    first = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert first and work(ada.app, [first]) == []
    ada.app.queue.done(first.receipt)
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    [job] = ada.app.jobs.latest("77", 1)
    return job, delivery


def link(call: Call) -> str:
    """The address in a message."""
    text: str = call.body["embeds"][0]["description"]
    return text.partition("](")[2].partition(")")[0]


def test_a_small_folder_comes_as_the_file_itself(
    ada: Person, folder: dict[str, bytes], app: App
) -> None:
    response = ada.slash("archive", directory="datasets/faq")
    assert response == {"type": 5, "data": {"flags": 64}}, "for nobody else"
    last = edits(ada)[-1]
    assert list(last.files) == ["faq.zip"]
    assert unpacked(last.files["faq.zip"]) == folder
    assert last.body["attachments"] == [{"id": "0", "filename": "faq.zip"}]
    assert "2 files" in ada.sees and "archives/faq-" in ada.sees
    assert ada.discord.contents(path="/channels/") == []
    [job] = app.jobs.latest("77", 9)
    assert (job.kind, job.about, job.state) == ("archive", "datasets/faq", "done")
    assert list(app.files.names(job.folder)) == []


def test_a_large_one_comes_as_a_link_that_downloads_it(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    ada.slash("archive", directory="datasets/big/")
    last = edits(ada)[-1]
    assert last.files == {}
    url = link(last)
    assert url.startswith("http://127.0.0.1:8080/files/guilds/77/archives/big-")
    answer = Client(endpoint(app)).get(url.removeprefix("http://127.0.0.1:8080"))
    assert answer.status_code == 200
    assert unpacked(answer.data) == large
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="big.zip"')


def test_the_limit_of_the_place_decides_between_file_and_link(
    ada: Person, folder: dict[str, bytes]
) -> None:
    ada.act(ada.command("archive", directory="faq") | {"attachment_size_limit": 100})
    assert edits(ada)[-1].files == {}
    assert "/files/guilds/77/archives/faq-" in link(edits(ada)[-1])


def test_progress_is_shown_below_what_was_said_first(ada: Person, large: dict[str, bytes]) -> None:
    ada.slash("archive", directory="big")
    first, *rest = (call.body["content"] for call in edits(ada))
    assert first.startswith("📦 Packing `datasets/big`")
    assert any("of 21.0 MB" in said and said.startswith(first) for said in rest)


def test_russian_speakers_are_answered_in_russian(ada: Person, folder: dict[str, bytes]) -> None:
    ada.locale = "ru"
    ada.slash("archive", directory="faq")
    assert "файлов в архиве: 2" in ada.sees
    ada.slash("archive", directory="nothing")
    assert "Папки" in ada.sees


def test_whenever_a_worker_is_killed_the_next_goes_on_to_the_same_bytes(
    ada: Person, large: dict[str, bytes], discord: Recorder, app: App
) -> None:
    ada.slash("archive", directory="big")
    [whole] = app.jobs.latest("77", 1)
    job, delivery = started(ada)
    for killed_after in (1, 2, 1):
        again = configured(discord, app.config.data_dir)
        for _, _step in zip(range(killed_after), again.archives.advance("77", job.id)):  # noqa: B905
            pass
    assert work(configured(discord, app.config.data_dir), [delivery]) == []
    job = app.jobs.get("77", job.id)
    assert job.state == "done"
    assert app.files.read(job.report["key"]) == app.files.read(whole.report["key"])


def test_each_part_is_a_leg_of_its_own_where_time_is_short(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    job, delivery = started(ada)
    legs = 1
    while True:
        assert work(app, [delivery], left_s=lambda: 1.0) == []
        app.queue.done(delivery.receipt)
        found = app.queue.receive(wait_s=0, lease_s=60)
        if not found:
            break
        legs, delivery = legs + 1, found
    assert legs == 5, "the plan, three parts, the end"
    assert app.jobs.get("77", job.id).state == "done"
    assert unpacked(app.files.read(app.jobs.get("77", job.id).report["key"])) == large
    assert "2 files" in ada.sees


def test_a_second_delivery_changes_nothing(ada: Person, folder: dict[str, bytes], app: App) -> None:
    _, delivery = started(ada, "faq")
    assert work(app, [delivery, delivery._replace(id="other"), delivery]) == []
    assert len([call for call in edits(ada) if call.files]) == 1


def test_a_cancelled_archive_ends_and_leaves_nothing(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    job, delivery = started(ada)
    next(app.archives.advance("77", job.id))
    app.jobs.cancel("77", job.id)
    assert work(app, [delivery]) == []
    assert "was cancelled" in ada.sees and job.id in ada.sees
    assert app.jobs.get("77", job.id).state == "cancelled"
    assert list(app.records.find("running")) == []
    kept = list(app.files.names("guilds/77/"))
    assert kept == [f"guilds/77/datasets/big/{name}" for name in large]


def test_a_folder_that_is_emptied_before_its_turn_is_named(
    ada: Person, folder: dict[str, bytes], app: App
) -> None:
    job, delivery = started(ada, "faq")
    for name in folder:
        app.files.delete(f"guilds/77/datasets/faq/{name}")
    assert work(app, [delivery]) == []
    assert "was not packed" in ada.sees and "datasets/faq" in ada.sees
    assert app.jobs.get("77", job.id).state == "failed"


def test_an_archive_that_keeps_failing_is_said_to_and_can_be_tried_again(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    job, delivery = started(ada)
    steps = app.archives.advance("77", job.id)
    next(steps), next(steps)
    steps.close()  # type: ignore[attr-defined]
    course = app.files.read(f"{job.folder}course.json")
    app.files.write(f"{job.folder}course.json", b"not what it was")
    for receives, again in ((1, [delivery.id]), (2, [delivery.id]), (3, [])):
        assert work(app, [delivery._replace(receives=receives)]) == again
    assert "was not packed" in ada.sees
    app.files.write(f"{job.folder}course.json", course)
    app.jobs.retry(app.jobs.get("77", job.id))
    ada.wait()
    assert unpacked(app.files.read(job.report["key"])) == large
    assert app.jobs.get("77", job.id).state == "done"


GONE: tuple[int, dict[str, str], Any] = (404, {}, {"code": 10015, "message": "Unknown Webhook"})
REFUSED: tuple[int, dict[str, str], Any] = (403, {}, {"code": 50007, "message": "Cannot send"})


def test_when_the_command_is_long_past_the_archive_comes_by_private_message(
    ada: Person, folder: dict[str, bytes], app: App
) -> None:
    _, delivery = started(ada, "faq")
    ada.discord.answers.extend([GONE] * 4)  # plan, parts, end: shown to nobody; then the outcome
    assert work(app, [delivery]) == []
    *_, chat, message = ada.discord.calls
    assert (chat.path, chat.body) == ("/users/@me/channels", {"recipient_id": "42"})
    assert list(message.files) == ["faq.zip"] and message.path.startswith("/channels/")


def test_a_channel_only_hears_where_the_archive_lies(
    ada: Person, folder: dict[str, bytes], app: App
) -> None:
    job, delivery = started(ada, "faq")
    refused: tuple[int, dict[str, str], Any] = (
        403,
        {},
        {"code": 50007, "message": "Cannot send messages to this user"},
    )
    ada.discord.answers.extend([*[GONE] * 4, refused])
    assert work(app, [delivery]) == []
    last = ada.discord.calls[-1]
    assert last.path == "/channels/88/messages" and last.files == {}
    assert f"/getfile file_path:archives/faq-{job.id}.zip" in ada.sees
    assert "http" not in ada.sees


def test_only_trainers_pack_folders(ada: Person) -> None:
    needed = {c["name"]: c.get("default_member_permissions") for c in manifest(ACTIONS)}
    assert needed["archive"] == needed["getfile"] == "32"


@pytest.mark.parametrize(
    "directory",
    [
        "theirs",
        "datasets/theirs",
        "guilds/78/datasets/theirs",
        "../78/datasets/theirs",
        "datasets/../../78/datasets/theirs",
        "/guilds/78/datasets/theirs",
        "datasets\\faq",
        "datasets/fa",
        "datasets/faq/june.csv",
        "datasets／faq",
        "datasets/․․/faq",
        "faq\0",
        "faq/\u202e",
        ".",
        "/",
        " ",
        "x" * 2000,
        "a//b",
    ],
)
def test_no_other_path_is_packed(
    ada: Person, folder: dict[str, bytes], app: App, directory: str
) -> None:
    ada.slash("archive", directory=directory)
    assert "📦" not in ada.sees and "went wrong" not in ada.sees
    assert list(app.jobs.latest("77", 9)) == []
    with pytest.raises(StopIteration):
        next(app.files.list("guilds/77/archives/"))


def test_folders_of_the_guild_are_suggested_and_no_others(
    ada: Person, folder: dict[str, bytes]
) -> None:
    def offered(typed: str) -> list[str]:
        return [choice["value"] for choice in ada.suggestions("archive", "directory", typed)]

    assert offered("") == ["datasets", "datasets/faq", "datasets/faq/июль", "datasets/faq2"]
    assert offered("FAQ2") == offered("datasets/faq2") == ["datasets/faq2"]
    assert offered("июл") == ["datasets/faq/июль"]
    assert offered("datasets/faq/") == ["datasets/faq", "datasets/faq/июль"]
    for typed in ("theirs", "../78/", "guilds/78/", "\\", "/", "8"):
        assert offered(typed) == []


def test_an_expired_or_forged_link_opens_nothing(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    ada.slash("archive", directory="big")
    parts, web = urlsplit(link(edits(ada)[-1])), Client(endpoint(app))
    query = {name: value for name, [value] in parse_qs(parts.query).items()}
    for changed in (
        {"until": str(int(query["until"]) + 900)},
        {"name": "other.zip"},
        {"sig": "0" * 64},
        {"sig": ""},
        {"until": "9e9"},
    ):
        answer = web.get(parts.path, query_string=query | changed)
        assert (answer.status_code, b"expired" in answer.data) == (403, True)
    for path in (
        "/files/guilds/77/datasets/big/rows.csv",
        "/files/../links.key",
        "/files/..%2flinks.key",
        "/files/%2e%2e/links.key",
        "/files/guilds/77/archives/../datasets/big/rows.csv",
        "/files//etc/passwd",
        "/files/%00",
        "/files/%ff",
        "/files/" + "x" * 3000,
    ):
        assert web.get(path, query_string=query).status_code in (403, 404)
    assert web.get(parts.path).status_code == 403
    app.links._now = lambda: int(query["until"]) + 1.0
    assert web.get(f"{parts.path}?{parts.query}").status_code == 403


def test_a_link_to_a_file_that_is_gone_says_so(
    ada: Person, large: dict[str, bytes], app: App
) -> None:
    ada.slash("archive", directory="big")
    url = urlsplit(link(edits(ada)[-1]))
    [job] = app.jobs.latest("77", 1)
    web = Client(endpoint(app))
    found = web.get(f"{url.path}?{url.query}")
    assert (found.status_code, found.content_length) == (200, job.report["size"])
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert web.post(f"{url.path}?{url.query}").status_code == 404
    app.files.delete(job.report["key"])
    assert web.get(f"{url.path}?{url.query}").status_code == 404
    with pytest.raises(Missing):
        app.files.stat(job.report["key"])
