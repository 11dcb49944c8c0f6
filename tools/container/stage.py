"""What the container meets: a stand-in Discord with a person in a voice channel, and AWS."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playground.bot import environment, free_port
from playground.discord.person import Person
from playground.discord.server import Server
from playground.voice.speaker import VoicePerson
from protege.app import App
from protege.config import Config
from protege.learning import Lesson
from protege.voice.orders import Order
from tools.cloud import Cloud, cloud
from tools.emulator import REGION

ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "SECRETS_PREFIX": "/protege/",
    "VOICE": "always",
    "HOST": "127.0.0.1",
}
"""What is the same for every run; it listens on the loopback only, as the network is shared."""
QUESTION = "when does the library open"
ANSWER = "The library opens at nine in the morning."
WHO = "vera"


class Stage:
    """`env`: of the container; `health`: port of its health endpoint; `person`: who speaks."""

    def __init__(self, server: Server, aws: Cloud, env: dict[str, str]) -> None:
        self.server, self.env, self._aws = server, env, aws
        self.health = int(env["VOICE_HEALTH_PORT"])
        self.app = App(Config.read(env), env)
        self.typing = Person(server.address, WHO)
        self.person = VoicePerson(server.voice, self.typing.id)
        world = server.parts.world
        self.bot = str(world.bot["id"])
        self.guild = str(world.channels[self.typing.channel]["guild_id"])
        rooms = [c for c in world.channels.values() if c.get("guild_id") == self.guild]
        self.lounge = str(min((c for c in rooms if c["type"] == 2), key=_position)["id"])

    def taught(self) -> None:
        """One question has an answer, and the person lets the bot listen."""
        id = self.app.lessons.new_id(self.guild, "1")
        self.app.lessons.add(self.guild, Lesson(id, QUESTION, ANSWER, author=self.typing.id))
        self.app.consent.give(self.guild, self.typing.id)

    def order(self, do: str, **more: str) -> None:
        """What a command of the bot would put into the queue."""
        at = {"user": self.typing.id, "channel": self.typing.channel}
        order = Order(do, self.guild, self.lounge, **at, **more)  # type: ignore[arg-type]
        self.app.voice_queue.put(order.body(), group=self.guild, once=do)

    def act(self, work: Callable[[VoicePerson], Any]) -> Any:
        """Have the person do something where they live: on the stand-in's loop."""
        return self.server.voice.do(work(self.person))

    @property
    def present(self) -> bool:
        """Whether the bot is in a voice channel."""
        return self.server.voice.states.of(self.bot) is not None


def _position(channel: dict[str, Any]) -> int:
    return int(channel["position"])


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Everything up; the person is in the lounge, the bot not yet started."""
    with cloud() as aws, Server(folder / "discord", voice=True) as server:
        env = _environment(server, aws, folder)
        os.environ.update({name: env[name] for name in env if name.startswith("AWS_")})
        found = Stage(server, aws, env)
        found.taught()
        found.act(lambda person: person.join(found.lounge))
        try:
            yield found
        finally:
            found.act(lambda person: person.leave())


def _environment(server: Server, aws: Cloud, folder: Path) -> dict[str, str]:
    """As the template gives it to the task; the bot's token lies in SSM."""
    queue = aws.client("sqs").create_queue(QueueName="voice.fifo", Attributes={"FifoQueue": "true"})
    of_bot = environment(server, folder, 0)
    aws.client("ssm").put_parameter(
        Name="/protege/discord-bot-token",
        Value=of_bot.pop("DISCORD_BOT_TOKEN"),
        Type="SecureString",
        Overwrite=True,
    )
    kept = {name: of_bot[name] for name in of_bot if name.startswith(("DISCORD_", "ATTACHMENT_"))}
    there = {"AWS_ENDPOINT_URL": aws.url, "VOICE_QUEUE_URL": queue["QueueUrl"]}
    port = {"VOICE_HEALTH_PORT": str(free_port())}
    return {**kept, **ACCOUNT, **there, **port, **_resources(aws)}


def _resources(aws: Cloud) -> dict[str, str]:
    names = {"BUCKET": "Bucket", "TABLE": "Table", "WORK_QUEUE_URL": "WorkQueue"}
    return {variable: aws.values[name] for variable, name in names.items()}
