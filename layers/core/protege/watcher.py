"""Every minute while jobs run: wake those whose message was lost. Never while none does."""

from protege.app import App
from protege.journal import note


def watch(app: App) -> int:
    """Put every stalled job back into the queue; return how many. Where none runs, sleep."""
    woken = 0
    for job in app.jobs.stalled():
        app.jobs.wake(job)
        note("job woken", job=job.id, guild=job.space)
        woken += 1
    _sleep(app)
    return woken


def _sleep(app: App) -> None:
    """Turn the alarm off. A job that begins sets it: it is on record before that, so whoever
    begins one at the same moment is seen in the second look.
    """
    if app.jobs.idle():
        app.alarm.off()
        if not app.jobs.idle():
            app.alarm.set()
