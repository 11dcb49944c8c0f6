"""Roles may do what the code does, and nothing else."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import protege
from tests.stack.reading import FUNCTIONS, Statement, allowed, of_type, statements

PACKAGE = Path(protege.__file__).parent
CLIENTS = {
    "storage/aws/files.py": "s3",
    "storage/aws/versions.py": "s3",
    "storage/aws/items.py": "dynamodb",
    "storage/aws/messages.py": "sqs",
    "storage/aws/alarm.py": "events",
    "storage/aws/launcher.py": "ecs",
    "storage/aws/builder.py": "codebuild",
    "storage/aws/secrets.py": "ssm",
}
"""Who speaks to which service."""
S3 = {
    "get_object": ["s3:GetObject"],
    "head_object": ["s3:GetObject"],
    "put_object": ["s3:PutObject", "s3:PutObjectTagging"],
    "copy": [
        *("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
        *("s3:GetObjectTagging", "s3:GetObjectVersionTagging", "s3:PutObjectTagging"),
    ],
    "delete_object": ["s3:DeleteObject"],
    "delete_objects": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "list_objects_v2": ["s3:ListBucket"],
    "list_object_versions": ["s3:ListBucketVersions"],
    "create_multipart_upload": ["s3:PutObject"],
    "upload_part": ["s3:PutObject"],
    "complete_multipart_upload": ["s3:PutObject"],
    "abort_multipart_upload": ["s3:AbortMultipartUpload"],
    "generate_presigned_url": ["s3:GetObject"],
}
"""Where an operation and its permission have different names: Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""
BY_AWS_ITSELF = {
    "logs:CreateLogStream": "the runtime and the container's log driver",
    "logs:PutLogEvents": "the runtime and the container's log driver",
    "xray:PutTraceSegments": "the runtime",
    "xray:PutTelemetryRecords": "the runtime",
    "iam:PassRole": "goes with ecs:RunTask and Bedrock's jobs",
}
IN_SHELL = re.compile(r"\baws (\w+) ([\w-]+)")
FOR_DOCKER = {
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
    "ecr:BatchGetImage",
}
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"""


def called() -> set[str]:
    """Permissions for every call of AWS' clients in the storage."""
    return {
        action
        for name, service in CLIENTS.items()
        for operation in operations(ast.parse((PACKAGE / name).read_text()), service)
        for action in (S3[operation] if service == "s3" else [f"{service}:{operation}"])
    }


