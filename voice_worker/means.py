"""What every call works with."""

import itertools
import time
from typing import NamedTuple

from protege.app import App
from protege.discord.snowflake import EPOCH_MS
from voice_worker.line import Line
from voice_worker.listening.scribe import Scribe
from voice_worker.metrics import Metrics
from voice_worker.speaking import Speaker
from voice_worker.telling import Telling


class Means(NamedTuple):
    """One worker's."""

    app: App
    line: Line
    scribe: Scribe
    speaker: Speaker
    telling: Telling
    metrics: Metrics


_made = itertools.count(1)


def new_id() -> str:
    """An id like Discord's, for what Discord gave none: what somebody said. Ids sort by time."""
    return str((int(time.time() * 1000) - EPOCH_MS << 22) + next(_made) % (1 << 22))
