"""/status: all of it for who runs the bot, their server for who manages one, a no for others."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from protege.app import App
from protege.discord.reply import Embed, Reply
from protege.errors import Gone, Unavailable
from protege.operators import KEPT_S, Operators
from protege.outbox import Outbox
from protege.providers import Usage
from protege.storage.aws.signed import SignedQueue
from protege.training.job import Job
from protege.version import NUMBER, code, printed
from tests.person import ADA, GUILD, Person
from tests.recorder import Recorder
from tests.test_limits import quick, someone

ELSEWHERE = "78"


def owned(discord: Recorder, owner: str = ADA, **more: Any) -> None:
    """Whose application it is, as Discord tells."""
    application = {"id": "13", "owner": {"id": owner}, "team": None, **more}
    discord.files["/applications/@me"] = json.dumps(application).encode()


def fields(person: Person) -> dict[str, str]:
    """What /status shows, by the fields' names without their signs."""
    person.slash("status")
    [embed] = person.discord.calls[-1].body["embeds"]
    named = {one["name"].partition(" ")[2]: one["value"] for one in embed["fields"]}
    return {"title": embed["title"], "all": embed["description"], **named}


@pytest.fixture
def app(discord: Recorder, tmp_path: Path) -> App:
    return quick(discord, tmp_path)


@pytest.fixture
def busy(ada: Person) -> Person:
    """A bot with something to tell of two servers."""
    app = ada.app
    owned(ada.discord)
    for space, tokens in ((GUILD, 50_000), (ELSEWHERE, 90_000), ("dm-43", 10_000)):
        app.spending.note(space, "chat", "gpt-6-astra", Usage(tokens))
        app.mishaps.note(space, f"99{space[-2:]}", "ask", Unavailable("Discord answered 500"))
        app.jobs.record(Job(f"job-of-{space[-2:]}", space, ADA, "88", "1", "token", "en-US", ""))
    app.spending.note(GUILD, "hearing", "ears-at-home", Usage(seconds=7))
    return ada


def test_who_runs_the_bot_sees_all_of_it(busy: Person) -> None:
    busy.app.dead_letters.put("lost")
    busy.app.queue.put("{}", delay_s=60)
    shown = fields(busy)
    assert shown["title"] == f"Protégé {NUMBER} ({code()})"
    assert "$0.50, 50,000 tokens" in shown["This month"] and "7 s of sound" in shown["This month"]
    assert "about $" in shown["This month"]
    assert "`PROVIDER` local" in shown["Answers"] and "`EMBEDDER` minilm" in shown["Answers"]
    assert "$1.50, about $" in shown["All servers, this month"]
    assert f"`{ELSEWHERE}`: $0.90, 90,000 tokens" in shown["All servers, this month"]
    assert "a private chat: $0.10" in shown["All servers, this month"]
    assert shown["Given up"].startswith("1 messages") and "1 waiting" in shown["Queue"]
    assert "Unavailable · `9977`" in shown["What failed lately"]
    busy.slash("status")
    text = json.dumps(busy.discord.calls[-1].body, ensure_ascii=False)
    assert "9978" in text and "job-of-78" in text and "dm-43" not in text
    assert "**🪦 Given up**" in shown["all"]


def test_who_manages_a_server_sees_that_server_and_no_other(busy: Person) -> None:
    eve = someone(busy, "43", permissions="32", guild=ELSEWHERE)
    eve.slash("status")
    [embed] = eve.discord.calls[-1].body["embeds"]
    text = json.dumps(embed, ensure_ascii=False)
    assert "$0.90" in text and "9978" in text and "job-of-78" in text
    for others in ("$0.50", "$1.50", "9977", "job-of-77", "Queue", "Given up", "All servers"):
        assert others not in text


@pytest.mark.parametrize("locale", ["en-US", "ru"])
def test_others_are_told_a_friendly_no(busy: Person, locale: str) -> None:
    member = someone(busy, "44", permissions="0", locale=locale)
    member.slash("status")
    assert "/ask" in member.sees and "embeds" in member.discord.calls[-1].body
    assert member.discord.calls[-1].body["embeds"] == []


def test_in_a_private_chat_everybody_sees_their_own_part(busy: Person) -> None:
    alone = someone(busy, "43", guild="")
    assert "$0.10" in fields(alone)["This month"]
    assert "All servers, this month" not in fields(alone)
    busy.guild = ""
    assert "$1.50" in fields(busy)["All servers, this month"]


def test_a_quiet_bot_says_that_all_is_well_in_both_languages(ada: Person) -> None:
    owned(ada.discord)
    assert "Nothing needs you" in fields(ada)["all"]
    ada.locale = "ru"
    shown = fields(ada)
    assert "всё в порядке" in shown["all"] and shown["Очередь"] == "ждут: 0, в работе: 0"
    assert shown["Голос"] == "не запущен" and shown["Не удалось совсем"] == "0"


