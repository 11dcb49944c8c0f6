"""Voice, as a person asks for it: through the front door, up to the order for the voice worker."""

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.config import Config, ConfigError
from protege.discord.interaction import Channel
from protege.discord.reply import Reply
from protege.errors import Unavailable
from protege.outbox import Outbox
from protege.storage import Delivery
from protege.text import plain
from protege.ui.manifest import manifest
from protege.voice.orders import Order
from protege.worker import work
from tests.person import CHANNEL, GUILD, Person, configured
from tests.recorder import Recorder

CONNECT, SPEAK, VIEW = 1 << 20, 1 << 21, 1 << 10
LOUNGE = Channel("900", "Lounge", 2, CONNECT | VIEW)


def sits_in(person: Person, channel: str | None) -> None:
    """The person sits in a voice channel, as Discord would tell."""
    state = {"user_id": person.user, "channel_id": channel, "session_id": "x"}
    path = f"/guilds/{person.guild}/voice-states/{person.user}"
    person.discord.files[path] = json.dumps(state).encode()


def runs(app: App, *, calls: int = 1) -> None:
    """A voice worker is there; time stands still, or it would soon count as dead."""
    now = app.now()
    app.now = lambda: now
    assert app.presence.beat("worker-1", now, calls)


def orders(app: App) -> list[Order]:
    """What the voice worker is asked for; it takes all of it."""
    found = []
    while delivery := app.voice_queue.receive(wait_s=0, lease_s=60):
        app.voice_queue.done(delivery.receipt)
        found.append(Order.parse(delivery.body))
    return found


def other(ada: Person, user: str, permissions: str = "0") -> Person:
    bob = Person(ada.app, ada.discord)
    bob.user, bob.permissions = user, permissions
    return bob


# ---- /join ---------------------------------------------------------------------------------------


def test_join_calls_the_bot_into_the_callers_channel(ada: Person, app: App) -> None:
    sits_in(ada, "900")
    runs(app)
    payload = ada.command("join")
    ada.act(payload)
    assert ada.sees == "🎧 On my way to <#900> …"
    [order] = orders(app)
    assert order == Order(
        "join", GUILD, "900", "", ada.user, CHANNEL, "en-US", payload["id"], payload["token"], True
    )


