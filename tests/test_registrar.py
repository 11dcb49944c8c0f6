"""Commands and endpoint: only what changed is sent, and what was stays when anything fails."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.serving import make_server

from playground.bot import environment
from playground.discord.server import Server
from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.config import Config, ConfigError
from protege.discord.rest import Discord
from protege.errors import Unavailable
from protege.registrar import register
from protege.registrar.__main__ import main
from protege.registrar.comparing import difference
from protege.registrar.endpoint import probe
from protege.registrar.guilds import joined, own_shelves
from protege.registrar.registration import Order, carry_out
from protege.registrar.resources import misconfigured, resource
from protege.registrar.shelf import Shelf
from protege.server.endpoint import endpoint
from protege.ui.manifest import manifest
from tests.recorder import Recorder

COMMANDS = manifest(ACTIONS)
ONE = {"type": 1, "name": "old", "description": "From before"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "discord") as it:
        yield it
        assert it.parts.journal.violations() == []


@pytest.fixture
def app(server: Server, tmp_path: Path) -> App:
    """Knows nothing but the bot's token."""
    given = environment(server, tmp_path / "bot", 0)
    env = {name: given[name] for name in ("DISCORD_BOT_TOKEN", "DISCORD_API", "DATA_DIR")}
    return App(Config.read(env, keyless=True), {**env, "AWS_ENDPOINT_URL": "http://127.0.0.1"})


def calls(server: Server) -> list[str]:
    """What was changed: method and the last part of the path, and which commands."""
    told = [c for c in server.parts.journal.loose() if c["method"] != "GET"]
    return [
        f"{c['method']} {c['path'].rsplit('/', 1)[1]} {_named(c['body'])}".strip() for c in told
    ]


def _named(body: Any) -> str:
    if isinstance(body, list):
        return str(len(body))
    return (body or {}).get("name", "")


def names(server: Server, guild: str = "") -> set[str]:
    return {command["name"] for command in server.parts.catalogue.all(guild)}


# ---- commands ------------------------------------------------------------------------------------


def test_the_first_time_all_commands_are_sent_at_once(app: App, server: Server) -> None:
    found = register(app)
    assert len(found.created) == found.total == len(COMMANDS)
    assert calls(server) == [f"PUT commands {len(COMMANDS)}"]
    assert names(server) == {command["name"] for command in COMMANDS}


def test_commands_that_did_not_change_are_left_alone(app: App, server: Server) -> None:
    register(app)
    again = register(app)
    assert (again.created, again.changed, again.removed) == ((), (), ())
    assert len(again.left) == len(COMMANDS)
    assert len(calls(server)) == 1


def test_only_what_changed_is_sent(app: App, server: Server) -> None:
    register(app)
    catalogue = server.parts.catalogue
    catalogue.add({**COMMANDS[0], "description": "Another text"})
    catalogue.add(ONE)
    catalogue.remove(next(c["id"] for c in catalogue.all() if c["name"] == "ask"))
    ids = {c["name"]: c["id"] for c in catalogue.all()}
    found = register(app)
    assert (found.created, found.changed, found.removed) == (("ask",), ("hi",), ("old",))
    assert calls(server)[1:] == ["POST commands ask", "POST commands hi", f"DELETE {ids['old']}"]
    assert {c["name"]: c["id"] for c in catalogue.all()}["hi"] == ids["hi"], "it is the same one"
    assert len(register(app).left) == len(COMMANDS)


def test_a_changed_translation_is_a_change(app: App, server: Server) -> None:
    register(app)
    [hi] = [c for c in COMMANDS if c["name"] == "hi"]
    server.parts.catalogue.add({**hi, "description_localizations": {"ru": "Иначе"}})
    assert register(app).changed == ("hi",)


def test_one_guild_has_commands_of_its_own(app: App, server: Server) -> None:
    guild = server.parts.world.joined[0]["id"]
    assert len(register(app, guild).created) == len(COMMANDS)
    assert register(app, guild).created == ()
    assert names(server) == set() and len(names(server, guild)) == len(COMMANDS)


