"""The template is valid, builds from a bare checkout, and asks for no more than it needs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from protege.config import SECRETS, Config
from tools.artefacts import ARCHITECTURE, ROOT, SAM, artefacts, sam_build
from tools.requirements import PLACES, requirements
from tools.translate import translated

pytestmark = pytest.mark.real
LIMIT_MIB = 250
"""Function and layers, unzipped (AWS Lambda, Developer Guide, "Lambda quotas")."""
MACHINES = {"arm64": 183, "x86_64": 62}
"""ELF's number of each (e_machine)."""

AS_BUILT_IN = {
    *("DISCORD_API", "ATTACHMENT_HOSTS", "ATTACHMENT_MAX_MB", "ANSWER_DAYS", "DATA_DIR"),
    *("HOST", "PORT", "PUBLIC_URL", "OPENAI_TIMEOUT_S", "OPENAI_ANSWER_S"),
    *("OPENAI_MODERATION_MODEL", "BEDROCK_BASE_URL", "STT_TIMEOUT_S", "SOUND_MAX_S"),
    *("VOICE_COMMAND", "VOICE_CONTAINER", "VOICE_HEALTH_PORT", "ENDPOINT_S", "UTTERANCE_MAX_S"),
    *("STT_FOLDER", "TTS_FOLDER"),  # of the image
    "METRICS_PORT",
}
"""Settings of one machine, of tests, and those that the worker's 60 seconds decide."""


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = translated()["Resources"]
    return found


def of_type(resources: dict[str, Any], type: str) -> list[dict[str, Any]]:
    return [found["Properties"] for found in resources.values() if found["Type"] == type]


