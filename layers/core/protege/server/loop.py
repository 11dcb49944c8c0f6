"""The queue -> protege.worker.work, on this machine: what Lambda's event source does on AWS."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from protege.app import App, app
from protege.config import ConfigError
from protege.errors import BotError, Missing
from protege.journal import note, trouble
from protege.metrics import send_to
from protege.metrics.totals import Totals
from protege.registrar import register
from protege.server.figures import hand_over
from protege.server.logs import log_to_stderr
from protege.storage import Delivery, Queue
from protege.watcher import watch
from protege.worker import work

THREADS = 4
LEASE_S = 15
"""A killed worker's message comes back after this long; a living one extends its lease."""
WAIT_S = 1.0
WATCH_S = 60.0
LEG_S = 60.0
"""As long as on AWS, and less than a worker's claim lasts."""
LONGEST_DELAY_S = 60


def run(
    bot: App, stop: threading.Event, parent: int, tick: Callable[[], None] = lambda: None
) -> None:
    """Work until `stop` is set, or the process that started this one is gone: `parent`, its id.

    `tick`: called every second.
    """
    threads = [threading.Thread(target=_work, args=(bot, stop)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    bot.alarm.set()  # jobs may have been left by a process that was killed
    registered, watched = False, -WATCH_S  # the machine itself may have started a moment ago
    while not stop.wait(1.0) and os.getppid() == parent:
        tick()
        if time.monotonic() - watched > WATCH_S:
            registered = registered or _register(bot)
            _watch(bot)
            _keep_voice(bot)
            watched = time.monotonic()
    stop.set()
    for thread in threads:
        thread.join()


def _work(bot: App, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            delivery = bot.queue.receive(wait_s=WAIT_S, lease_s=LEASE_S)
            if delivery:
                _handle(bot, delivery, stop)
        except Exception as error:
            trouble("queue", error)
            stop.wait(1.0)


def _handle(bot: App, delivery: Delivery, stop: threading.Event) -> None:
    """Work on one message; a training job stops at its next step when the process is to end."""
    ends = time.monotonic() + LEG_S

    def left_s() -> float:
        return 0.0 if stop.is_set() else ends - time.monotonic()

    with _held(bot.queue, delivery):
        failed = work(bot, [delivery], left_s=left_s)
    if failed:
        delay_s = min(LONGEST_DELAY_S, 2**delivery.receives)
        bot.queue.release(delivery.receipt, delay_s=delay_s)
    else:
        bot.queue.done(delivery.receipt)


@contextmanager
def _held(queue: Queue, delivery: Delivery) -> Iterator[None]:
    """Extend the lease for as long as the work takes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(LEASE_S / 3):
            try:
                queue.extend(delivery.receipt, LEASE_S)
            except Missing:
                note("lease lost", message=delivery.id)
                return

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _register(bot: App) -> bool:
    try:
        register(bot)
    except (BotError, ConfigError) as error:
        note("commands not registered", why=str(error))
        return isinstance(error, ConfigError)
    return True


def _watch(bot: App) -> None:
    try:
        if bot.alarm.ringing():
            watch(bot)
    except Exception as error:
        trouble("watch", error)


def _keep_voice(bot: App) -> None:
    try:
        bot.calling.keep()
    except Exception as error:
        trouble("voice", error)


def main() -> None:
    """Run until SIGTERM or Ctrl-C; work in hand is finished first.

    Is told who started it, who may be gone before all is imported.
    """
    parent = int(sys.argv[1]) if sys.argv[1:] else os.getppid()
    bot = app()
    log_to_stderr("worker", bot.config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    totals = Totals(bot.config.metrics_by)
    send_to(totals)
    run(bot, stop, parent, lambda: hand_over(bot.config, totals))


if __name__ == "__main__":
    main()
