"""The voice worker's image: asked for by the stack, made by CodeBuild, which then answers itself.

The build's script is run as the template has it; `aws` and `docker` are scripts that write down
what they are asked and answer as AWS' command line and Docker do, `curl` one that really sends.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from protege.app import App
from protege.errors import Unavailable
from protege.registrar.resources import resource
from tests.clouds import bot, login
from tests.recorder import Recorder, recorder

DOCKERFILE = "# syntax=docker/dockerfile:1\nARG BASE=python:3.13-slim-trixie\nFROM x\n"
DIGEST = "sha256:" + "a" * 64
UPON = "sha256:" + "b" * 64
REPOSITORY = "123.dkr.ecr.eu-west-1.amazonaws.com/stack-images"
SOURCE = "arn:aws:lambda:eu-west-1:123456789012:layer:VoiceSource:7"
AWS = """#!/bin/sh
echo "aws $*" >>"$ASKED"
case "$1 $2" in
"ecr describe-images") test -e "$PUSHED" || exit 254; echo "$DIGEST";;
"ecr get-login-password") echo password;;
"lambda get-layer-version-by-arn") echo "$SERVER/source.zip";;
"ssm get-parameter") test "$4" = /stack/replies/1 && echo "$SERVER/cloudformation?x=1";;
esac
"""
DOCKER = """#!/bin/sh
echo "docker $*" >>"$ASKED"
case "$1" in
login) test "$(cat)" = password;;
image) echo "${5%:*}@$UPON";;
build) test ! -e "$BROKEN" || exit 1
  ! rm "$SHAKY" 2>/dev/null || exit 1
  test -e source/voice_worker/__main__.py && ! grep -q syntax= source/voice_worker/Dockerfile;;
push) touch "$PUSHED";;
esac
"""

FILES = ("asked", "pushed", "broken", "shaky")
"""What the scripts keep; with `broken` every build fails, with `shaky` the first one."""
CURL = f"""#!{sys.executable}
import sys, urllib.request
words = dict(zip(sys.argv, sys.argv[1:]))
data = open(words["--data-binary"][1:], "rb").read() if "--data-binary" in words else None
asked = urllib.request.Request(sys.argv[-1], data, method=words.get("--request", "GET"))
found = urllib.request.urlopen(asked, timeout=60).read()
open(words.get("--output", "/dev/null"), "wb").write(found)
"""


@pytest.fixture
def aws() -> Iterator[Recorder]:
    """Everything that is spoken to over HTTP: CodeBuild's API, S3, CloudFormation's address."""
    with recorder() as found:
        yield found


def event(aws: Recorder, kind: str = "Create") -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResourceType": "Custom::VoiceImage",
        "ResponseURL": f"{aws.url}/cloudformation?signature=secret",
        "StackId": "arn:aws:cloudformation:eu-west-1:1:stack/protege/2",
        "RequestId": "request",
        "LogicalResourceId": "VoiceBuilt",
        "PhysicalResourceId": "voice-image",
        "ResourceProperties": {"Project": "builder", "Source": SOURCE, "Architecture": "arm64"},
    }


@pytest.fixture
def app(aws: Recorder, monkeypatch: pytest.MonkeyPatch) -> App:
    return bot({**login(aws.url), "BUCKET": "bucket"}, monkeypatch, keyless=True)


# ---- asked for -----------------------------------------------------------------------------------


def test_the_stack_has_the_image_made_and_leaves_the_answer_to_the_build(
    app: App, aws: Recorder
) -> None:
    assert resource(app, event(aws)) == {}
    hidden, call = aws.calls
    assert (hidden.body["Value"], hidden.body["Type"], hidden.body["Name"]) == (
        *(event(aws)["ResponseURL"], "SecureString", "/protege/replies/request"),
    )
    assert "signature=secret" not in str(call.body), "builds are shown with their variables"
    variables = {one["name"]: one["value"] for one in call.body["environmentVariablesOverride"]}
    assert (call.body["projectName"], call.body["idempotencyToken"]) == ("builder", "request")
    assert variables == {
        "SOURCE": SOURCE,
        "TAG": "7-arm64",
        "REPLY_AT": "/protege/replies/request",
        "STACK_ID": event(aws)["StackId"],
        "REQUEST_ID": "request",
        "LOGICAL_ID": "VoiceBuilt",
    }


def test_no_build_begins_that_would_answer_somebody_else(app: App, aws: Recorder) -> None:
    with pytest.raises(Unavailable, match="no address of AWS"):
        resource(app, event(aws) | {"ResponseURL": "https://amazonaws.com.example/"})
    assert aws.calls == []


def test_a_build_that_cannot_begin_is_told_at_once(app: App, aws: Recorder) -> None:
    aws.answers.append((200, {}, {"Version": 1}))
    aws.answers.append((400, {}, {"__type": "AccessDeniedException", "message": "not you"}))
    answer = resource(app, event(aws))
    assert answer["Status"] == "FAILED"
    assert "Voice=off" in answer["Reason"] and "AccessDenied" in answer["Reason"]
    assert aws.calls[-1].path.startswith("/cloudformation")


def test_an_image_is_not_built_to_be_deleted(app: App, aws: Recorder) -> None:
    answer = resource(app, event(aws, "Delete"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "voice-image")
    assert len(aws.calls) == 1


# ---- made ----------------------------------------------------------------------------------------


class Building:
    """CodeBuild, running the template's script."""

    def __init__(self, folder: Path, aws: Recorder, resources: dict[str, Any]) -> None:
        self.folder, self.aws, self.told = folder, aws, ""
        project = resources["VoiceBuilder"]["Properties"]
        self.phases = yaml_parse(project["Source"]["BuildSpec"])["phases"]
        of_project = project["Environment"]["EnvironmentVariables"]
        self.given = {x["Name"]: x["Value"] for x in of_project if isinstance(x["Value"], str)}
        (folder / "bin").mkdir()
        (folder / "bin/python3").symlink_to(sys.executable)
        for name, script in (("aws", AWS), ("docker", DOCKER), ("curl", CURL)):
            (folder / "bin" / name).write_text(script)
            (folder / "bin" / name).chmod(0o755)
        aws.files["/source.zip"] = packed()

    @property
    def asked(self) -> list[str]:
        """What aws and docker were asked so far."""
        return (self.folder / "asked").read_text().splitlines()

    def run(self) -> Any:
        """Both phases; what CloudFormation was told."""
        wanted = {
            **self.given,
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            **{name.upper(): str(self.folder / name) for name in FILES},
            "PAUSE_S": "0",
            "SERVER": self.aws.url,
            "DIGEST": DIGEST,
            "UPON": UPON,
            "REPOSITORY": REPOSITORY,
            "SOURCE": SOURCE,
            "TAG": "7-arm64",
            "STACK_ID": "stack",
            "REQUEST_ID": "request",
            "LOGICAL_ID": "VoiceBuilt",
            "REPLY_AT": "/stack/replies/1",
            "CODEBUILD_BUILD_ID": "builder:1",
        }
        done = self._phase("build", wanted)
        ended = {"CODEBUILD_BUILD_SUCCEEDING": str(int(done))}
        assert self._phase("post_build", wanted | ended)
        return self.aws.calls[-1].body

    def _phase(self, name: str, env: dict[str, str]) -> bool:
        [command] = self.phases[name]["commands"]
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        done = subprocess.run(["bash", "-c", command], cwd=work, env=env, capture_output=True)
        self.told += done.stdout.decode()
        return done.returncode == 0


