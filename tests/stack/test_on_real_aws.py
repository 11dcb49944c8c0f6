"""What AWS itself refuses or does, and no linter nor stand-in knows of."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.reading import of_type, references, statements
from tools.artefacts import ROOT

EC2_TAKES = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}").fullmatch
"""A group's and a rule's description, else `Invalid rule description`, and nothing is deployed.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html"""
TAGS_TAKE = re.compile(r"[\w .:/=+\-@]{0,256}").fullmatch
"""https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""


def words(group: dict[str, Any]) -> Iterator[str]:
    """All descriptions of a security group."""
    yield group["GroupDescription"]
    for rule in (*group.get("SecurityGroupEgress", ()), *group.get("SecurityGroupIngress", ())):
        yield rule.get("Description", "-")


def test_ec2_takes_every_description(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "AWS::EC2::SecurityGroup")
    assert groups
    for group in groups.values():
        for said in words(group):
            assert EC2_TAKES(said), said


@pytest.mark.parametrize("said", ["Discord's servers", "Protégé", "a > b", "", "x" * 256])
def test_a_description_that_ec2_refuses_is_noticed(said: str) -> None:
    assert not EC2_TAKES(said)


def test_every_value_of_a_tag_is_one(resources: dict[str, Any]) -> None:
    for name, one in resources.items():
        tags = one.get("Properties", {}).get("Tags", [])
        pairs = tags.items() if isinstance(tags, dict) else [(x["Key"], x["Value"]) for x in tags]
        for key, value in pairs:
            assert TAGS_TAKE(key) and (not isinstance(value, str) or TAGS_TAKE(value)), name


def test_eventbridge_is_let_into_the_topic_without_a_condition(resources: dict[str, Any]) -> None:
    """It says neither account nor rule when it publishes: "You can't use Condition blocks in Amazon
    SNS topic policies for EventBridge".
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    [policy] = of_type(resources, "AWS::SNS::TopicPolicy").values()
    let_in = {
        one["Principal"]["Service"]: one.get("Condition")
        for one in policy["PolicyDocument"]["Statement"]
    }
    assert let_in["events.amazonaws.com"] is None
    assert let_in["cloudwatch.amazonaws.com"], "which does say for whose alarm it is"


def test_a_function_that_sends_itself_work_is_not_stopped_after_sixteen_times(
    resources: dict[str, Any],
) -> None:
    """Lambda counts invocations that led to one another, and drops what goes on for too long.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    circles = set()
    for source in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        [name] = references(source["FunctionName"])
        [queue] = references(source["EventSourceArn"])
        if queue in sends_to(resources, f"{name}Role"):
            circles.add(name)
    assert circles == {"Worker"}, "a training's legs"
    for name in circles:
        assert resources[name]["Properties"]["RecursiveLoop"] == "Allow"


def sends_to(resources: dict[str, Any], role: str) -> set[str]:
    """Queues, by logical id."""
    sending = [x for x in statements(resources) if "sqs:SendMessage" in x.actions]
    return {name for one in sending if one.role == role for name in references(list(one.resources))}


def test_an_upgrade_builds_the_voice_worker_anew_where_only_the_package_changed() -> None:
    """SAM's cache asks for the checksum of ContentUri alone, and its recipe copies more than that.

    https://github.com/aws/aws-sam-cli/blob/develop/samcli/lib/build/build_strategy.py
    """
    recipes = (ROOT / "layers/build/recipes.mk").read_text()
    recipe = recipes.partition("build-VoiceSource:")[2].partition("\n\n")[0]
    assert re.findall(r"cp -R (\S+)", recipe) == ["layers/core/protege", "voice_worker"]
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]
    assert not config["build"]["parameters"].get("cached")
    assert "cached" not in config["global"]["parameters"]


def test_the_image_brings_its_own_init(resources: dict[str, Any]) -> None:
    """A second one around it would have tini complain at each start that it is not the first."""
    [container] = resources["VoiceTask"]["Properties"]["ContainerDefinitions"]
    assert 'ENTRYPOINT ["tini"' in (ROOT / "voice_worker/Dockerfile").read_text()
    assert "LinuxParameters" not in container
