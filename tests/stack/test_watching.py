"""Alarms, dashboard and queries speak of what is really counted and logged."""

import json
import re
from typing import Any

import pytest

from protege.metrics import BY_COMMAND, UNITS
from protege.metrics.emf import NAMESPACE
from tests.stack.reading import FUNCTIONS, of_type, references

OF_AWS = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    "AWS/ApiGateway": {"4xx", "5xx", "Latency"},
}
"""Of the lists at https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html"""
DIMENSION = {"AWS/SQS": "QueueName", "AWS/Lambda": "FunctionName", "AWS/ApiGateway": "ApiId"}


def alarms(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return of_type(resources, "AWS::CloudWatch::Alarm")


def metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metric of an alarm, or all of its expression."""
    if "MetricName" in alarm:
        return [alarm]
    return [one["MetricStat"]["Metric"] for one in alarm["Metrics"] if "MetricStat" in one]


def exists(namespace: str, name: str) -> bool:
    return name in (UNITS if namespace == NAMESPACE else OF_AWS[namespace])


def test_every_alarm_watches_a_metric_that_there_is(resources: dict[str, Any]) -> None:
    for name, alarm in alarms(resources).items():
        for metric in metrics(alarm):
            space = metric["Namespace"]
            assert exists(space, metric["MetricName"]), name
            [dimension] = metric["Dimensions"]
            assert dimension["Name"] == DIMENSION.get(space, "Stack"), name


def test_every_alarm_says_what_it_means_and_tells_somebody(resources: dict[str, Any]) -> None:
    for name, alarm in alarms(resources).items():
        assert len(alarm["AlarmDescription"]) > 30, name
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}], name
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching"), name


def test_everything_that_must_be_watched_is(resources: dict[str, Any]) -> None:
    watched = {
        (metric["MetricName"], next(references(metric["Dimensions"])))
        for alarm in alarms(resources).values()
        for metric in metrics(alarm)
    }
    queues = of_type(resources, "AWS::SQS::Queue")
    ends = [name for name in queues if "RedrivePolicy" not in queues[name]]
    assert {("ApproximateNumberOfMessagesVisible", name) for name in ends} <= watched
    assert {("Errors", name) for name in FUNCTIONS} <= watched
    assert {("Throttles", "Ingress"), ("Throttles", "Worker")} <= watched
    assert {("ApproximateAgeOfOldestMessage", "WorkQueue"), ("Latency", "HttpApi")} <= watched
    assert ("VoiceMinutes", "AWS::StackName") in watched


def test_the_ack_alarm_rings_before_discord_gives_up(resources: dict[str, Any]) -> None:
    alarm = resources["AckAlarm"]["Properties"]
    assert (alarm["ExtendedStatistic"], alarm["Threshold"]) == ("p99", 1500)


def test_a_voice_task_that_never_ends_is_noticed_once_it_cannot_be_in_use(
    resources: dict[str, Any],
) -> None:
    alarm = resources["VoiceEndlessAlarm"]["Properties"]
    assert resources["VoiceEndlessAlarm"]["Condition"] == "SpeaksOnDemand"
    assert alarm["Threshold"] < alarm["Period"] / 60, "minutes of an hour, some of them lost"
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 7 * 24 * 3600, "CloudWatch's limit"


def test_a_voice_task_that_fails_is_told_of(resources: dict[str, Any]) -> None:
    rule = resources["VoiceFailed"]["Properties"]
    assert [target["Arn"] for target in rule["Targets"]] == [{"Ref": "Alarms"}]
    [policy] = of_type(resources, "AWS::SNS::TopicPolicy").values()
    may = [one["Principal"]["Service"] for one in policy["PolicyDocument"]["Statement"]]
    assert may == ["cloudwatch.amazonaws.com", "events.amazonaws.com"]


@pytest.mark.parametrize(("name", "condition"), [("AlarmMail", "Tells"), ("Budget", "Budgets")])
def test_nobody_gets_mail_who_did_not_ask_for_it(
    name: str, condition: str, resources: dict[str, Any]
) -> None:
    assert resources[name]["Condition"] == condition


# ---- dashboard -----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[True, False], ids=["with voice", "without"])
def widgets(request: pytest.FixtureRequest, resources: dict[str, Any]) -> list[dict[str, Any]]:
    """As CloudFormation fills it in."""
    text, given = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    _, yes, no = given["VoiceAlarms"]["Fn::If"]
    voice = yes["Fn::Sub"][0] if request.param else no
    body = text.replace("${VoiceAlarms}", voice)
    body = re.sub(r"\$\{(?!!)([^}]+)\}", lambda found: found[1], body).replace("${!", "${")
    return list(json.loads(body)["widgets"])


def test_the_dashboard_shows_metrics_that_there_are(widgets: list[dict[str, Any]]) -> None:
    shown = set()
    for widget in widgets:
        last: list[Any] = []
        for row in widget["properties"].get("metrics", []):
            last = unfolded(row, last)
            if isinstance(last[0], str):
                assert exists(last[0], last[1]), last
                shown.add(last[1])
    assert {"AckMs", "AnswerMs", "Errors", "Dollars", "TokensIn", "VoiceMinutes"} <= shown


def unfolded(row: list[Any], last: list[Any]) -> list[Any]:
    """A row with what `.` and `...` stand for.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    words = [word for word in row if isinstance(word, str)]
    before = [word for word in last if isinstance(word, str)]
    if not words:
        return row
    if words[0] == "...":
        words = before[: len(before) - len(words) + 1] + words[1:]
    return [old if new == "." else new for new, old in zip(words, before or words, strict=False)]


def test_what_is_searched_by_command_is_counted_by_command(widgets: list[dict[str, Any]]) -> None:
    found = re.findall(r"\{(\w+),Stack,Command\} MetricName=\\\"(\w+)", json.dumps(widgets))
    assert found and {space for space, _ in found} == {NAMESPACE}
    assert {name for _, name in found} <= BY_COMMAND


def test_widgets_lie_beside_each_other(widgets: list[dict[str, Any]]) -> None:
    taken: set[tuple[int, int]] = set()
    for one in widgets:
        cells = {
            (x, y)
            for x in range(one["x"], one["x"] + one["width"])
            for y in range(one["y"], one["y"] + one["height"])
        }
        assert not cells & taken and max(x for x, _ in cells) < 24
        taken |= cells


def test_the_dashboard_shows_every_alarm(resources: dict[str, Any]) -> None:
    shown = set(references(resources["Dashboard"]["Properties"]["DashboardBody"]))
    assert set(alarms(resources)) <= shown


# ---- queries -------------------------------------------------------------------------------------


def test_queries_ask_for_numbers_that_are_counted(resources: dict[str, Any]) -> None:
    queries = of_type(resources, "AWS::Logs::QueryDefinition")
    assert len(queries) >= 4
    for query in queries.values():
        asked = set(re.findall(r"(?:sum|pct|avg|max)\((\w+)", query["QueryString"]))
        assert asked <= set(UNITS)
        assert query["LogGroupNames"] == [{"Ref": "Logs"}]
