"""The voice worker: there only where it is wanted, reached by nobody, and it ends by itself."""

import json
from typing import Any

from tests.stack.reading import of_type, references, statements


def test_nothing_of_voice_is_there_unless_it_is_wanted(stack: dict[str, Any]) -> None:
    voice = {name: x for name, x in stack["Resources"].items() if name.startswith("Voice")}
    assert len(voice) > 20
    for name, found in voice.items():
        assert needs_voice(stack["Conditions"], found["Condition"]), name


def needs_voice(conditions: dict[str, Any], name: str) -> bool:
    """Whether a condition cannot hold with Voice=off."""
    if name == "Speaks":
        return bool(conditions[name] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Voice"}, "off"]}]})
    match conditions[name]:
        case {"Fn::And": parts}:
            return any("Condition" in x and needs_voice(conditions, x["Condition"]) for x in parts)
        case {"Fn::Equals": [{"Ref": "Voice"}, value]}:
            return bool(value != "off")
    return False


def test_voice_comes_without_a_question(written: dict[str, Any]) -> None:
    parameters = written["Parameters"]
    assert parameters["Voice"]["Default"] == "on_demand"
    conditions = written["Conditions"]
    assert parameters["VoiceVpc"]["Default"] in json.dumps(conditions["SpeaksHere"])
    assert parameters["VoiceImage"]["Default"] == ""


def test_nobody_reaches_the_voice_worker(resources: dict[str, Any]) -> None:
    group = resources["VoiceSecurityGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group
    assert not of_type(resources, "AWS::EC2::SecurityGroupIngress")


def test_its_network_costs_nothing(resources: dict[str, Any]) -> None:
    for dear in ("AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::VPCEndpoint"):
        assert not of_type(resources, dear)
    subnets = of_type(resources, "AWS::EC2::Subnet")
    routed = of_type(resources, "AWS::EC2::SubnetRouteTableAssociation").values()
    assert {one["SubnetId"]["Ref"] for one in routed} == set(subnets)
    zones = [json.dumps(one["AvailabilityZone"]) for one in subnets.values()]
    assert len(set(zones)) == len(zones) == 2


def test_task_and_service_stand_in_the_same_network(resources: dict[str, Any]) -> None:
    worker = resources["Worker"]["Properties"]["Environment"]["Variables"]["VOICE_SUBNETS"]
    service = resources["VoiceService"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert set(references(worker)) == set(references(service["Subnets"]))
    assert service["AssignPublicIp"] == "ENABLED"
    assert resources["VoiceRouteOut"]["DependsOn"] == "VoiceInternetAttachment"
    assert "VoiceRouteOut" in references_of(resources["VoiceService"]), "or it cannot be deleted"


def test_the_voice_queue_keeps_the_order_and_what_failed(resources: dict[str, Any]) -> None:
    for name in ("VoiceQueue", "VoiceDeadLetters"):
        queue = resources[name]["Properties"]
        assert queue["FifoQueue"] is True
        assert queue["QueueName"]["Fn::Sub"].endswith(".fifo")


def test_the_worker_may_start_that_task_there_and_nothing_else(resources: dict[str, Any]) -> None:
    [run] = [one for one in statements(resources) if "ecs:RunTask" in one.actions]
    assert run.role == "WorkerRole"
    task = resources["VoiceTask"]["Properties"]
    [family] = [one["Fn::Sub"].rpartition("task-definition/")[2] for one in run.resources]
    assert family == task["Family"]["Fn::Sub"] + ":*", "while a deploy goes on, two revisions count"
    assert "VoiceCluster" in references_of(run.condition)
    passed = [x.resources for x in statements(resources) if "iam:PassRole" in x.actions]
    assert (task["TaskRoleArn"], task["ExecutionRoleArn"]) in passed


def references_of(value: Any) -> set[str]:
    return set(references(value))


def test_never_two_voice_workers_at_once(resources: dict[str, Any]) -> None:
    service = resources["VoiceService"]["Properties"]
    assert service["DesiredCount"] == 1
    assert service["DeploymentConfiguration"]["MaximumPercent"] == 100
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    assert service["AvailabilityZoneRebalancing"] == "DISABLED", "it is not for those with 100 %"


def test_a_voice_worker_that_cannot_start_does_not_hold_a_deploy_up_for_hours(
    resources: dict[str, Any],
) -> None:
    """CloudFormation waits until a service is steady; without this nothing says that it never will.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
    """
    breaker = resources["VoiceService"]["Properties"]["DeploymentConfiguration"]
    assert breaker["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}


def test_the_container_writes_to_its_folder_and_nowhere_else(resources: dict[str, Any]) -> None:
    task = resources["VoiceTask"]["Properties"]
    [container] = task["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True
    assert container["MountPoints"] == [{"SourceVolume": "data", "ContainerPath": "/data"}]
    assert {"Name": "TMPDIR", "Value": "/data"} in container["Environment"]
    assert task["Volumes"] == [{"Name": "data"}]
