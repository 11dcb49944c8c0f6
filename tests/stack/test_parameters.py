"""What an operator is asked: little, in order, with words; and all that is asked has an effect."""

import json
from typing import Any

import pytest
from samcli.commands.deploy.auth_utils import auth_per_resource
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from protege.config import SECRETS, Config
from protege.registrar.invitation import invitation
from tests.stack.reading import FUNCTIONS, of_type, references
from tools.translate import TEMPLATE

AS_BUILT_IN = {
    *("DISCORD_API", "ATTACHMENT_HOSTS", "ATTACHMENT_MAX_MB", "ANSWER_DAYS", "DATA_DIR"),
    *("HOST", "PORT", "PUBLIC_URL", "OPENAI_TIMEOUT_S", "OPENAI_ANSWER_S"),
    *("OPENAI_MODERATION_MODEL", "BEDROCK_BASE_URL", "STT_TIMEOUT_S", "SOUND_MAX_S"),
    *("VOICE_COMMAND", "VOICE_CONTAINER", "VOICE_HEALTH_PORT", "ENDPOINT_S", "UTTERANCE_MAX_S"),
    *("STT_FOLDER", "TTS_FOLDER"),  # of the image
    "METRICS_PORT",
}
"""Settings of one machine, of tests, and those that the worker's 60 seconds decide."""


def container(resources: dict[str, Any]) -> dict[str, Any]:
    """The environment of the voice worker's container."""
    [voice] = resources["VoiceTask"]["Properties"]["ContainerDefinitions"]
    return {entry["Name"]: entry["Value"] for entry in voice["Environment"]}


def test_every_parameter_has_a_default_and_words(written: dict[str, Any]) -> None:
    for name, parameter in written["Parameters"].items():
        assert "Default" in parameter, f"{name}: a deploy would not work with Enter alone"
        assert len(parameter.get("Description", "")) > 15, name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # SAM's own
def test_a_guided_deploy_takes_enter_for_an_answer() -> None:
    """SAM asks of each function without an authorizer whether that is okay, and Enter says no."""
    stacks, _ = SamLocalStackProvider.get_stacks(template_file=str(TEMPLATE))
    asked = auth_per_resource(stacks)
    assert [name for name, settled in asked if not settled] == []
    assert {name for name, _ in asked} == {"Ingress", "Watcher"}


def test_nobody_else_checks_who_calls_the_endpoint(resources: dict[str, Any]) -> None:
    """Discord and OpenAI sign; an authorizer would turn both away."""
    body = resources["HttpApi"]["Properties"]["Body"]
    assert "security" not in json.dumps(body)


def test_every_parameter_is_used(stack: dict[str, Any]) -> None:
    used = set(references({name: stack[name] for name in stack if name != "Parameters"}))
    assert set(stack["Parameters"]) <= used


def test_every_condition_is_used(stack: dict[str, Any]) -> None:
    text = json.dumps({name: stack[name] for name in ("Resources", "Outputs", "Conditions")})
    for name in stack["Conditions"]:
        named = f'"Condition": "{name}"' in text or f'"Fn::If": ["{name}"' in text
        assert named, name


