"""CloudFormation's custom resource: it is answered whatever happens."""

from typing import Any

import pytest

from protege.app import App
from protege.registrar import register, resource
from tests.recorder import Recorder


def event(discord: Recorder, kind: str) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": f"{discord.url}/cloudformation",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Registration",
        "ResourceProperties": {"EndpointUrl": "https://bot.example/interactions"},
    }


def told(discord: Recorder) -> list[tuple[str, str]]:
    return [(call.method, call.path) for call in discord.calls]


def test_a_new_stack_registers_commands_and_endpoint(app: App, discord: Recorder) -> None:
    answer = resource(app, event(discord, "Create"))
    application = app.config.discord_application_id
    assert told(discord) == [
        ("PUT", f"/applications/{application}/commands"),
        ("PATCH", "/applications/@me"),
        ("PUT", "/cloudformation"),
    ]
    assert answer["Status"] == "SUCCESS" and answer["Data"]["Commands"] >= 8
    assert discord.calls[-1].body == answer


def test_commands_that_did_not_change_are_left_alone(app: App, discord: Recorder) -> None:
    register(app)
    register(app)
    assert len(discord.calls) == 1


@pytest.mark.parametrize("refusal", [(401, {}, {"code": 0}), (400, {}, {"code": 50035})])
def test_a_refusal_by_discord_is_reported_as_a_failure(
    app: App, discord: Recorder, refusal: tuple[int, dict[str, str], Any]
) -> None:
    discord.answers.append(refusal)
    answer = resource(app, event(discord, "Update"))
    assert answer["Status"] == "FAILED" and str(refusal[0]) in answer["Reason"]
    assert "bot-token" not in answer["Reason"]


def test_a_deleted_stack_leaves_discord_alone(app: App, discord: Recorder) -> None:
    resource(app, {**event(discord, "Delete"), "PhysicalResourceId": "discord-registration"})
    [call] = discord.calls
    assert call.path == "/cloudformation" and call.body["Status"] == "SUCCESS"
