"""What the voice worker asks of AWS, its role allows (moto behind a door that writes it down)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clouds import bot_on
from tests.person import ADA, GUILD
from tests.recorder import Recorder
from tests.stack.asking import Asked, door, forbidden
from tests.stack.reading import statements
from tests.voice.conftest import Studio, teach
from tests.voice.stage import written
from tools.cloud import Cloud, cloud
from tools.translate import translated

pytestmark = pytest.mark.real
QUESTION, ANSWER = "When does the dome open?", "At nine."
MENTION = "<@1300000000000000001>"
MESSAGE = "1420000000000000001"


@pytest.fixture
def aws() -> Iterator[Cloud]:
    with cloud() as it:
        yield it


@pytest.fixture
def queue(aws: Cloud) -> str:
    sqs = aws.client("sqs")
    found = sqs.create_queue(QueueName="voice.fifo", Attributes={"FifoQueue": "true"})
    sqs.close()
    return str(found["QueueUrl"])


@pytest.fixture
def asked(
    aws: Cloud, queue: str, discord: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Asked]:
    """All that the worker asked for in an evening; what the bot's commands did is not among it."""
    more = {"VOICE_QUEUE_URL": queue, "VOICE": "always"}
    with door(aws.url) as (url, found):
        commands = bot_on(aws, discord, monkeypatch, **more)
        _ = commands.voice_queue, commands.records, commands.files
        worker = bot_on(aws._replace(url=url), discord, monkeypatch, **more)

        async def scene() -> None:
            studio = Studio(worker, discord, tmp_path)
            studio.app = commands
            try:
                await an_evening(studio)
            finally:
                studio.worker.stop.set()
                await studio.ended

        asyncio.run(scene())
        assert worker.secret("discord_bot_token"), "it logs in"
    return found


async def an_evening(studio: Studio) -> None:
    """It joins, hears, keeps, answers aloud and in writing, reads aloud, leaves. Records are not
    read meanwhile: moto shows half of one that is being written, which DynamoDB never does.
    """
    studio.app.voice_rules.change(GUILD, ADA, keep="sound")
    studio.app.consent.give(GUILD, ADA, "sound")
    teach(studio.app, QUESTION, ANSWER)
    await studio.joined(ADA)
    await studio.utter(ADA, QUESTION)
    await studio.until(lambda: studio.told("🎙️ Ada"))
    await studio.until(lambda: len([*studio.app.files.names(f"guilds/{GUILD}/voice/")]) == 2)
    await studio.worker.message(written(MESSAGE, f"{MENTION} {QUESTION}", mentions_me=True))
    studio.order("say", text="Good evening!")
    await studio.until(lambda: "Good evening!" in studio.tone.said)
    studio.order("leave")
    await studio.until(lambda: not len(studio.worker.calls))


def test_the_voice_worker_asks_for_nothing_that_its_role_forbids(asked: list[Asked]) -> None:
    roles = list(statements(translated()["Resources"]))
    kinds = {one.action for one in asked}
    wanted = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "s3:PutObject", "dynamodb:PutItem"}
    assert wanted | {"dynamodb:Query", "ssm:GetParameter"} <= kinds
    assert forbidden(roles, "Voice", asked) == set()
    poorer = [one._replace(actions=()) for one in roles]
    assert forbidden(poorer, "Voice", asked) == set(asked), "it would have been noticed"
