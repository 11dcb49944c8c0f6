"""Where log and numbers of a process go that is no function on Lambda."""

import sys

from protege.config import Config
from protege.journal import open_journal
from protege.metrics import Sink
from protege.metrics.emf import Emf
from protege.metrics.totals import Totals


def log_to_stderr(part: str = "endpoint", config: Config | None = None) -> None:
    """One JSON object a line on stderr. `part`: which process, in each line."""
    config = config or Config()
    open_journal(sys.stderr, config.log_level, content=bool(config.log_content), part=part)


def counting(config: Config) -> Sink:
    """Where numbers go: into the log on AWS, where CloudWatch reads them, else into memory."""
    if config.on_aws:
        return Emf(sys.stderr, config.stack, config.metrics_by)
    return Totals(config.metrics_by)