def said(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    """What a command wrote; it must not fail."""
    around = {**os.environ, "SAM_CLI_TELEMETRY": "0", **env}
    done = subprocess.run(command, cwd=cwd, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# ---- valid ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [(), ("--lint",)], ids=["basic", "lint"])
def test_sam_finds_the_template_valid(option: tuple[str, ...]) -> None:
    assert "is a valid SAM Template" in said(SAM, "validate", *option)


def test_cfn_lint_finds_nothing_in_what_sam_makes_of_it(tmp_path: Path) -> None:
    path = tmp_path / "translated.json"
    path.write_text(json.dumps(translated(), default=str))
    said(SAM.with_name("cfn-lint"), path)


def test_cfn_lint_would_find_a_runtime_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "translated.json"
    path.write_text(json.dumps(translated(), default=str).replace("python3.13", "python3.99"))
    with pytest.raises(AssertionError, match=r"python3\.99"):
        said(SAM.with_name("cfn-lint"), path)


# ---- what is in the layers -----------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_layers_and_image_contain_what_the_lock_says(place: str) -> None:
    written = (ROOT / place / "requirements.txt").read_text()
    assert written == requirements(place), "run: python -m tools.requirements"


def test_functions_and_layers_stay_under_lambdas_limit(build: Path) -> None:
    for function in artefacts(build).values():
        sizes = map(size_mib, (function.task, *function.layers))
        assert sum(sizes) < LIMIT_MIB, function.name


def test_the_ingress_carries_nothing_of_the_slow_half(build: Path) -> None:
    [layer] = artefacts(build)["Ingress"].layers
    there = {path.name.split("-")[0].split(".")[0] for path in (layer / "python").iterdir()}
    assert there == {"protege", "nacl", "pynacl", "cffi", "_cffi_backend"}
    assert size_mib(layer) < 10


def test_everything_is_precompiled(build: Path) -> None:
    tag = sys.implementation.cache_tag
    for function in artefacts(build).values():
        for path in (
            path for part in (function.task, *function.layers) for path in part.rglob("*.py")
        ):
            assert (path.parent / f"__pycache__/{path.stem}.{tag}.pyc").exists(), path


def size_mib(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def test_a_bare_checkout_builds_for_the_other_architecture(tmp_path: Path) -> None:
    for name in ("layers", "functions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(ROOT / name, tmp_path)
    [other] = MACHINES.keys() - {ARCHITECTURE}
    sam_build(tmp_path / "build", tmp_path, other)
    compiled = list((tmp_path / "build").rglob("*.so"))
    assert {elf_machine(path) for path in compiled} == {MACHINES[other]}
    assert sum(map(size_mib, (tmp_path / "build").iterdir())) < LIMIT_MIB


def elf_machine(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[18:20], "little")


def test_without_uv_pip_fetches_the_layers(tmp_path: Path, build: Path) -> None:
    pip = ROOT / ".cache/uv/bin/python"
    if not pip.exists():
        pytest.skip("no pip here: tools/setup has not run")
    shutil.copy(ROOT / "layers/build/install", tmp_path)
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec "{pip}" "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    wanted = ROOT / "layers/core/requirements.txt"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ("./install", os.uname().machine, "2_28", version, wanted, tmp_path / "found")
    said(*map(str, command), cwd=tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    there = {path.name for path in (build / "CoreLayer/python").iterdir()}
    assert {path.name for path in (tmp_path / "found").iterdir()} == there - {"protege"}


# ---- what the stack may do -----------------------------------------------------------------------


def test_all_tries_fit_into_the_life_of_an_interactions_token(resources: dict[str, Any]) -> None:
    queue = resources["WorkQueue"]["Properties"]
    assert queue["MessageRetentionPeriod"] == 15 * 60
    assert queue["VisibilityTimeout"] >= 6 * resources["Worker"]["Properties"]["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] * 60 < queue["MessageRetentionPeriod"]


def test_the_ingress_may_send_and_read_and_nothing_else(resources: dict[str, Any]) -> None:
    assert actions(resources, "Ingress") == {
        "sqs:SendMessage",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "s3:ListBucket",
    }


def test_the_ingress_lists_files_of_guilds_only(resources: dict[str, Any]) -> None:
    policies = resources["IngressRole"]["Properties"]["Policies"]
    [condition] = [
        statement["Condition"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "s3:ListBucket"
    ]
    assert condition == {"StringLike": {"s3:prefix": "guilds/*"}}


def test_only_those_who_need_secrets_may_read_them(resources: dict[str, Any]) -> None:
    names = ("Ingress", "Watcher", "Worker", "Registrar")
    readers = [name for name in names if "ssm:GetParameter" in actions(resources, name)]
    assert readers == ["Watcher", "Worker", "Registrar"]
    assert "api-key" not in json.dumps(resources["WatcherRole"])
    assert "bot-token" not in json.dumps(resources["WatcherRole"])
    assert "openai-api-key" not in json.dumps(resources["RegistrarRole"])


def test_no_statement_of_ours_is_for_everything(resources: dict[str, Any]) -> None:
    for role in of_type(resources, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Resource"] != "*"
                assert "*" not in json.dumps(statement["Action"])


def test_the_watcher_costs_nothing_until_a_job_begins(resources: dict[str, Any]) -> None:
    [rule] = of_type(resources, "AWS::Events::Rule")
    assert rule["State"] == "DISABLED"
    variables = resources["Worker"]["Properties"]["Environment"]["Variables"]
    assert rule["Name"] == variables["WATCH_RULE"]
    assert {"events:EnableRule"} <= actions(resources, "Worker")
    assert {"events:EnableRule", "events:DisableRule"} <= actions(resources, "Watcher")
    assert "events:DisableRule" not in actions(resources, "Worker")


def test_bedrock_sees_files_of_jobs_only_and_only_where_it_is_wanted(
    resources: dict[str, Any],
) -> None:
    role = resources["BedrockRole"]
    assert role["Condition"] == resources["BedrockTraining"]["Condition"] == "Customises"
    [policy] = role["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        assert "guilds/*/jobs/*/provider/" in json.dumps(statement)
    [passing] = [
        statement
        for statement in resources["BedrockTraining"]["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "iam:PassRole"
    ]
    assert passing["Condition"] == {
        "StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}
    }


def test_every_setting_that_says_what_the_bot_does_can_be_set(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    there = {name for found in functions for name in found["Environment"]["Variables"]}
    there |= set(container(resources))
    missing = {name.upper() for name in Config._fields} - there - AS_BUILT_IN
    assert missing == {name.upper() for name in SECRETS}, "those come from SSM"
    for found in functions:
        assert len(json.dumps(found["Environment"]["Variables"])) < 4096, "Lambda takes 4 KB"


def test_the_voice_worker_answers_as_the_worker_does(resources: dict[str, Any]) -> None:
    variables = resources["Worker"]["Properties"]["Environment"]["Variables"]
    voice = container(resources)
    both = {name for name in voice if name in variables}
    assert all(voice[name] == variables[name] for name in both - {"VOICE_QUEUE_URL"}), (
        "one setting, one parameter"
    )
    for name in ("PROVIDER", "EMBEDDER", "OPENAI_MODEL", "GUILD_BUDGET_USD", "SECRETS_PREFIX"):
        assert name in both


def test_nothing_of_voice_is_there_unless_it_is_wanted(resources: dict[str, Any]) -> None:
    voice = {name: found for name, found in resources.items() if name.startswith("Voice")}
    conditions = {name: found["Condition"] for name, found in voice.items()}
    assert conditions.pop("VoiceService") == "SpeaksAlways"
    assert conditions.pop("VoiceStart") == "SpeaksOnDemand"
    assert conditions.pop("VoiceAsksTuned") == "SpeaksOfTuned"
    assert set(conditions.values()) == {"Speaks"} and len(conditions) == 9


def test_nobody_reaches_the_voice_worker(resources: dict[str, Any]) -> None:
    group = resources["VoiceSecurityGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group
    ingress = [f for f in resources.values() if f["Type"] == "AWS::EC2::SecurityGroupIngress"]
    assert ingress == []


def test_the_voice_queue_keeps_the_order_and_what_failed(resources: dict[str, Any]) -> None:
    for name in ("VoiceQueue", "VoiceDeadLetters"):
        queue = resources[name]["Properties"]
        assert queue["FifoQueue"] is True
        assert queue["QueueName"]["Fn::Sub"].endswith(".fifo")
    redrive = resources["VoiceQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["VoiceDeadLetters", "Arn"]}


def test_the_worker_may_start_that_task_there_and_nothing_else(resources: dict[str, Any]) -> None:
    run, passing = resources["VoiceStart"]["Properties"]["PolicyDocument"]["Statement"]
    assert (run["Action"], run["Resource"]) == ("ecs:RunTask", {"Ref": "VoiceTask"})
    assert "VoiceCluster" in json.dumps(run["Condition"])
    assert passing["Condition"] == {
        "StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    }
    task = resources["VoiceTask"]["Properties"]
    roles = [task["TaskRoleArn"], task["ExecutionRoleArn"]]
    assert passing["Resource"] == roles


def test_never_two_voice_workers_at_once(resources: dict[str, Any]) -> None:
    service = resources["VoiceService"]["Properties"]
    assert service["DesiredCount"] == 1
    assert service["DeploymentConfiguration"]["MaximumPercent"] == 100


def container(resources: dict[str, Any]) -> dict[str, Any]:
    """The environment of the voice worker's container."""
    [voice] = resources["VoiceTask"]["Properties"]["ContainerDefinitions"]
    return {entry["Name"]: entry["Value"] for entry in voice["Environment"]}


def test_no_secret_stands_in_the_template() -> None:
    text = (ROOT / "template.yaml").read_text()
    assert "BOT_TOKEN" not in text
    assert "API_KEY" not in text


def test_the_bucket_is_private_versioned_and_encrypted(resources: dict[str, Any]) -> None:
    [bucket] = of_type(resources, "AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]


def test_what_people_taught_outlives_the_stack(resources: dict[str, Any]) -> None:
    for name in ("Bucket", "Table"):
        assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def actions(resources: dict[str, Any], function: str) -> set[str]:
    """What a function's role allows, as we have written it."""
    found: set[str] = set()
    for policy in resources[f"{function}Role"]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            action = statement["Action"]
            found |= {action} if isinstance(action, str) else set(action)
    return found