def operations(tree: ast.AST, service: str) -> Iterator[str]:
    """Methods of `self._s3`, pages asked for by name, operations of AWS' JSON protocol."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
        if node.func.attr in ("_ask", "_on_queue", "get_paginator"):
            yield from [str(first)] if first else []
        elif ast.unparse(node.func.value) in (f"self._{service}", "self._client"):
            name = node.func.attr
            yield name if service == "s3" else name.title().replace("_", "")


@pytest.fixture(scope="module")
def ours(resources: dict[str, Any]) -> list[Statement]:
    return list(statements(resources))


def test_roles_may_do_what_the_code_does_and_nothing_else(ours: list[Statement]) -> None:
    assert too_much_or_too_little(ours) == set()


@pytest.mark.parametrize("service", sorted(set(CLIENTS.values())))
def test_a_right_that_nobody_uses_is_noticed_and_one_that_lacks(
    service: str, ours: list[Statement]
) -> None:
    planted = Statement("WorkerRole", (f"{service}:TagResource",), ("*",), None)
    assert too_much_or_too_little([*ours, planted]) == {f"{service}:TagResource"}
    without = [one for one in ours if not one.actions[0].startswith(f"{service}:")]
    assert too_much_or_too_little(without)


def too_much_or_too_little(ours: list[Statement]) -> set[str]:
    """Actions that a role of the product has for nothing, and those that no role has."""
    roles = [f"{name}Role" for name in FUNCTIONS] + ["VoiceRole"]
    may = {act for one in ours if one.role in roles for act in one.actions}
    needed = called() - {"events:DescribeRule"}  # only `ringing`, on one machine
    of_bedrock = {act for act in may if act.startswith("bedrock")}
    return (may - of_bedrock) ^ (needed | set(BY_AWS_ITSELF))


def test_every_resource_is_named_or_there_is_no_narrower_one(ours: list[Statement]) -> None:
    wide = {act for one in ours if "*" in one.resources for act in one.actions}
    assert wide == {
        # Service Authorization Reference: these know no resource types.
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords", "ecr:GetAuthorizationToken"),
    }
    for one in ours:
        assert not any("*" in action for action in one.actions)


def test_a_function_has_its_own_role_and_no_policy_of_somebody_else(
    resources: dict[str, Any],
) -> None:
    for name in FUNCTIONS:
        function = resources[name]["Properties"]
        assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        assert "ManagedPolicyArns" not in resources[f"{name}Role"]["Properties"]
        assert {"logs:PutLogEvents", "xray:PutTraceSegments"} <= allowed(resources, f"{name}Role")
    borrowed = {
        name for name, role in of_type(resources, "AWS::IAM::Role").items()
        if "ManagedPolicyArns" in role
    }  # fmt: skip
    assert borrowed == {"VoiceExecutionRole"}, "whose rights are ECS' business"


def test_the_ingress_may_send_and_read_and_nothing_else(resources: dict[str, Any]) -> None:
    assert allowed(resources, "IngressRole") - set(BY_AWS_ITSELF) == {
        "sqs:SendMessage",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "s3:ListBucket",
    }


def test_the_ingress_lists_files_of_guilds_only(ours: list[Statement]) -> None:
    [listing] = [x for x in ours if x.role == "IngressRole" and "s3:ListBucket" in x.actions]
    assert listing.condition == {"StringLike": {"s3:prefix": "guilds/*"}}


def test_only_those_who_need_secrets_may_read_them(ours: list[Statement]) -> None:
    read = {
        one.role: json.dumps(one.resources) for one in ours if "ssm:GetParameter" in one.actions
    }
    assert "/replies/*" in read.pop("VoiceBuildRole")
    assert set(read) == {"WorkerRole", "WatcherRole", "RegistrarRole", "VoiceRole"}
    for reader in ("WorkerRole", "VoiceRole"):
        assert re.findall(r"/([a-z-]+)\"", read[reader]) == [
            *("discord-bot-token", "openai-api-key", "fine-tuning-api-key")
        ]
    assert re.findall(r"/([a-z-]+)\"", read["WatcherRole"]) == ["openai-webhook-secret"]
    assert re.findall(r"/([a-z-]+)\"", read["RegistrarRole"]) == ["discord-bot-token"]


def test_only_the_worker_takes_work_from_its_queue(ours: list[Statement]) -> None:
    takers = {x.role for x in ours if "sqs:ReceiveMessage" in x.actions and names(x, "WorkQueue")}
    assert takers == {"WorkerRole"}
    assert {x.role for x in ours if "sqs:SendMessage" in x.actions and names(x, "DeadLetters")} == {
        "WorkerRole"
    }


def names(statement: Statement, resource: str) -> bool:
    return {"Fn::GetAtt": [resource, "Arn"]} in statement.resources


def test_the_image_is_built_with_no_more_rights_than_its_script_uses(
    resources: dict[str, Any],
) -> None:
    script = resources["VoiceBuilder"]["Properties"]["Source"]["BuildSpec"]
    asked = {f"{a}:{b.title().replace('-', '')}" for a, b in IN_SHELL.findall(script)}
    assert asked == {
        *("ecr:DescribeImages", "ecr:GetLoginPassword", "lambda:GetLayerVersionByArn"),
        *("ssm:GetParameter", "ssm:DeleteParameter"),
    }
    assert allowed(resources, "VoiceBuildRole") - set(BY_AWS_ITSELF) - FOR_DOCKER == {
        "ecr:DescribeImages",
        "ecr:GetAuthorizationToken",  # of get-login-password
        "lambda:GetLayerVersion",  # of get-layer-version-by-arn
        *("ssm:GetParameter", "ssm:DeleteParameter"),  # where to reply
    }


def test_roles_are_for_one_service_each_and_not_for_strangers(resources: dict[str, Any]) -> None:
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        service = trust["Principal"]["Service"]
        assert isinstance(service, str), name
        if service != "lambda.amazonaws.com":  # which knows no such condition for functions
            assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


ACCOUNT = {"Ref": "AWS::AccountId"}


def test_bedrock_sees_files_of_jobs_only_and_only_where_it_is_wanted(
    resources: dict[str, Any], ours: list[Statement]
) -> None:
    conditions = {resources[name]["Condition"] for name in ("BedrockRole", "BedrockTraining")}
    assert conditions == {"Customises"}
    for one in ours:
        if one.role == "BedrockRole":
            assert "guilds/*/jobs/*/provider/" in json.dumps([one.resources, one.condition])


def test_roles_are_handed_on_to_their_service_only(ours: list[Statement]) -> None:
    passing = [one for one in ours if "iam:PassRole" in one.actions]
    assert sorted(one.condition["StringEquals"]["iam:PassedToService"] for one in passing) == [
        *("bedrock.amazonaws.com", "ecs-tasks.amazonaws.com")
    ]
