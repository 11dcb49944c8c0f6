"""Where the log goes on one machine."""

import logging
import sys


def log_to_stderr() -> None:
    """One JSON object a line on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("protege")
    log.handlers = [handler]
    log.setLevel(logging.INFO)
