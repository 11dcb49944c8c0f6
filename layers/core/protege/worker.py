"""Do the slow half: answer what was deferred, take jobs further, put aside what cannot succeed."""

from collections.abc import Callable, Iterable

from protege import legs, metrics
from protege.app import App
from protege.burying import bury, hopeless
from protege.claims import Held
from protege.discord.interaction import Interaction
from protege.errors import Malformed
from protege.journal import about, note, trouble
from protege.replying import answer, nothing_read, tell
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
    try:
        task = read(delivery.body)
    except Malformed as error:
        return _failed(app, delivery, None, error)
    with about(**task.about()):
        try:
            _once(app, delivery, task, left_s)
        except Busy:
            return _later(app, delivery)
        except Exception as error:
            return _failed(app, delivery, task, error)
    return True


def _failed(app: App, delivery: Delivery, task: Work | None, error: Exception) -> bool:
    trouble("work", error, message=delivery.id, receives=delivery.receives)
    metrics.count("Errors")
    reason = hopeless(error, delivery.receives)
    if reason:
        return bury(app, delivery, task, error, reason)
    if task:
        app.mishaps.note(task.space, task.id, task.command, error)
    return False


def _once(app: App, delivery: Delivery, task: Work, left_s: Left) -> None:
    first = delivery.receives == 1
    match app.claims.take(task.name, delivery.id, LEASE_S, fresh=first, alone=delivery.alone):
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
        _answer(app, delivery, task.interaction, task.name, held)
        return
    legs.watched(app)
    with paid_by(task.space):
        legs.advance(app, task.space, task.job, left_s)
    app.claims.finish(task.name)


def _answer(app: App, delivery: Delivery, asked: Interaction, name: str, held: Held) -> None:
    """An apology is for who has not read any of the answer yet; the last one is the burial's."""
    try:
        answer(app, asked, name, held)
    except Exception as error:
        if not hopeless(error, delivery.receives) and nothing_read(app, name):
            tell(app, asked, error)
        raise


def _release(app: App, task: Work) -> None:
    """That this fails too must not hide why: the same message takes the claim over all the same."""
    try:
        app.claims.release(task.name)
    except Exception as error:
        trouble("release", error, work=task.name)


def _later(app: App, delivery: Delivery) -> bool:
    """Somebody else is at it. Waiting for them is no failed try, so no message dies of it."""
    if delivery.receives < MOST_TRIES:
        return False
    app.queue.put(delivery.body, delay_s=LATER_S)
    return True