def packed() -> bytes:
    """The source as Lambda keeps it."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("voice_worker/Dockerfile", DOCKERFILE)
        archive.writestr("voice_worker/__main__.py", "")
    return raw.getvalue()


@pytest.fixture
def building(tmp_path: Path, aws: Recorder, resources: dict[str, Any]) -> Building:
    return Building(tmp_path, aws, resources)


def test_the_image_that_was_built_is_named_by_its_digest(building: Building) -> None:
    assert building.run() == {
        "Status": "SUCCESS",
        "Reason": "built",
        "PhysicalResourceId": "voice-image",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "VoiceBuilt",
        "Data": {"Image": f"{REPOSITORY}@{DIGEST}"},
    }
    [build] = [line for line in building.asked if line.startswith("docker build")]
    assert f"--tag {REPOSITORY}:7-arm64" in build
    assert "docker login --username AWS --password-stdin 123.dkr.ecr" in " ".join(building.asked)
    assert building.asked[-1] == "aws ssm delete-parameter --name /stack/replies/1"


def test_an_image_is_built_upon_a_base_that_can_be_had_again(building: Building) -> None:
    """A tag moves: its digest is in the build's log and, as BASE, in the image's label."""
    building.run()
    upon = f"public.ecr.aws/docker/library/python@{UPON}"
    assert (
        "docker pull --quiet public.ecr.aws/docker/library/python:3.13-slim-trixie"
        in building.asked
    )
    assert [
        line for line in building.asked if line.startswith(f"docker build --build-arg BASE={upon} ")
    ]
    assert f"upon {upon}" in building.told.splitlines()


def test_the_same_source_is_not_built_twice(building: Building) -> None:
    (building.folder / "pushed").touch()
    assert building.run()["Data"] == {"Image": f"{REPOSITORY}@{DIGEST}"}
    assert not [line for line in building.asked if line.startswith("docker")]


def test_a_build_is_tried_twice_as_registries_refuse_now_and_then(building: Building) -> None:
    (building.folder / "shaky").touch()
    assert building.run()["Status"] == "SUCCESS"
    assert len([line for line in building.asked if line.startswith("docker build")]) == 2


@pytest.mark.parametrize("breaks", ["docker", "source"])
def test_a_build_that_fails_says_so_and_what_to_do(breaks: str, building: Building) -> None:
    (building.folder / "broken").touch() if breaks == "docker" else building.aws.files.clear()
    answer = building.run()
    assert (answer["Status"], answer["Data"]["Image"]) == ("FAILED", "")
    assert "builder:1" in answer["Reason"] and "Voice=off" in answer["Reason"]


def test_a_task_has_its_image_before_it_is_described(resources: dict[str, Any]) -> None:
    [container] = resources["VoiceTask"]["Properties"]["ContainerDefinitions"]
    assert container["Image"]["Fn::If"] == [
        "BuildsVoice",
        {"Fn::GetAtt": ["VoiceBuilt", "Image"]},
        {"Ref": "VoiceImage"},
    ]
    project = resources["VoiceBuilder"]["Properties"]
    minutes = project["TimeoutInMinutes"] + project["QueuedTimeoutInMinutes"]
    assert resources["VoiceBuilt"]["Properties"]["ServiceTimeout"] > minutes * 60


def test_images_are_scanned_and_old_ones_go(resources: dict[str, Any]) -> None:
    images = resources["VoiceImages"]["Properties"]
    assert images["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert images["ImageTagMutability"] == "IMMUTABLE"
    [rule] = json.loads(images["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"]["countNumber"] > 1, "one to roll back to"
