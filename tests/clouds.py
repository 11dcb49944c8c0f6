"""A bot whose AWS is on this machine."""

import pytest

from protege.app import App
from protege.config import Config
from tests.person import APPLICATION, KEY
from tests.recorder import Recorder
from tools.cloud import Cloud


def login(url: str) -> dict[str, str]:
    """What SDKs need for an AWS at this address."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "SECRETS_PREFIX": "/protege/",
    }


def bot(env: dict[str, str], patch: pytest.MonkeyPatch, *, keyless: bool = False) -> App:
    """A bot with these settings, which boto3 finds in the environment."""
    for name, value in env.items():
        patch.setenv(name, value)
    return App(Config.read(env, keyless=keyless), env)


def bot_on(aws: Cloud, discord: Recorder, patch: pytest.MonkeyPatch, **more: str) -> App:
    """A bot over the template's bucket, table and queue, facing a recorder."""
    env = {
        **login(aws.url),
        "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
        "DISCORD_APPLICATION_ID": APPLICATION,
        "DISCORD_API": discord.url,
        "ATTACHMENT_HOSTS": discord.url.removeprefix("http://"),
        "BUCKET": aws.values["Bucket"],
        "TABLE": aws.values["Table"],
        "WORK_QUEUE_URL": aws.values["WorkQueue"],
    }
    return bot({**env, **more}, patch)
