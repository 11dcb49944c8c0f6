"""Workers as processes of their own, so that they can be killed: Lambda's part, in a few lines."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from protege.app import App
from protege.config import Config
from protege.worker import work
from tests.chaos.house import embedder

PRELOADED = ["protege.worker", "tests.chaos.mortal", "tests.chaos.warm", "boto3"]


def live(
    env: Mapping[str, str], lease_s: int, threads: int = 1, go: Any = None, again_s: int = 2
) -> None:
    """Receive, work, delete, for ever.

    `go`: what says that it is its turn; `again_s`: when what failed comes again.
    """
    os.environ.update(env)
    app = App(Config.read(env), env)
    app._loaded_embedder = embedder()
    _ = app.queue, app.records, app.files, app.discord, app.dead_letters
    if go is not None:
        go.recv()
    for _ in range(threads - 1):
        threading.Thread(target=_work, args=(app, lease_s, again_s), daemon=True).start()
    _work(app, lease_s, again_s)


def _work(app: App, lease_s: int, again_s: int) -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # nobody may outlive who started it
        try:
            delivery = app.queue.receive(wait_s=2, lease_s=lease_s)
            if delivery is None:
                continue
            if work(app, [delivery]):
                app.queue.release(delivery.receipt, delay_s=again_s)
            else:
                app.queue.done(delivery.receipt)
        except Exception:  # as Lambda's poller does: the message comes again
            time.sleep(0.01)


class Workers:
    """One worker, and another that is ready to take its place."""

    def __init__(self, env: Mapping[str, str], lease_s: int) -> None:
        self._env = dict(env)
        self._lease_s = lease_s
        self._context = context()
        self.deaths = 0
        self._spare = self._born()
        self._now = self._relieved()

    def kill(self) -> None:
        """kill -9; the next one begins at once."""
        self._now.kill()
        self._now.join()
        self.deaths += 1
        self._now = self._relieved()

    def stop(self) -> None:
        for process in (self._now, self._spare[0]):
            process.kill()
            process.join()

    def _relieved(self) -> BaseProcess:
        process, go = self._spare
        go.send(True)
        self._spare = self._born()
        return process

    def _born(self) -> tuple[BaseProcess, Any]:
        go, theirs = self._context.Pipe()
        about = (self._env, self._lease_s, 1, theirs)
        process = self._context.Process(target=live, args=about, daemon=True)
        process.start()
        theirs.close()
        return process, go


def context() -> Any:
    """Processes that are copies of one in which everything is imported already."""
    found = multiprocessing.get_context("forkserver")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads do not survive being copied
    found.set_forkserver_preload(PRELOADED)
    return found


@contextmanager
def crowd(env: Mapping[str, str], processes: int, threads: int) -> Iterator[None]:
    """So many workers for the length of a block."""
    made = [
        context().Process(target=live, args=(dict(env), 60, threads), daemon=True)
        for _ in range(processes)
    ]
    for process in made:
        process.start()
    try:
        yield
    finally:
        for process in made:
            process.kill()
            process.join()