def test_guilds_with_commands_of_their_own_are_found_page_by_page(app: App, server: Server) -> None:
    guilds = sorted((place["id"] for place in server.parts.world.joined), key=int)
    assert len(guilds) > 1 and list(joined(app.discord, page=1)) == guilds
    register(app, guilds[-1])
    [(guild, shelf)] = own_shelves(app.discord, server.parts.world.application["id"])
    shelf.clear()
    assert guild == guilds[-1] and names(server, guild) == set()


def test_a_dry_run_changes_nothing(app: App, server: Server) -> None:
    assert len(register(app, dry=True).created) == len(COMMANDS)
    assert calls(server) == []


@pytest.mark.parametrize("broken", ["DELETE", "POST", "PUT"])
def test_what_fails_half_way_is_put_back(app: App, server: Server, broken: str) -> None:
    register(app)
    catalogue = server.parts.catalogue
    catalogue.add(ONE)
    if broken == "PUT":
        catalogue.replace([ONE])
    else:
        catalogue.add({**COMMANDS[0], "description": "Another text"})
    before = {c["name"]: c["description"] for c in catalogue.all()}
    server.parts.faults.add({"kind": "error", "status": 400, "method": broken, "path": "commands"})
    with pytest.raises(Unavailable, match="400"):
        register(app)
    assert {c["name"]: c["description"] for c in catalogue.all()} == before


def test_a_discord_that_is_down_in_the_middle_is_survived(app: App, server: Server) -> None:
    register(app)
    server.parts.catalogue.add(ONE)
    config = app.config
    waited: list[float] = []
    shelf = Shelf(
        Discord(config.discord_api, "", lambda refused: config.discord_bot_token, waited.append),
        server.parts.world.application["id"],
    )
    server.parts.faults.add({"kind": "error", "status": 500, "method": "DELETE", "count": 5})
    with pytest.raises(Unavailable, match="500"):
        shelf.become(COMMANDS)
    assert "old" in names(server) and len(waited) == 4


def test_what_is_wrong_with_a_command_is_told_field_by_field(app: App, server: Server) -> None:
    shelf = Shelf(app.discord, server.parts.world.application["id"])
    odd = {"type": 1, "name": "odd", "description": "x" * 101}
    with pytest.raises(Unavailable, match=r"description: Must be between 1 and 100 in length"):
        shelf.become([odd])
    server.parts.journal.forgive()


def test_a_rate_limit_is_waited_for(app: App, server: Server) -> None:
    server.parts.faults.add({"kind": "rate_limit", "seconds": 0.01, "path": "commands", "count": 2})
    assert len(register(app).created) == len(COMMANDS)


def test_too_little_time_leaves_what_was(app: App, server: Server) -> None:
    shelf = Shelf(app.discord, server.parts.world.application["id"], left_s=lambda: 10.0)
    with pytest.raises(Unavailable, match="time"):
        shelf.become(COMMANDS)
    assert calls(server) == []


def test_what_discord_adds_and_leaves_out_is_no_difference() -> None:
    option: dict[str, Any] = {"type": 4, "name": "n", "description": "y", "min_value": 0}
    wanted = {
        "name": "say",
        "description": "x",
        "options": [option],
        "contexts": [1, 0],
        "default_member_permissions": "32",
    }
    told = {
        "id": "1",
        "version": "2",
        "application_id": "3",
        "type": 1,
        "nsfw": False,
        **wanted,
        "contexts": [0, 1],
        "integration_types": [0, 1],
        "name_localizations": None,
        "description_localized": "x",
        "options": [{**option, "required": False, "choices": []}],
    }
    assert difference([wanted], [told]).left == ["say"]
    other = {**told, "options": [{**option, "min_value": None}]}
    assert difference([wanted], [other]).changed == [wanted]


def test_an_entry_point_is_discords_own() -> None:
    found = difference([], [{"type": 4, "name": "launch"}, {"type": 2, "name": "old"}])
    assert [command["name"] for command in found.removed] == ["old"]


# ---- endpoint ------------------------------------------------------------------------------------


