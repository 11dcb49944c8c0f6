"""Voice over SQS, DynamoDB and ECS (a moto server over HTTP), through the front door."""

from collections.abc import Iterator
from typing import Any

import pytest

from protege.app import App
from protege.discord.interaction import Channel
from protege.storage.aws.launcher import Task
from protege.voice.orders import Order
from tests.clouds import bot_on
from tests.person import GUILD, Person
from tests.recorder import Recorder
from tests.tasks import task_on
from tools.cloud import Cloud, cloud

pytestmark = pytest.mark.real
LOUNGE = Channel("900", "Lounge", 2, 1 << 20 | 1 << 10)


@pytest.fixture
def aws() -> Iterator[Cloud]:
    with cloud() as it:
        yield it


@pytest.fixture
def ecs(aws: Cloud) -> Iterator[Any]:
    found = aws.client("ecs")
    yield found
    found.close()


@pytest.fixture
def task(aws: Cloud, ecs: Any) -> Iterator[Task]:
    ec2 = aws.client("ec2")
    yield task_on(ecs, ec2)
    ec2.close()


@pytest.fixture
def on_aws(aws: Cloud, task: Task, discord: Recorder, monkeypatch: pytest.MonkeyPatch) -> App:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="voice.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    sqs.close()
    more = {
        "VOICE_QUEUE_URL": url,
        "VOICE_CLUSTER": task.cluster,
        "VOICE_TASK": task.definition,
        "VOICE_SUBNETS": ",".join(task.subnets),
        "VOICE_SECURITY_GROUPS": ",".join(task.security_groups),
    }
    return bot_on(aws, discord, monkeypatch, **more)


def orders(app: App) -> list[Order]:
    """All that the voice worker is asked for."""
    found = []
    while delivery := app.voice_queue.receive(wait_s=0, lease_s=60):
        app.voice_queue.done(delivery.receipt)
        found.append(Order.parse(delivery.body))
    return found


def test_join_starts_one_task_and_the_orders_come_in_turn(
    on_aws: App, ecs: Any, task: Task, discord: Recorder
) -> None:
    ada = Person(on_aws, discord)
    for _ in range(2):
        ada.slash("join", channel=LOUNGE)
    ada.slash("say", text="Good evening!")
    assert len(ecs.list_tasks(cluster=task.cluster)["taskArns"]) == 1
    now = on_aws.now()
    on_aws.now = lambda: now
    on_aws.presence.beat("a", now, 0)
    ada.slash("leave")
    assert "leaving" in ada.sees
    assert [order.do for order in orders(on_aws)] == ["join", "join", "say", "leave"]


def test_consent_and_rules_are_kept(on_aws: App, discord: Recorder) -> None:
    ada = Person(on_aws, discord)
    ada.press("listen_to_me:")
    ada.slash("voice", language="ru", speed=1.5)
    assert on_aws.consent.given(GUILD) == {ada.user}
    rules = on_aws.voice_rules.rules(GUILD)
    assert (rules.language, rules.speed) == ("ru", 1.5)
    assert orders(on_aws) == [], "nobody is there to hear of it"
