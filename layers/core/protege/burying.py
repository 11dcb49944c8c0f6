"""Work that cannot succeed: told to who asked, put among the dead letters with a reason, noted."""

from typing import Literal

from protege import legs, metrics
from protege.app import App
from protege.errors import BotError, Malformed, Unavailable
from protege.journal import note, trouble
from protege.replying import apologise, nothing_read
from protege.storage import Delivery
from protege.text import Text
from protege.ui.dispatch import BROKEN
from protege.work import MOST_TRIES, Cut, Undelivered, Work

Reason = Literal["malformed", "nowhere", "refused", "killed", "failed"]
REASONS: dict[str, str] = {
    "malformed": "nothing that this version can read",
    "nowhere": "done, but nobody can be told: its token is over, the channel or chat is closed",
    "refused": "done, but Discord does not take what was to be written",
    "killed": "whoever worked on it was killed or ran out of time, each time",
    "failed": f"failed {MOST_TRIES} times",
}
"""What an operator reads of each."""
GIVEN_UP = Text(
    "I tried several times, but it does not work right now. Whoever runs me can see why, and can "
    "have me try again. Reference: `{id}`",
    "Я пробовал несколько раз, но сейчас не получается. Тот, кто меня запустил, увидит причину и "
    "сможет повторить. Номер ошибки: `{id}`",
)


def hopeless(error: Exception, receives: int) -> Reason | None:
    """Why no further try is worth it; None: one is."""
    match error:
        case Malformed():
            return "malformed"
        case Undelivered(gone=True):
            return "nowhere"
        case Undelivered(refused=True):
            return "refused"
        case Cut():
            return "killed"
    return "failed" if receives >= MOST_TRIES else None


def bury(app: App, delivery: Delivery, work: Work | None, error: Exception, reason: Reason) -> bool:
    """Put a message aside; False where that fails, so that the queue itself does, in the end."""
    about = {"reason": reason, "error": type(error).__name__}
    if work:
        about["interaction"] = work.id
    try:
        app.dead_letters.put(delivery.body, about=about)
        if work:
            _end(app, work, reason)
    except Exception as failed:
        trouble("burial", failed, message=delivery.id, reason=reason)
        return False
    space, id, command = (work.space, work.id, work.command) if work else ("", "", "")
    app.mishaps.note(space, id, command, error, dead=True, reason=reason)
    metrics.count("DeadLettered", command=command, guild=space)
    note("dead letter", message=delivery.id, **about)
    return True


def _end(app: App, work: Work, reason: Reason) -> None:
    """Tell who asked, unless they read a part of it already; nobody is to do it again."""
    if work.interaction is None:
        _drop(app, work)
    elif reason != "nowhere" and nothing_read(app, work.name, unknown=True):
        apologise(app, work.interaction, GIVEN_UP if reason in ("failed", "killed") else BROKEN)
    try:
        app.claims.finish(work.name)
    except Unavailable as error:
        trouble("not noted as buried", error)


def _drop(app: App, work: Work) -> None:
    """End the job; one that cannot be ended now is taken up by the watcher, again and again."""
    try:
        legs.give_up(app, work.space, work.job)
    except BotError as error:
        trouble("job not given up", error, job=work.job)
