"""The stand-in's parts, put together."""

from dataclasses import dataclass
from pathlib import Path

from playground.discord.catalogue import Catalogue
from playground.discord.events import Hub
from playground.discord.faults import Plan
from playground.discord.files import Files
from playground.discord.interactions.answering import Answers
from playground.discord.interactions.delivery import Postman
from playground.discord.interactions.desk import Desk
from playground.discord.journal import Journal
from playground.discord.posts import Posts
from playground.discord.sessions import Sessions
from playground.discord.validation import Validation
from playground.discord.world import World
from playground.voice.states import VoiceStates

ANSWER_LIMIT_S = 3.0
"""Source: https://docs.discord.com/developers/interactions/receiving-and-responding"""


@dataclass(frozen=True)
class Parts:
    """Everything that routes reach for."""

    world: World
    hub: Hub
    journal: Journal
    faults: Plan
    validation: Validation
    files: Files
    posts: Posts
    sessions: Sessions
    catalogue: Catalogue
    answers: Answers
    postman: Postman
    desk: Desk
    states: VoiceStates

    @classmethod
    def build(cls, folder: Path, host: str, description: Path | None) -> "Parts":
        """`host`: where the stand-in is reached, `127.0.0.1:8700`."""
        world, hub = World(folder), Hub()
        journal, validation = Journal(hub), Validation(description)
        files = Files(world, host)
        posts, sessions = Posts(world, files, hub), Sessions(world)
        catalogue, answers = Catalogue(world, hub), Answers(world, posts, sessions)
        postman = Postman(world.signing_key, ANSWER_LIMIT_S)
        desk = Desk(world, files, posts, sessions, catalogue, answers, journal, validation, postman)
        return cls(
            world, hub, journal, Plan(), validation, files, posts, sessions, catalogue, answers,
            postman, desk, VoiceStates(world, hub),
        )  # fmt: skip

    def close(self) -> None:
        """End streams and waits, close files and connections."""
        self.faults.over.set()
        self.hub.close()
        self.postman.close()
        self.world.store.close()
