"""Ending a waitress server that runs in a thread of the tests."""

from threading import Thread
from typing import Any


def end(server: Any, thread: Thread) -> None:
    """Its last answer is wholly out first: else it still writes into a pipe that is closed, whose
    number another file may have by then. It closes in its own thread, not under its feet.
    """
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(server.close)
    thread.join()
