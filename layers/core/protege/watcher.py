"""Now and then: wake training jobs whose message was lost."""

from protege.app import App
from protege.journal import note


def watch(app: App) -> int:
    """Put every stalled job back into the queue; return how many."""
    woken = 0
    for job in app.jobs.stalled():
        app.jobs.enqueue(app.jobs.save(job, leg=job.leg + 1))
        note("job woken", job=job.id, guild=job.space)
        woken += 1
    return woken