def test_what_cannot_be_found_out_hides_nothing_else(discord: Recorder, tmp_path: Path) -> None:
    app = quick(discord, tmp_path, OPERATORS=ADA)
    aws = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    app.dead_letters = SignedQueue("http://127.0.0.1:9/1/dead", aws)  # where nobody listens
    shown = fields(Person(app, discord))
    assert shown["Given up"] == "not to be found out now (Unavailable)"
    assert "0 waiting" in shown["Queue"] and "**🪦 Given up**" in shown["all"]


def test_a_voice_that_is_shut_down_soon_is_told_of(discord: Recorder, tmp_path: Path) -> None:
    app = quick(discord, tmp_path, OPERATORS=ADA, TTS="openai")
    shown = fields(Person(app, discord))
    assert "`gpt-4o-mini-tts` down on 2027-01-06" in shown["Ends soon"]
    assert "`TTS` openai gpt-4o-mini-tts" in shown["Answers"]
    silent = quick(discord, tmp_path, OPERATORS=ADA, TTS="openai", VOICE="off")
    assert "Ends soon" not in fields(Person(silent, discord))


def test_a_budget_nearly_used_up_and_people_turned_away_are_told(
    discord: Recorder, tmp_path: Path
) -> None:
    app = quick(discord, tmp_path, RATE_PERSON="2", OPERATORS="9, 42")
    now = app.now()
    app.now = lambda: now  # nobody may ask again meanwhile
    ada = Person(app, discord)
    ada.slash("settings", budget_usd=1.0, budget_tokens=1_000_000)
    app.spending.note(GUILD, "chat", "gpt-6-astra", Usage(90_000))
    for _ in range(4):
        ada.slash("ask", question="Why?")
    shown = fields(ada)
    assert "90% of $1.00, 1,000,000 tokens" in shown["This month"]
    assert "turned away lately: 2" in shown["Questions a minute"]
    assert "This month" in shown["all"]


def test_the_frame_is_the_same_after_a_crash_between_two_messages(ada: Person) -> None:
    frame = Embed("A", "b", fields=(("one", "two", True), ("three", "", False)))
    outbox = Outbox(ada.app.files, "1")
    outbox.keep([Reply("first"), Reply("", embed=frame)])
    [_, kept] = outbox.kept()
    assert kept.embed and kept.embed.payload() == frame.payload()
    assert frame.payload()["fields"][1] == {"name": "three", "value": "—", "inline": False}


# ---- who runs the bot ----------------------------------------------------------------------------


def test_of_a_team_its_people_run_the_bot_and_not_who_only_looks_on() -> None:
    members = [
        {"user": {"id": "1"}, "membership_state": 2, "role": "admin"},
        {"user": {"id": "2"}, "membership_state": 1, "role": "admin"},
        {"user": {"id": "3"}, "membership_state": 2, "role": "read_only"},
    ]
    operators = Operators("", lambda: {"owner": {"id": "9"}, "team": {"members": members}})
    assert [operators.has(id) for id in ("1", "2", "3", "9")] == [True, False, False, False]


def test_whom_the_setting_names_runs_the_bot_and_discord_is_not_asked() -> None:
    def asked() -> dict[str, Any]:
        raise AssertionError("nobody is to be asked")

    operators = Operators("42, 43", asked)
    assert operators.has("42") and operators.has("43") and not operators.has("4")


def test_discord_is_asked_once_an_hour_and_its_silence_lets_nobody_in() -> None:
    at, told = 0.0, [{"owner": {"id": "1"}}, {"owner": {"id": "2"}}]
    down = True

    def asked() -> dict[str, Any]:
        if down:
            raise Gone("nobody there")
        return told.pop(0)

    operators = Operators("", asked, lambda: at)
    assert not operators.has("1")
    down = False
    assert operators.has("1") and operators.has("1") and not operators.has("")
    at = KEPT_S
    assert operators.has("2") and not operators.has("1")


# ---- which version -------------------------------------------------------------------------------


def test_the_version_is_the_package_s() -> None:
    about = tomllib.loads(Path("layers/core/pyproject.toml").read_text())
    assert about["project"]["version"] == NUMBER


def test_the_print_of_the_code_knows_every_byte_and_no_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_bytes(b"x = 1\n")
    (tmp_path / "notes.txt").write_text("no code")
    first = printed(tmp_path)
    (tmp_path / "a" / "b.py").write_bytes(b"x = 1\r\n")
    assert printed(tmp_path) == first and len(first) == 8
    (tmp_path / "a" / "b.py").write_bytes(b"x = 2\n")
    assert printed(tmp_path) != first
    (tmp_path / "a" / "b.py").rename(tmp_path / "a" / "c.py")
    assert printed(tmp_path) != first