@pytest.fixture
def bot(server: Server, tmp_path: Path) -> Iterator[str]:
    """Where the real endpoint is, with the key of the stand-in."""
    env = environment(server, tmp_path / "bot", 0)
    it = make_server("127.0.0.1", 0, endpoint(App(Config.read(env), env)), threaded=True)
    thread = threading.Thread(target=it.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{it.server_port}/interactions"
    it.shutdown()
    thread.join()
    it.server_close()


class _Fixed(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"type":1}'
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def fixed() -> Iterator[http.server.ThreadingHTTPServer]:
    """Answers everything with `status`."""
    it = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Fixed)
    thread = threading.Thread(target=it.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield it
    it.shutdown()
    it.server_close()


def url(of: http.server.ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{of.server_port}/interactions"


@contextmanager
def asked(others: int) -> Iterator[Discord]:
    """A Discord in which the bot is on two servers: of one it may see the commands, for the other
    it gets this status."""

    def answer(env: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        path, status, body = env["PATH_INFO"], 200, json.dumps([ONE])
        if path.endswith("/guilds"):
            body = '[{"id": "7"}, {"id": "8"}]'
        elif "/guilds/7/" in path:
            status, body = others, '{"code": 50001, "message": "Missing Access"}'
        start(f"{status} Told", [("Content-Length", str(len(body)))])
        return [body.encode()]

    it = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=it.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Discord(f"http://127.0.0.1:{it.server_port}", "1", lambda refused: "t", lambda s: None)
    it.shutdown()
    thread.join()
    it.server_close()


def test_a_guild_whose_commands_we_may_not_see_is_passed_over_an_outage_is_not() -> None:
    with asked(others=403) as discord:
        assert [guild for guild, _ in own_shelves(discord, "1")] == ["8"]
    with asked(others=503) as discord, pytest.raises(Unavailable, match="503"):
        list(own_shelves(discord, "1"))


def test_an_endpoint_that_refuses_forgeries_is_set(app: App, server: Server, bot: str) -> None:
    carry_out(app.discord, Order(bot))
    assert server.parts.world.application["interactions_endpoint_url"] == bot
    assert len(names(server)) > 8


@pytest.mark.parametrize(
    ("status", "told"),
    [(200, "anybody could speak"), (502, "broke"), (404, "not there"), (301, "301"), (400, "400")],
)
def test_an_endpoint_that_does_otherwise_is_told_of(fixed: Any, status: int, told: str) -> None:
    fixed.status = status
    waited: list[float] = []
    with pytest.raises(Unavailable, match=told):
        probe(url(fixed), waited.append)
    assert len(waited) == (3 if status in (502, 404) else 0), "what may pass is tried again"


def test_an_endpoint_that_is_not_there_is_told_of() -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        probe("http://127.0.0.1:9/interactions", lambda s: None)


def test_an_endpoint_that_takes_forgeries_changes_nothing(
    app: App, server: Server, fixed: Any
) -> None:
    fixed.status = 200
    server.parts.catalogue.add(ONE)
    with pytest.raises(Unavailable, match="a forged signature"):
        carry_out(app.discord, Order(url(fixed)))
    assert calls(server) == [] and names(server) == {"old"}


def test_a_wrong_public_key_is_told_in_words(app: App, server: Server, fixed: Any) -> None:
    fixed.status = 401
    with pytest.raises(Unavailable, match="public key of this very application"):
        carry_out(app.discord, Order(url(fixed)))
    assert names(server) == set()
    assert server.parts.world.application["interactions_endpoint_url"] is None
    server.parts.journal.forgive()


def test_commands_that_fail_bring_the_endpoint_back(app: App, server: Server, bot: str) -> None:
    server.parts.faults.add({"kind": "error", "status": 400, "method": "PUT", "path": "commands"})
    with pytest.raises(Unavailable, match="400"):
        carry_out(app.discord, Order(bot))
    assert server.parts.world.application["interactions_endpoint_url"] is None


def test_without_a_key_no_signature_holds(app: App) -> None:
    """The registrar needs no public key; nobody may take that for an open door."""
    from protege.ingress import respond

    assert respond(app, b'{"type":1}', "0" * 128, str(int(app.now()))).status == 401
    with pytest.raises(ConfigError, match="DISCORD_PUBLIC_KEY"):
        Config.read({})


# ---- CloudFormation ------------------------------------------------------------------------------


def event(to: Recorder, kind: str, type: str = "Registration", **more: Any) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResourceType": f"Custom::Discord{type}",
        "ResponseURL": f"{to.url}/cloudformation?X-Amz-Signature=secret",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": type,
        "ResourceProperties": {},
        **more,
    }


def told(to: Recorder) -> dict[str, Any]:
    [call] = to.calls
    assert call.method == "PUT"
    return dict(call.body)


def test_discord_says_who_the_application_is(app: App, server: Server, discord: Recorder) -> None:
    resource(app, event(discord, "Create", "Application"))
    id = server.parts.world.application["id"]
    answer = told(discord)
    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] == f"discord-application-{id}"
    assert answer["Data"]["ApplicationId"] == id
    assert answer["Data"]["PublicKey"] == server.parts.world.public_key
    assert (answer["StackId"], answer["RequestId"]) == ("stack", "request")


def test_a_registration_says_how_many(app: App, discord: Recorder, bot: str) -> None:
    properties = {"EndpointUrl": bot, "ApplicationId": "1"}
    resource(app, event(discord, "Create", ResourceProperties=properties))
    assert told(discord)["Status"] == "SUCCESS"
    assert told(discord)["Data"]["Commands"] == len(COMMANDS)


def test_an_event_that_comes_twice_does_no_harm(
    app: App, server: Server, discord: Recorder
) -> None:
    first = resource(app, event(discord, "Create"))
    second = resource(app, event(discord, "Create"))
    assert first["Data"]["Created"] == second["Data"]["Left"] == len(COMMANDS)
    assert len(calls(server)) == 1


def test_a_guild_that_is_given_up_loses_its_commands(
    app: App, server: Server, discord: Recorder
) -> None:
    guild = server.parts.world.joined[0]["id"]
    register(app, guild)
    old = {"Guild": guild}
    resource(app, event(discord, "Update", ResourceProperties={}, OldResourceProperties=old))
    assert names(server, guild) == set() and len(names(server)) > 8


def test_a_guild_that_sent_the_bot_away_stops_no_deploy(
    app: App, server: Server, discord: Recorder
) -> None:
    old = {"Guild": "1" * 18}
    resource(app, event(discord, "Update", ResourceProperties={}, OldResourceProperties=old))
    assert told(discord)["Status"] == "SUCCESS" and len(names(server)) > 8


def test_a_wrong_token_is_told_in_words(app: App, discord: Recorder) -> None:
    env = {**app.config._asdict(), "discord_bot_token": "wrong-token"}
    other = App(Config(**env), {"AWS_ENDPOINT_URL": discord.url})
    resource(other, event(discord, "Create", "Application"))
    assert told(discord)["Status"] == "FAILED"
    assert "Reset Token" in told(discord)["Reason"] and "wrong-token" not in told(discord)["Reason"]


def test_a_deleted_stack_leaves_discord_alone(app: App, server: Server, discord: Recorder) -> None:
    register(app)
    resource(app, event(discord, "Delete", PhysicalResourceId="discord-registration"))
    assert told(discord)["Status"] == "SUCCESS"
    assert told(discord)["PhysicalResourceId"] == "discord-registration"
    assert len(calls(server)) == 1


@pytest.mark.parametrize("odd", [{"RequestType": "?"}, {"ResourceProperties": 3}])
def test_a_strange_event_is_answered_all_the_same(
    app: App, discord: Recorder, odd: dict[str, Any]
) -> None:
    if "ResourceProperties" in odd:
        resource(app, event(discord, "Update", **odd))
        assert told(discord)["Status"] == "FAILED"
        assert "AttributeError" in told(discord)["Reason"]
    else:
        resource(app, event(discord, "Create", "Application", RequestType=None))
        assert told(discord)["Status"] in ("SUCCESS", "FAILED")


def test_a_setting_that_makes_no_sense_is_told(discord: Recorder) -> None:
    env = {"AWS_ENDPOINT_URL": discord.url}
    misconfigured(event(discord, "Create"), ConfigError("PROVIDER is none of local"), env)
    assert told(discord)["Reason"] == "PROVIDER is none of local"


def test_a_stack_that_such_a_setting_stopped_can_be_deleted(discord: Recorder) -> None:
    env, gone = {"AWS_ENDPOINT_URL": discord.url}, {"PhysicalResourceId": "discord-nothing"}
    misconfigured(event(discord, "Delete", **gone), ConfigError("PROVIDER is none of local"), env)
    assert told(discord)["Status"] == "SUCCESS"
    assert told(discord)["PhysicalResourceId"] == "discord-nothing"


def test_a_function_out_of_time_has_answered_before(
    app: App, server: Server, discord: Recorder
) -> None:
    """Discord keeps silent for longer than the function may run."""
    server.parts.faults.add({"kind": "timeout", "seconds": 30, "path": "applications/@me"})
    answered = threading.Event()

    class Seen(list[Any]):
        def append(self, call: Any) -> None:
            super().append(call)
            answered.set()

    discord.calls = Seen()
    runs = threading.Thread(
        target=resource, args=(app, event(discord, "Create", "Application"), lambda: 6.1)
    )
    runs.start()
    assert answered.wait(60)
    server.parts.faults.over.set()
    runs.join()
    assert told(discord)["Status"] == "FAILED" and "too long" in told(discord)["Reason"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/?X-Amz-Signature=a",
        "http://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/",
        "https://amazonaws.com.evil.example/",
        "https://user@evil.example#.amazonaws.com",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_answers_go_to_aws_only(app: App, discord: Recorder, address: str) -> None:
    with pytest.raises(Unavailable) as refused:
        resource(app, event(discord, "Delete", PhysicalResourceId="x", ResponseURL=address))
    assert "evil" not in str(refused.value)
    assert discord.calls == []


def test_an_answer_that_is_not_taken_tells_nothing_of_the_address(
    app: App, discord: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "protege")
    discord.answers.append((403, {}, {}))
    resource(app, event(discord, "Delete", PhysicalResourceId="x"))
    assert "403" in caplog.text and "X-Amz" not in caplog.text


def test_an_answer_is_brought_again_where_that_may_help(app: App, discord: Recorder) -> None:
    discord.answers.extend([(503, {}, {}), (500, {}, {})])
    resource(app, event(discord, "Delete", PhysicalResourceId="x"))
    assert [call.body["Status"] for call in discord.calls] == ["SUCCESS"] * 3


def test_an_answer_that_nobody_takes_is_an_error_without_the_address(
    app: App, discord: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    closed = "http://127.0.0.1:9/?X-Amz-Signature=secret"
    with pytest.raises(Unavailable) as error:
        resource(app, event(discord, "Delete", PhysicalResourceId="x", ResponseURL=closed))
    assert "cannot be answered: NewConnectionError" in str(error.value)
    assert "X-Amz" not in f"{caplog.text}{error.value}"


# ---- by hand -------------------------------------------------------------------------------------


def test_by_hand_it_says_what_it_did(
    server: Server, app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    env = {n.upper(): str(v) for n, v in app.config._asdict().items() if v not in ("", 0)}
    assert main(["--dry-run"], env) == 0
    assert f"would be created {len(COMMANDS)}" in capsys.readouterr().out
    assert main([], env) == 0
    said = capsys.readouterr().out
    assert f"created {len(COMMANDS)}: /hi, /ask" in said and "“Correct this answer”" in said
    assert "scope=bot+applications.commands&permissions=274881170432" in said
    assert app.config.discord_bot_token not in said
    assert main(["--guild", "1"], env) == 1
    assert "is the bot invited? https://discord.com/oauth2" in capsys.readouterr().err


def test_by_hand_another_applications_key_is_noticed(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    env = {n.upper(): str(v) for n, v in app.config._asdict().items() if v not in ("", 0)}
    assert main([], {**env, "DISCORD_PUBLIC_KEY": "5a" * 32}) == 1
    assert "DISCORD_PUBLIC_KEY belongs to another application" in capsys.readouterr().err


def test_by_hand_nothing_is_done_without_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {}) == 1
    assert "DISCORD_BOT_TOKEN is not set" in capsys.readouterr().err


def test_the_manifest_is_small_enough_to_be_told(app: App, discord: Recorder) -> None:
    answer = resource(app, event(discord, "Create"))
    assert len(json.dumps(answer).encode()) < 4096
