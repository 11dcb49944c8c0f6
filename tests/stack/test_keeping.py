"""What is kept, how long, and that every try fits into it."""

import json
from typing import Any

from protege.app.stored import MOST_RECEIVES
from tests.stack.reading import of_type

TOKEN_S = 15 * 60
"""Life of an interaction's token."""
DAY_S = 24 * 3600


def test_a_message_outlives_all_its_tries(resources: dict[str, Any]) -> None:
    queue = resources["WorkQueue"]["Properties"]
    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    assert queue["VisibilityTimeout"] >= 6 * resources["Worker"]["Properties"]["Timeout"]
    assert queue["MessageRetentionPeriod"] > tries * queue["VisibilityTimeout"]
    assert tries == MOST_RECEIVES, "on one machine as on AWS"


def test_two_tries_fit_into_the_life_of_an_interactions_token(resources: dict[str, Any]) -> None:
    queue = resources["WorkQueue"]["Properties"]
    timeout = resources["Worker"]["Properties"]["Timeout"]
    assert queue["VisibilityTimeout"] + timeout < TOKEN_S
    [late] = [x for x in alarms(resources) if x["MetricName"] == "ApproximateAgeOfOldestMessage"]
    assert queue["VisibilityTimeout"] < late["Threshold"] < TOKEN_S, "told while there is time"


def alarms(resources: dict[str, Any]) -> list[dict[str, Any]]:
    found = of_type(resources, "AWS::CloudWatch::Alarm").values()
    return [one for one in found if "MetricName" in one]


def test_every_queue_of_work_has_one_for_dead_letters_that_keeps_them_longer(
    resources: dict[str, Any],
) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    ends = {"DeadLetters", "VoiceDeadLetters", "FailedCalls"}
    for name, queue in queues.items():
        assert queue["SqsManagedSseEnabled"] is True
        if name in ends:
            assert queue["MessageRetentionPeriod"] == 14 * DAY_S, "as long as SQS keeps anything"
        else:
            end = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert end in ends
            assert bool(queues[end].get("FifoQueue")) == bool(queue.get("FifoQueue"))


def test_calls_that_nobody_waits_for_are_not_lost(resources: dict[str, Any]) -> None:
    kept = {"Fn::GetAtt": ["FailedCalls", "Arn"]}
    for name in ("Watcher", "Registrar"):
        config = resources[f"{name}EventInvokeConfig"]["Properties"]
        assert config["DestinationConfig"]["OnFailure"]["Destination"] == kept
    assert retries(resources, "Watcher") == 0, "the next minute comes by itself"
    assert retries(resources, "Registrar") == 1, "CloudFormation waits for an answer"
    for rule in of_type(resources, "AWS::Events::Rule").values():
        assert [target["DeadLetterConfig"]["Arn"] for target in rule["Targets"]] == [kept]
    assert rule_may_send(resources) == "events.amazonaws.com"


def retries(resources: dict[str, Any], function: str) -> int:
    return int(resources[f"{function}EventInvokeConfig"]["Properties"]["MaximumRetryAttempts"])


def rule_may_send(resources: dict[str, Any]) -> str:
    [policy] = of_type(resources, "AWS::SQS::QueuePolicy").values()
    [statement] = policy["PolicyDocument"]["Statement"]
    rules = statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert rules.endswith("rule/${AWS::StackName}-*")
    return str(statement["Principal"]["Service"])


def test_the_table_costs_nothing_idle_forgets_by_itself_and_can_go_back_in_time(
    resources: dict[str, Any],
) -> None:
    [table] = of_type(resources, "AWS::DynamoDB::Table").values()
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_bucket_is_private_versioned_and_encrypted(resources: dict[str, Any]) -> None:
    [bucket] = of_type(resources, "AWS::S3::Bucket").values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_nobody_reads_the_bucket_without_tls(resources: dict[str, Any]) -> None:
    [policy] = of_type(resources, "AWS::S3::BucketPolicy").values()
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        *("Deny", "*", "s3:*"),
    )
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(statement["Resource"]) == 2, "the bucket and what is in it"


def test_what_people_taught_outlives_the_stack(resources: dict[str, Any]) -> None:
    for name in ("Bucket", "Table"):
        assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_every_log_has_an_end(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert set(groups) == {"Logs", "AccessLogs", "VoiceLogs", "VoiceBuildLogs"}
    assert all(one["RetentionInDays"] == {"Ref": "LogDays"} for one in groups.values())


def test_whoever_writes_a_log_writes_to_one_of_these(resources: dict[str, Any]) -> None:
    for function in of_type(resources, "AWS::Lambda::Function").values():
        assert function["LoggingConfig"]["LogGroup"] == {"Ref": "Logs"}
    [task] = of_type(resources, "AWS::ECS::TaskDefinition").values()
    [container] = task["ContainerDefinitions"]
    assert container["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": "VoiceLogs"}
    [stage] = of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["AccessLogs", "Arn"]}


def test_a_line_of_the_access_log_is_json_and_holds_no_word_of_strangers(
    resources: dict[str, Any],
) -> None:
    [stage] = of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    line = json.loads(stage["AccessLogSettings"]["Format"])
    assert line["event"] == "request"
    strangers = ("path", "userAgent", "header", "body", "error.message", "integrationErrorMessage")
    assert not [value for value in line.values() for word in strangers if word in value]


def test_the_endpoint_is_throttled(resources: dict[str, Any]) -> None:
    [stage] = of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingBurstLimit": {"Ref": "ThrottleBurst"},
        "ThrottlingRateLimit": {"Ref": "ThrottleRate"},
    }
