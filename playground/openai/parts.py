"""What the server is made of."""

from pathlib import Path
from typing import NamedTuple

from playground.openai.faults import Faults
from playground.openai.journal import Journal
from playground.openai.learner.embedding import Embedding, shared
from playground.openai.learner.files import Files
from playground.openai.learner.jobs import Jobs
from playground.openai.learner.runner import Runner
from playground.openai.learner.workshop import Workshop
from playground.openai.speech.speaker import Speaker
from playground.openai.webhooks import Messenger, Webhook


class Parts(NamedTuple):
    """Shared by all requests."""

    key: str
    """What a Bearer header must carry; empty: anything."""
    faults: Faults
    journal: Journal
    embed: Embedding
    files: Files
    jobs: Jobs
    workshop: Workshop
    runner: Runner
    speaker: Speaker
    messenger: Messenger


def built(
    folder: Path, key: str, webhook: Webhook | None, seconds: float, processing_s: float
) -> Parts:
    """All parts over a folder; the runner is not started."""
    folder.mkdir(parents=True, exist_ok=True)
    faults, embed = Faults(), shared()
    files, jobs, workshop = Files(folder, processing_s), Jobs(folder), Workshop(folder)
    messenger = Messenger(webhook, faults.over)
    runner = Runner(jobs, files, workshop, embed, messenger, faults.over, seconds)
    speaker = Speaker(embed, workshop)
    journal = Journal()
    return Parts(key, faults, journal, embed, files, jobs, workshop, runner, speaker, messenger)
