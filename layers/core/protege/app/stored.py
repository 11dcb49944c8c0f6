"""Where all is kept: files, records, queues, each built when asked for, on AWS or one machine."""

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

from protege.app.unopened import Unopened
from protege.config import Config, ConfigError

if TYPE_CHECKING:  # imported where it is built: the ingress never needs most of it
    from pathlib import Path

    from protege.storage import Alarm, Files, Launcher, Listing, Queue, Records
    from protege.storage.aws.builder import ImageBuilder
    from protege.storage.aws.launcher import Task
    from protege.storage.aws.secrets import Secrets
    from protege.storage.embedded import Links


NEVER = 1 << 30
"""Dead letters may be looked at as often as one likes."""
MOST_RECEIVES = 5
"""A worker gives up by itself before, and says why; this is for messages that kill every one."""


class Stored:
    """`light`: in the ingress, where storage is read and never written."""

    def __init__(self, config: Config, env: Mapping[str, str], *, light: bool) -> None:
        self.config = config
        # Without a key: one of small order, under which nobody's signature holds.
        self.public_key = bytes.fromhex(config.discord_public_key or "00" * 32)
        self.now: Callable[[], float] = time.time
        self._env = env
        self._light = light

    @property
    def aws(self) -> str:
        """Another address of AWS, as its SDKs are told of it; mostly "".

        Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        """
        return self._env.get("AWS_ENDPOINT_URL", "")

    @cached_property
    def files(self) -> "Files":
        """Files in S3 or a folder."""
        if not self.config.on_aws:
            from protege.storage.embedded import FolderFiles

            return FolderFiles(self._folder / "files", self.links)
        return cast("Files", Unopened(self._s3_files)) if self._light else self._s3_files()

    def _s3_files(self) -> "Files":
        from protege.storage.aws import S3Files, client

        return S3Files(self.config.bucket, client("s3"))

    @cached_property
    def listing(self) -> "Listing":
        """What files there are; in the ingress without boto3."""
        if not (self._light and self.config.on_aws):
            return self.files
        from protege.storage.aws.signed import SignedListing

        return SignedListing(self.config.bucket, self._env)

    @cached_property
    def links(self) -> "Links":
        """Addresses of downloads from our own endpoint, on one machine."""
        from protege.storage.embedded import Links

        return Links(self._folder / "links.key", self.config.address)

    @cached_property
    def records(self) -> "Records":
        """Records in DynamoDB or SQLite."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteRecords

            return SqliteRecords(self._folder / "records.sqlite")
        if self._light:
            from protege.storage.aws.signed import SignedRecords

            return SignedRecords(self.config.table, self._env)
        from protege.storage.aws import DynamoRecords, client

        return DynamoRecords(self.config.table, client("dynamodb"))

    @cached_property
    def queue(self) -> "Queue":
        """Slow work, in SQS or SQLite."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteQueue

            return SqliteQueue(self._folder / "queue.sqlite", max_receives=MOST_RECEIVES)
        if self._light:
            from protege.storage.aws.signed import SignedQueue

            return SignedQueue(self.config.work_queue_url, self._env)
        from protege.storage.aws import SqsQueue, client

        return SqsQueue(self.config.work_queue_url, client("sqs"))

    @cached_property
    def dead_letters(self) -> "Queue":
        """What cannot succeed, each with its reason. Raises ConfigError where there is no place."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteQueue

            return SqliteQueue(self._folder / "queue.sqlite", name="dead", max_receives=NEVER)
        from protege.storage.aws import SqsQueue, client

        return SqsQueue(self.set_up("dead_letters_url"), client("sqs"))

    @cached_property
    def voice_queue(self) -> "Queue":
        """What the voice worker is asked to do, one after another in each guild."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteQueue

            return SqliteQueue(self._folder / "queue.sqlite", name="voice", fifo=True)
        from protege.storage.aws import SqsQueue, client

        return SqsQueue(self.set_up("voice_queue_url"), client("sqs"))

    @cached_property
    def launcher(self) -> "Launcher | None":
        """What starts a voice worker; None where a service of ECS keeps one running.

        Raises ConfigError where a setting is missing.
        """
        if not self.config.on_aws:
            from protege.storage.embedded import ChildLauncher

            return ChildLauncher(self.config.voice_command, self._env)
        if self.config.voice == "always":
            return None
        from protege.storage.aws import TaskLauncher, client

        return TaskLauncher(self._voice_task, client("ecs"))

    @property
    def _voice_task(self) -> "Task":
        from protege.storage.aws.launcher import Task

        return Task(
            self.set_up("voice_cluster"),
            self.set_up("voice_task"),
            tuple(self.set_up("voice_subnets").split(",")),
            tuple(self.set_up("voice_security_groups").split(",")),
        )

    def set_up(self, name: str) -> str:
        """A setting that must not be empty. Raises ConfigError."""
        found: str = getattr(self.config, name)
        if not found:
            raise ConfigError(f"{name.upper()} is not set")
        return found

    @cached_property
    def builder(self) -> "ImageBuilder":
        """What has the voice worker's image made; on AWS only."""
        from protege.storage.aws import ImageBuilder

        return ImageBuilder(self._secrets)

    @cached_property
    def alarm(self) -> "Alarm":
        """Whether the watcher looks: a rule of EventBridge, or a file."""
        if self.config.on_aws:
            from protege.storage.aws import RuleAlarm, client

            return RuleAlarm(self.config.watch_rule, client("events"))
        from protege.storage.embedded import FileAlarm

        return FileAlarm(self._folder / "alarm")

    @cached_property
    def _folder(self) -> "Path":
        from pathlib import Path

        return Path(self.config.data_dir).resolve()

    @cached_property
    def _secrets(self) -> "Secrets":
        from protege.storage.aws import client
        from protege.storage.aws.secrets import Secrets

        return Secrets(self.config.secrets_prefix, client("ssm"))
