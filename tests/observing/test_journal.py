"""Log lines: one shape everywhere, never a secret, never what people wrote."""

import asyncio
import logging
import re
import threading
from pathlib import Path

import pytest

from protege.errors import Unavailable
from protege.journal import about, detail, note, open_journal, said, trouble
from protege.storage import Delivery
from protege.worker import work
from tests.observing.conftest import Lines
from tests.person import Person, configured
from tests.recorder import Recorder

SECRET = "the vault opens at dusk"


def test_a_line_is_one_json_object_with_its_fields_at_the_top(lines: Lines) -> None:
    note("answered", interaction="1", ms=1.5, name="ж\n", message="m", args=[1])
    [line] = lines.all()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line == {
        "level": "INFO",
        "event": "answered",
        "part": "test",
        "interaction": "1",
        "ms": 1.5,
        "name": "ж\n",
        "message": "m",
        "args": [1],
    }
    assert lines.getvalue().count("\n") == 1


def test_every_line_within_says_what_it_is_about(lines: Lines) -> None:
    with about(interaction="1", guild="77"):
        note("one")
        with about(command="ask", guild=""):
            trouble("two", KeyError("x"), guild="88")
        note("three")
    note("four")
    one, two, three, four = lines.all()
    assert one["interaction"] == three["interaction"] == two["interaction"] == "1"
    assert (two["guild"], two["command"], two["level"]) == ("88", "ask", "ERROR")
    assert "command" not in three and three["guild"] == "77"
    assert four.keys() == {"timestamp", "level", "event", "part"}


def test_what_is_empty_is_left_out(lines: Lines) -> None:
    note("x", guild="", code=None, count=0, sure=False)
    [line] = lines.all()
    assert line.keys() - {"timestamp", "level", "event", "part"} == {"count", "sure"}


def test_a_private_chat_is_not_told_by_the_persons_id(lines: Lines) -> None:
    note("x", guild="dm-4242")
    with about(guild="dm-4242"):
        note("y")
    assert "4242" not in lines.getvalue()
    assert [line["guild"] for line in lines.all()] == ["private", "private"]


def test_tasks_know_what_they_are_about_and_threads_begin_anew(lines: Lines) -> None:
    async def scene() -> None:
        async def one(guild: str) -> None:
            with about(guild=guild):
                await asyncio.sleep(0)
                note("task")

        await asyncio.gather(one("1"), one("2"))

    with about(job="j"):
        asyncio.run(scene())
        thread = threading.Thread(target=note, args=("thread",))
        thread.start()
        thread.join()
    first, second = lines.all("task")
    assert (first["guild"], second["guild"], first["job"]) == ("1", "2", "j")
    [alone] = lines.all("thread")
    assert "job" not in alone and "guild" not in alone


def test_an_error_is_told_by_types_and_places_only(lines: Lines) -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise Unavailable(SECRET) from error
    except Unavailable as error:
        trouble("work", error)
    [line] = lines.all()
    assert (line["error"], line["causes"]) == ("Unavailable", ["ValueError"])
    assert "test_an_error_is_told_by_types_and_places_only" in line["where"][-1]
    assert SECRET not in lines.getvalue()


def test_errors_that_come_from_each_other_end_somewhere(lines: Lines) -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    trouble("x", one)
    [line] = lines.all()
    assert line["causes"] == ["KeyError"]


def test_levels_leave_out_what_is_less(lines: Lines) -> None:
    detail("suggested")
    open_journal(lines, "ERROR")
    note("acknowledged")
    trouble("work", KeyError())
    open_journal(lines, "DEBUG")
    detail("suggested again")
    assert [line["event"] for line in lines.all()] == ["work", "suggested again"]


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING"])
def test_libraries_show_neither_addresses_nor_content_at_any_level(
    lines: Lines, level: str
) -> None:
    open_journal(lines, level)
    for name in ("botocore", "urllib3.connectionpool", "openai._base_client", "httpx", "disnake"):
        log = logging.getLogger(name)
        log.debug("POST %s", SECRET)
        log.info("HTTP Request: %s", SECRET)
        log.warning("Retrying after %r", SECRET)
        log.warning(f"ready made: {SECRET}")
        try:
            raise OSError(SECRET)
        except OSError:
            log.exception("failed with %s", SECRET)
    assert SECRET not in lines.getvalue()
    kept = [line for line in lines.all("library") if line["logger"] == "httpx"]
    assert [line["level"] for line in kept] == ["WARNING", "WARNING", "ERROR"]
    assert kept[0]["pattern"] == "Retrying after %r" and kept[1]["pattern"].startswith("test_")
    assert kept[2]["error"] == "OSError"


def test_content_is_logged_only_where_a_setting_asks_for_it(lines: Lines) -> None:
    assert said(asked=SECRET) == {}
    open_journal(lines, content=True)
    assert said(asked=SECRET, answered="a" * 600) == {
        "content_asked": SECRET,
        "content_answered": "a" * 500,
    }


@pytest.mark.parametrize("wanted", [False, True])
def test_an_interaction_can_be_followed_and_shows_its_content_only_if_wanted(
    lines: Lines, discord: Recorder, tmp_path: Path, wanted: bool
) -> None:
    open_journal(lines, "DEBUG", content=wanted)
    ada = Person(configured(discord, str(tmp_path)), discord)
    ada.slash("feedback", feedback_text=SECRET)
    ada.suggestions("dataset show", "name", SECRET)
    [acknowledged], [answered] = lines.all("acknowledged"), lines.all("answered")
    assert acknowledged["interaction"] == answered["interaction"]
    assert acknowledged["command"] == answered["command"] == "feedback"
    assert acknowledged["guild"] == answered["guild"] == ada.guild
    assert acknowledged["ms"] >= 0 and acknowledged["runs"] == "later"
    assert answered["tries"] == 1 and answered["ms"] >= 0 and answered["work_ms"] >= 0
    assert (SECRET in lines.getvalue()) == wanted
    assert ada.user not in [str(value) for line in lines.all() for value in line.values()]
    if wanted:
        assert answered["content_asked"] == SECRET
        assert answered["content_answered"] in ada.sees


def test_a_failed_try_names_the_interaction(lines: Lines, ada: Person) -> None:
    ada.hand_in(payload := ada.command("feedback", feedback_text=SECRET))
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert isinstance(delivery, Delivery)
    ada.app.__dict__["answers"] = object()
    work(ada.app, [delivery])
    assert [line["interaction"] for line in lines.all("work")] == [payload["id"]]
    assert SECRET not in lines.getvalue()


def test_pings_repeats_and_nonsense_leave_a_line_each(lines: Lines, ada: Person) -> None:
    ada.send(b'{"type":1}')
    ada.send(b"[]")
    payload = ada.command("hi")
    ada.hand_in(payload)
    ada.hand_in(payload)
    events = [line["event"] for line in lines.all()]
    assert events == ["ping", "malformed", "acknowledged", "repeated"]


def test_a_job_is_told_step_by_step(lines: Lines, ada: Person) -> None:
    ada.app.files.write("guilds/77/datasets/faq/a.txt", SECRET.encode())
    ada.slash("archive", directory="faq")
    steps = lines.all("step")
    [over] = lines.all("job over")
    assert {line["job"] for line in steps} == {over["job"]} and over["outcome"] == "done"
    assert steps[-1]["state"] == "ending"
    assert {"kind", "leg", "ms", "guild"} <= steps[0].keys() and steps[0]["guild"] == ada.guild
    assert SECRET not in lines.getvalue()
