"""EventBridge schedule -> protege.watcher.watch."""

from protege.app import app
from protege.watcher import watch


def handler(event: object, context: object) -> dict[str, int]:
    """Look after running jobs."""
    return {"woken": watch(app())}