def test_parameters_stand_in_groups_in_the_console(written: dict[str, Any]) -> None:
    groups = written["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]
    assert sorted(listed) == sorted(written["Parameters"]), "each in one group"
    assert listed == list(written["Parameters"]), "in the order in which SAM asks for them"


def test_every_setting_that_says_what_the_bot_does_can_be_set(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function").values()
    there = {name for found in functions for name in found["Environment"]["Variables"]}
    there |= set(container(resources))
    missing = {name.upper() for name in Config._fields} - there - AS_BUILT_IN
    assert missing == {name.upper() for name in SECRETS}, "those come from SSM"


def test_every_variable_is_a_setting(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function").values()
    there = {name for found in functions for name in found["Environment"]["Variables"]}
    known = {name.upper() for name in Config._fields} | {"SECRETS_PREFIX", "TMPDIR"}
    assert there | set(container(resources)) <= known


def test_variables_fit_into_lambdas_four_kilobytes(resources: dict[str, Any]) -> None:
    for found in of_type(resources, "AWS::Lambda::Function").values():
        assert len(json.dumps(found["Environment"]["Variables"])) < 4096


def test_the_voice_worker_answers_as_the_worker_does(resources: dict[str, Any]) -> None:
    variables = resources["Worker"]["Properties"]["Environment"]["Variables"]
    voice = container(resources)
    both = {name for name in voice if name in variables}
    assert all(voice[name] == variables[name] for name in both - {"VOICE_QUEUE_URL"}), (
        "one setting, one parameter"
    )
    for name in ("PROVIDER", "EMBEDDER", "OPENAI_MODEL", "GUILD_BUDGET_USD", "SECRETS_PREFIX"):
        assert name in both


def test_the_worker_knows_every_model_whose_end_it_is_to_tell(resources: dict[str, Any]) -> None:
    variables = resources["Worker"]["Properties"]["Environment"]["Variables"]
    models = {name for name in container(resources) if name.endswith("_MODEL")}
    assert models | {"PROVIDER", "EMBEDDER", "STT", "TTS", "VOICE"} <= set(variables)


def test_discord_itself_says_who_the_application_is(resources: dict[str, Any]) -> None:
    who = {"Fn::GetAtt": ["Application", "ApplicationId"]}
    for name in FUNCTIONS:
        variables = resources[name]["Properties"]["Environment"]["Variables"]
        asked = name == "Registrar"
        assert ("DISCORD_PUBLIC_KEY" in variables) is not asked, "it would wait for itself"
        assert asked or variables["DISCORD_APPLICATION_ID"] == who
    assert resources["Registration"]["Properties"]["ApplicationId"] == who


def test_discord_is_told_of_the_endpoint_once_that_answers(resources: dict[str, Any]) -> None:
    registration = resources["Registration"]
    assert set(registration["DependsOn"]) == {
        *("HttpApiApiGatewayDefaultStage", "IngressPostPermission"),
    }
    late = set(references(registration["Properties"]["After"]))
    assert {"VoiceBuilt", "VoiceService"} <= late, "a first deploy that fails leaves Discord alone"
    for name in ("Application", "Registration"):
        waits = resources[name]["Properties"]["ServiceTimeout"]
        assert waits > resources["Registrar"]["Properties"]["Timeout"]


def test_a_new_release_registers_anew_and_so_does_a_word_of_the_operator(
    resources: dict[str, Any],
) -> None:
    assert {"RegisterAgain"} < set(references(resources["Application"]["Properties"]["Asked"]))
    assert {"RegisterAgain"} < set(references(resources["Registration"]["Properties"]["Code"]))


def test_no_secret_stands_in_the_template(stack: dict[str, Any]) -> None:
    text = json.dumps(stack)
    assert "BOT_TOKEN" not in text
    assert "API_KEY" not in text
    assert "AWS::SSM::Parameter" not in text, "it could not be a SecureString"


def test_the_invitation_asks_for_no_more_than_the_bot_needs(stack: dict[str, Any]) -> None:
    pattern, given = stack["Outputs"]["InviteUrl"]["Value"]["Fn::Sub"]
    _, voice, plain = given["Permissions"]["Fn::If"]
    for permissions, speaks in ((voice, True), (plain, False)):
        filled = pattern.replace("${Application.ApplicationId}", "1300")
        filled = filled.replace("${Permissions}", permissions)
        assert filled == invitation("1300", voice=speaks)


def test_what_an_operator_needs_next_is_told_at_the_end(stack: dict[str, Any]) -> None:
    assert {"InviteUrl", "DashboardUrl", "InteractionsUrl", "BucketName", "TableName"} <= set(
        stack["Outputs"]
    )
