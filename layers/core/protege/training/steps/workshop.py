"""What the steps of a training job work with."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from protege.datasets.rows import Row
from protege.learning import Embedder
from protege.lessons import Lessons
from protege.models import Models
from protege.storage import Files
from protege.training.job import Job
from protege.training.jobs import Jobs
from protege.training.steps.desks import Desks
from protege.training.tuning import Tuning

if TYPE_CHECKING:
    from protege.chat import Instructions
    from protege.providers import ChatModel
    from protege.providers.tuning import Tuner
    from protege.spending import Spending


class Workshop(NamedTuple):
    """Parts of the bot; what not every method needs is called for."""

    files: Files
    jobs: Jobs
    models: Models
    lessons: Lessons
    embedder: Callable[[], Embedder]
    instructions: "Instructions"
    chat: Callable[[], "ChatModel"]
    spending: "Spending"
    desks: Desks
    tuner: Callable[[str], "Tuner"]
    """By the provider's name: see `plan.TUNED_BY`."""
    voted: Callable[[str], Iterable[Row]]
    """A guild's pairs of answers of which people found one better."""
    tuning: Tuning = Tuning()
    int8: bool = False
    """Whether new versions keep vectors as int8."""
    now: Callable[[], float] = time.time


Step = Callable[[Workshop, Job], Job]
"""At most some ten seconds of a job's work, saved. It may be repeated at any point after a crash:
it writes the same bytes under the same names, and the job's record last."""