def test_join_goes_into_the_named_channel_wherever_the_caller_is(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("join", channel=LOUNGE)
    assert "<#900>" in ada.sees
    assert [order.voice_channel for order in orders(app)] == ["900"]


@pytest.mark.parametrize("state", ["nowhere", "has just left"])
def test_join_says_so_when_the_caller_is_in_no_channel(ada: Person, app: App, state: str) -> None:
    if state == "has just left":
        sits_in(ada, None)
    ada.slash("join")
    assert "You are in no voice channel" in ada.sees
    assert orders(app) == [] and app.presence.state() == "off"


def test_without_a_worker_join_starts_one_and_tells_of_the_wait(ada: Person, app: App) -> None:
    ada.slash("join", channel=LOUNGE)
    assert "takes up to a minute" in ada.sees and "<#900>" in ada.sees
    assert app.presence.state() == "starting"
    assert [order.do for order in orders(app)] == ["join"]


def test_a_worker_is_started_by_the_configured_command(discord: Recorder, tmp_path: Any) -> None:
    mark = tmp_path / "started"
    app = configured(discord, str(tmp_path / "data"), VOICE_COMMAND=f"mkdir '{mark}'")
    ada = Person(app, discord)
    for _ in range(2):  # the second time it would fail
        ada.slash("join", channel=LOUNGE)
    app.launcher.wait()  # type: ignore[union-attr]
    assert mark.is_dir()
    assert app.presence.state() == "starting"


def test_whoever_calls_meanwhile_waits_for_the_same_worker(ada: Person, app: App) -> None:
    ada.slash("join", channel=LOUNGE)
    assert not app.presence.claim(), "nobody else starts one now"
    bob = other(ada, "43")
    bob.guild = "78"
    bob.slash("join", channel=LOUNGE)
    assert "takes up to a minute" in ada.sees
    assert [order.guild for order in orders(app)] == [GUILD, "78"]


def test_join_is_refused_where_discord_says_that_the_bot_may_not(ada: Person, app: App) -> None:
    runs(app)
    sits_in(ada, CHANNEL)
    for lacking in (CONNECT, SPEAK):
        payload = ada.command("join")
        payload["app_permissions"] = str((CONNECT | SPEAK | 1 << 11) & ~lacking)
        ada.act(payload)
        assert "“Connect” and “Speak”" in ada.sees
    assert orders(app) == []
    payload["app_permissions"] = str(CONNECT | SPEAK)
    payload["id"] = str(int(payload["id"]) + 1)
    ada.act(payload)
    assert "On my way" in ada.sees


def test_what_the_bot_may_elsewhere_does_not_count(ada: Person, app: App) -> None:
    runs(app)
    payload = ada.command("join", channel=LOUNGE)
    payload["app_permissions"] = str(1 << 11)
    ada.act(payload)
    assert "On my way" in ada.sees


@pytest.mark.parametrize("command", ["join", "leave", "say", "voice", "chat channel"])
def test_a_private_chat_has_no_voice_channels(ada: Person, app: App, command: str) -> None:
    ada.guild = ""
    ada.slash(command, text="hello" if command == "say" else None)
    assert "not in a private chat" in ada.sees
    assert orders(app) == []
    offered = {entry["name"]: entry["contexts"] for entry in manifest(ACTIONS)}
    assert offered[command.partition(" ")[0]] == [0], "nor is it offered there"
    assert offered["ask"] == [0, 1]


@pytest.mark.parametrize("command", ["join", "leave", "say"])
def test_voice_that_is_switched_off_says_so(discord: Recorder, tmp_path: Any, command: str) -> None:
    app = configured(discord, str(tmp_path), VOICE="off")
    ada = Person(app, discord)
    ada.locale = "ru"
    ada.slash(command, text="привет" if command == "say" else None)
    assert "Мой голос здесь выключен" in ada.sees
    assert orders(app) == [] and app.presence.state() == "off"


def test_a_setting_that_is_missing_on_aws_is_named() -> None:
    env = {"DISCORD_PUBLIC_KEY": "0" * 64, "BUCKET": "bucket", "TABLE": "table"}
    app = App(Config.read(env), env)
    for name in ("VOICE_CLUSTER", "VOICE_TASK", "VOICE_SUBNETS", "VOICE_SECURITY_GROUPS"):
        with pytest.raises(ConfigError, match=name):
            _ = app.launcher
        env[name] = "x"
        app = App(Config.read(env), env)
    with pytest.raises(ConfigError, match="VOICE_QUEUE_URL"):
        _ = app.voice_queue
    assert App(Config.read({**env, "VOICE": "always"}), env).launcher is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOICE", "sometimes"),
        ("STT", "ear"),
        ("TTS", "mouth"),
        ("VOICE_IDLE_S", "0"),
        ("VOICE_HEALTH_PORT", "-1"),
        ("ENDPOINT_S", "0"),
        ("UTTERANCE_MAX_S", "x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_at_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.read({"DISCORD_PUBLIC_KEY": "0" * 64, name: value})


# ---- /leave and /say -----------------------------------------------------------------------------


def test_leave_and_say_go_to_the_worker_in_order(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("say", text="Good evening!")
    said = ada.sees
    ada.slash("leave")
    assert (said, ada.sees) == ("🔊 One moment …", "👋 I am leaving …")
    assert [(order.do, order.text) for order in orders(app)] == [
        ("say", "Good evening!"),
        ("leave", ""),
    ]


def test_nothing_but_spaces_is_not_said(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("say", text=" \n ")
    assert "nothing to say" in ada.sees
    assert orders(app) == []


@pytest.mark.parametrize("command", ["leave", "say"])
def test_without_a_worker_there_is_nothing_to_leave_or_to_speak_into(
    ada: Person, app: App, command: str
) -> None:
    ada.slash(command, text="hello" if command == "say" else None)
    assert "I am in no voice channel" in ada.sees
    assert orders(app) == [] and app.presence.state() == "off"


def test_a_worker_that_fell_silent_counts_as_dead(ada: Person, app: App) -> None:
    runs(app)
    later = app.now() + 15.0
    app.now = lambda: later
    ada.slash("leave")
    assert "I am in no voice channel" in ada.sees
    ada.slash("join", channel=LOUNGE)
    assert "takes up to a minute" in ada.sees


class Leaving(deque[Any]):
    """Answers of Discord; with the first of them the voice worker stops."""

    def __init__(self, app: App) -> None:
        super().__init__([(200, {}, {"id": "600"})])
        self._app = app

    def popleft(self) -> Any:
        self._app.presence.gone("worker-1")
        return super().popleft()


@pytest.mark.parametrize("command", ["leave", "say"])
def test_a_worker_that_stops_between_reply_and_order_leaves_nobody_waiting(
    ada: Person, app: App, command: str
) -> None:
    runs(app)
    ada.discord.answers = Leaving(app)
    ada.slash(command, text="hello" if command == "say" else None)
    first, last = ada.discord.contents()
    assert first.endswith("…") and "I am in no voice channel" in last
    assert orders(app) == []


def test_join_starts_another_worker_where_the_last_one_stops_meanwhile(
    ada: Person, app: App
) -> None:
    runs(app)
    ada.discord.answers = Leaving(app)
    ada.slash("join", channel=LOUNGE)
    assert "On my way" in ada.sees
    assert app.presence.state() == "starting" and len(orders(app)) == 1


# ---- kills and duplicates ------------------------------------------------------------------------


def deliver_twice(ada: Person, payload: dict[str, Any]) -> None:
    """The queue brings the same interaction to a second worker when the first one is done."""
    ada.hand_in(payload)
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    for _ in range(2):
        assert work(ada.app, [delivery]) == []


def test_a_duplicate_asks_the_worker_once(ada: Person, app: App) -> None:
    runs(app)
    deliver_twice(ada, ada.command("say", text="once"))
    assert [order.text for order in orders(app)] == ["once"]


def test_a_worker_killed_after_the_order_repeats_neither_order_nor_message(
    ada: Person, app: App
) -> None:
    """The claim was not finished: another worker goes through it all again."""
    runs(app)
    payload = ada.command("say", text="once")
    ada.hand_in(payload)
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    work(app, [delivery])
    unfinished(app, payload["id"])
    sent = len(ada.discord.calls)
    assert work(app, [delivery]) == []
    assert len(ada.discord.calls) == sent
    assert [order.text for order in orders(app)] == ["once"]


def test_a_worker_killed_before_the_order_sends_it_at_the_second_try(ada: Person, app: App) -> None:
    runs(app)
    payload = ada.command("say", text="late")
    ada.hand_in(payload)
    delivery = ada.app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    app.claims.take(f"interaction-{payload['id']}", delivery.id, 0)
    order = Order("say", GUILD, text="late", interaction=payload["id"], token=payload["token"])
    Outbox(app.files, payload["id"]).keep([Reply("🔊 One moment …", voice=order)])
    app.claims.mark(f"interaction-{payload['id']}", 1)  # the message went out, then came the end
    assert work(app, [delivery]) == []
    assert ada.discord.calls == []
    assert [order.text for order in orders(app)] == ["late"]


def unfinished(app: App, interaction: str) -> None:
    """As if the worker had been killed before it could say that it is done."""
    kind = f"claim#interaction-{interaction}"
    fields = {**app.records.get(kind, "claim").fields, "state": "taken"}
    app.records.put(kind, "claim", fields)


class Nothing:
    """A launcher that does not get through."""

    def start(self) -> None:
        raise Unavailable("no room")


def test_a_start_that_fails_is_told_and_tried_again(ada: Person, app: App) -> None:
    able = app.launcher
    app.launcher = Nothing()
    ada.hand_in(ada.command("join", channel=LOUNGE))
    delivery: Delivery | None = app.queue.receive(wait_s=0, lease_s=60)
    assert delivery
    assert work(app, [delivery]) == [delivery.id]
    assert "A service that I need does not answer" in ada.sees
    assert app.presence.state() == "off", "the next one may try at once"
    app.launcher = able
    assert work(app, [delivery]) == []
    assert app.presence.state() == "starting"
    assert [order.do for order in orders(app)] == ["join"]


def test_an_order_survives_being_kept_with_its_messages(app: App) -> None:
    order = Order("say", GUILD, text="hm", interaction="1", token="t")
    replies = [Reply("first"), Reply("last", voice=order)]
    box = Outbox(app.files, "1")
    box.keep(replies)
    assert box.kept() == replies


# ---- /voice --------------------------------------------------------------------------------------


def test_voice_shows_all_rules_to_everybody(ada: Person, app: App) -> None:
    bob = other(ada, "43")
    bob.slash("voice")
    for rule in ("Voice", "Language", "Speed", "I listen to", "Transcript", "I keep"):
        assert f"**{rule}**" in bob.sees
    assert "asked — who pressed" in bob.sees and "off — nothing" in bob.sees


def test_voice_changes_what_is_given_and_tells_the_worker(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("voice", voice="F3", language="ru", speed=1.25)
    ada.slash("voice", listen="everyone", transcript="off", keep="text")
    assert "everyone" in ada.sees and "1.25" in ada.sees and "f3" in ada.sees
    rules = app.voice_rules.rules(GUILD)
    assert rules[:6] == ("f3", "ru", 1.25, "everyone", "off", "text")
    assert [(order.do, order.token) for order in orders(app)] == [("rules", "")] * 2
    ada.slash("voice", voice="usual", language="auto")
    assert app.voice_rules.rules(GUILD)[:2] == ("", "")


def test_who_may_not_manage_the_server_changes_nothing(ada: Person, app: App) -> None:
    bob = other(ada, "43")
    bob.slash("voice", listen="everyone")
    assert "Manage Server" in bob.sees
    assert app.voice_rules.rules(GUILD).listens == "asked"


@pytest.mark.parametrize(
    "given",
    [
        {"voice": "a b"},
        {"voice": "marin"},
        {"voice": "../../etc/passwd"},
        {"voice": "--help; rm"},
        {"voice": "-w"},
        {"language": "klingon"},
        {"language": "ru; x"},
        {"language": "xx"},
        {"speed": 0.4},
        {"speed": 3},
        {"listen": "all"},
        {"transcript": "yes"},
        {"keep": "video"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(ada: Person, app: App, given: dict[str, Any]) -> None:
    before = app.voice_rules.rules(GUILD)
    ada.slash("voice", **given)
    assert "**Voice**" not in ada.sees and "Something went wrong" not in ada.sees
    assert app.voice_rules.rules(GUILD) == before


@pytest.mark.parametrize(
    ("typed", "meant", "shown"),
    [
        ("EN", "en-US", "English (US)"),
        ("pt", "pt-BR", "Português"),
        ("es", "es-ES", "España"),
        ("sv-se ", "sv-SE", "Svenska"),
        ("ru", "ru", "Русский"),
    ],
)
def test_a_language_is_found_by_its_code(
    ada: Person, app: App, typed: str, meant: str, shown: str
) -> None:
    ada.slash("voice", language=typed)
    assert app.voice_rules.rules(GUILD).language == meant and shown in ada.sees


def test_a_language_is_suggested_by_code_or_name(ada: Person, app: App) -> None:
    def found(typed: str) -> list[str]:
        return [one["value"] for one in ada.suggestions("voice", "language", typed)]

    assert found("")[:3] == ["auto", "en-US", "ru"] and len(found("")) == 25
    assert found("португ") == [] and found("portug") == ["pt-BR"] and found("日本") == ["ja"]
    assert found("zh") == ["zh-CN", "zh-TW"]


def test_a_voice_that_what_speaks_does_not_have_is_refused_by_name(ada: Person, app: App) -> None:
    ada.slash("voice", voice="bob")
    assert "`espeak`" in ada.sees and "“bob”" in ada.sees and "f1, f2" in ada.sees
    ada.locale = "ru"
    ada.slash("voice", voice="bob")
    assert "нет голоса «bob»" in ada.sees


def test_a_voice_of_another_engine_is_shown_as_unknown(ada: Person, app: App) -> None:
    app.voice_rules.change(GUILD, ada.user, voice="marin")
    ada.slash("voice")
    assert "marin — unknown to `espeak`, which speaks as usual" in ada.sees


def test_voices_are_suggested_by_what_is_typed(ada: Person, app: App) -> None:
    first, *others = ada.suggestions("voice", "voice", "")
    assert first["value"] == "usual" and [one["value"] for one in others[:2]] == ["f1", "f2"]
    found = [one["value"] for one in ada.suggestions("voice", "voice", "WHIS")]
    assert found == ["whisper", "whisperf"]


@pytest.mark.parametrize(
    ("tts", "model", "takes", "refuses"),
    [
        ("openai", "", "Fable", "f3"),
        ("openai", "tts-1", "fable", "marin"),
        ("realtime", "", "cedar", "fable"),
        ("gtts", "", "co.uk", "example.com"),
        ("piper", "", "en_US-lessac-medium", "-x"),
    ],
    ids=str,
)
def test_each_engine_has_voices_of_its_own(
    discord: Recorder, tmp_path: Path, tts: str, model: str, takes: str, refuses: str
) -> None:
    bot = configured(discord, str(tmp_path), TTS=tts, TTS_MODEL=model)
    ada = Person(bot, discord)
    ada.slash("voice", voice=refuses)
    assert bot.voice_rules.rules(GUILD).voice == ""
    ada.slash("voice", voice=takes)
    assert bot.voice_rules.rules(GUILD).voice.casefold() == takes.casefold()
    assert plain(takes.replace("Fable", "fable"), 60) in ada.sees and "unknown to" not in ada.sees


def test_pipers_voices_are_offered_where_their_folder_is_at_hand(
    discord: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "piper").mkdir()
    for name in ("ru_RU-irina-medium.onnx", "ru_RU-irina-medium.onnx.json", "en_GB-half.onnx"):
        (tmp_path / "piper" / name).touch()
    folder = str(tmp_path / "piper")
    bot = configured(discord, str(tmp_path / "bot"), TTS="piper", TTS_FOLDER=folder)
    ada = Person(bot, discord)
    offered = [one["value"] for one in ada.suggestions("voice", "voice", "")]
    assert offered == ["usual", "ru_RU-irina-medium"]
    ada.slash("voice", voice="en_US-lessac-medium")
    assert "has no voice" in ada.sees and "ru_RU-irina-medium" in ada.sees


@pytest.mark.parametrize("option", ["voice", "language", "listen", "transcript", "keep"])
def test_every_suggestion_of_voice_is_taken(ada: Person, app: App, option: str) -> None:
    for choice in ada.suggestions("voice", option, ""):
        ada.slash("voice", **{option: choice["value"]})
        assert "**Voice**" in ada.sees


# ---- consent -------------------------------------------------------------------------------------


def test_listening_begins_and_ends_with_a_button(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("voice")
    assert "did not ask me to listen" in ada.sees
    ada.press(ada.buttons[0])
    assert "From now on I hear you" in ada.sees
    assert app.consent.given(GUILD) == {ada.user}
    since = app.records.get(f"consent#{GUILD}", ada.user).fields
    assert since["user"] == ada.user and abs(since["at"] - app.now()) < 60
    ada.press(ada.buttons[0])
    assert "do not listen to you any more" in ada.sees
    assert app.consent.given(GUILD) == frozenset()
    assert [order.do for order in orders(app)] == ["rules", "rules"]


def test_the_button_is_about_who_pressed_it(ada: Person, app: App) -> None:
    bob = other(ada, "43")
    ada.press("listen_to_me:")
    bob.press("stop_listening:42")
    assert "had not allowed it" in bob.sees
    assert app.consent.given(GUILD) == {ada.user}


def test_pressing_twice_keeps_the_first_time(ada: Person, app: App) -> None:
    ada.press("listen_to_me:")
    since = app.consent.since(GUILD, ada.user)
    ada.press("listen_to_me:")
    assert app.consent.since(GUILD, ada.user) == since > 0


def test_consent_holds_in_one_server_only(ada: Person, app: App) -> None:
    ada.press("listen_to_me:")
    assert app.consent.given("78") == frozenset()


def test_who_is_heard_anyway_or_never_is_told(ada: Person) -> None:
    ada.slash("voice", listen="nobody")
    ada.press("listen_to_me:")
    assert "listen to nobody here" in ada.sees
    ada.slash("voice", listen="everyone")
    ada.press("stop_listening:")
    assert "I listen to everyone" in ada.sees


def test_privacy_shows_the_consent_and_takes_it_back(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("privacy")
    assert "let me hear you" not in ada.sees
    ada.press("listen_to_me:")
    ada.slash("privacy")
    assert "You let me hear you since <t:" in ada.sees
    ada.press(next(b for b in ada.buttons if b["label"] == "Stop listening to me"))
    assert app.consent.given(GUILD) == frozenset()
    ada.slash("privacy")
    assert "let me hear you" not in ada.sees


def test_privacy_exports_and_deletes_the_consent(ada: Person, app: App) -> None:
    runs(app)
    ada.press("listen_to_me:")
    bob = other(ada, "43")
    bob.press("listen_to_me:")
    ada.press("privacy_export:")
    body = json.loads(ada.discord.calls[-1].files["my-data.json"])
    assert [entry["user"] for entry in body["consent"]] == [ada.user]
    orders(app)
    ada.press("privacy_confirm:")
    assert app.consent.given(GUILD) == {"43"}
    assert [order.do for order in orders(app)] == ["rules"], "the worker hears of it"


# ---- /chat ---------------------------------------------------------------------------------------

CHAT = Channel("88", "general", 0)


def test_chat_channels_are_added_listed_and_removed(ada: Person, app: App) -> None:
    runs(app)
    ada.slash("chat channel")
    assert "no messages but those meant for me" in ada.sees
    ada.slash("chat channel", channel=Channel("901", "faq", 0))
    ada.slash("chat channel", change="add")
    assert app.voice_rules.rules(GUILD).chat_channels == ("901", CHANNEL)
    ada.slash("chat channel", change="list")
    assert f"<#901>, <#{CHANNEL}>" in ada.sees
    ada.slash("chat channel", change="remove", channel=CHAT)
    ada.slash("chat channel", change="add", channel=Channel("901", "faq", 0))
    assert app.voice_rules.rules(GUILD).chat_channels == ("901",)
    assert [order.do for order in orders(app)] == ["rules"] * 4


def test_what_keeps_it_from_reading_there_is_said(discord: Recorder, tmp_path: Any) -> None:
    for env, said, unsaid in (
        ({}, ("MESSAGE_CONTENT=1", "only while I am awake"), ()),
        ({"MESSAGE_CONTENT": "1"}, ("only while I am awake",), ("MESSAGE_CONTENT",)),
        ({"MESSAGE_CONTENT": "1", "VOICE": "always"}, ("every message",), ("⚠️",)),
        ({"MESSAGE_CONTENT": "1", "VOICE": "off"}, ("no messages at all",), ("awake",)),
    ):
        ada = Person(configured(discord, str(tmp_path), **env), discord)
        ada.slash("chat channel", change="add", channel=CHAT)
        assert all(words in ada.sees for words in said)
        assert not any(words in ada.sees for words in unsaid)


def test_there_is_an_end_to_channels(ada: Person, app: App) -> None:
    for number in range(50):
        app.voice_rules.open_channel(GUILD, "1", str(number), most=50)
    ada.slash("chat channel", channel=CHAT)
    assert "too many" in ada.sees
    ada.slash("chat channel", channel=Channel("7", "old", 0))
    assert "I answer every message" in ada.sees


def test_an_unknown_wish_is_named_with_the_known_ones(ada: Person) -> None:
    ada.slash("chat channel", change="explode")
    assert "add, remove, list" in ada.sees


# ---- what is registered --------------------------------------------------------------------------


def test_channels_to_choose_from_are_those_that_fit() -> None:
    commands = {entry["name"]: entry for entry in manifest(ACTIONS)}
    [join] = commands["join"]["options"]
    assert (join["type"], join["channel_types"], join["required"]) == (7, [2], False)
    assert commands["chat"]["default_member_permissions"] == "32"
    assert commands["voice"]["default_member_permissions"] is None
    [chat] = commands["chat"]["options"]
    assert chat["options"][1]["channel_types"] == [0, 2, 5, 10, 11, 12]
    assert "channel_types" not in commands["ask"]["options"][0]


def test_a_channel_that_discord_does_not_describe_is_malformed(ada: Person) -> None:
    payload = ada.command("join", channel=LOUNGE)
    payload["data"]["resolved"] = {}
    assert ada.send(json.dumps(payload).encode())[0] == 400
