"""Do the slow half: answer what was deferred, take jobs further, put aside what cannot succeed."""

from collections.abc import Callable, Iterable

from protege import legs, metrics
from protege.app import App
from protege.burying import bury, hopeless
from protege.journal import about, note, trouble
from protege.replying import answer, tell
from protege.spending import paid_by
from protege.storage import Delivery
from protege.work import MOST_TRIES, Busy, Cut, Work, read

LEASE_S = 90
"""Longer than a worker may run: whoever holds a claim this long is dead."""
LATER_S = 20
"""When to ask again whether somebody else is done."""
Left = Callable[[], float]


def work(app: App, deliveries: Iterable[Delivery], *, left_s: Left = lambda: 300.0) -> list[str]:
    """Work through messages; return the ids of those that are to be delivered again.

    `left_s`: how many seconds this process may still run.
    """
    return [delivery.id for delivery in deliveries if not _over(app, delivery, left_s)]


def _over(app: App, delivery: Delivery, left_s: Left) -> bool:
    """Whether the message needs no further try: it is done, or put aside with a reason."""
    task = None
    try:
        task = read(delivery.body)
        with about(**task.about()):
            _once(app, delivery, task, left_s)
        return True
    except Busy:
        return _later(app, delivery)
    except Exception as error:
        known = task.about() if task else {}
        trouble("work", error, message=delivery.id, receives=delivery.receives, **known)
        metrics.count("Errors", command=known.get("command", ""), guild=known.get("guild", ""))
        reason = hopeless(error, delivery.receives)
        if reason:
            return bury(app, delivery, task, error, reason)
        _failed(app, task, error)
        return False


def _once(app: App, delivery: Delivery, task: Work, left_s: Left) -> None:
    first = delivery.receives == 1
    match app.claims.take(task.name, delivery.id, LEASE_S, fresh=first):
        case "done":
            note("duplicate", work=task.name)
            return
        case "busy":
            raise Busy(task.name)
    note("begun", receives=delivery.receives)
    try:
        _do(app, delivery, task, left_s)
    except Exception:
        _release(app, task)
        raise


def _do(app: App, delivery: Delivery, task: Work, left_s: Left) -> None:
    """Raises whatever goes wrong, and Cut where too many before were killed over it."""
    held = app.claims.held(task.name)
    if delivery.receives > MOST_TRIES or (delivery.receives == MOST_TRIES and held.cut > 1):
        raise Cut(task.name)
    if task.interaction:
        answer(app, task.interaction, task.name, held)
        return
    legs.watched(app)
    with paid_by(task.space):
        legs.advance(app, task.space, task.job, left_s)
    app.claims.finish(task.name)


def _release(app: App, task: Work) -> None:
    """That this fails too must not hide why: the same message takes the claim over all the same."""
    try:
        app.claims.release(task.name)
    except Exception as error:
        trouble("release", error, work=task.name)


def _failed(app: App, task: Work | None, error: Exception) -> None:
    if task is None:
        return
    app.mishaps.note(task.space, task.id, task.command, error)
    if task.interaction:
        tell(app, task.interaction, error)


def _later(app: App, delivery: Delivery) -> bool:
    """Somebody else is at it. Waiting for them is no failed try, so no message dies of it."""
    if delivery.receives < MOST_TRIES:
        return False
    app.queue.put(delivery.body, delay_s=LATER_S)
    return True
