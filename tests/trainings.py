"""Trainings that are stopped half-way."""

from protege.app import App
from protege.storage import Record
from protege.worker import work
from tests.person import Person


def begun(person: Person, data: str) -> Record:
    """Ask for a training and answer the command; its first leg waits in the queue. The job."""
    app = person.app
    person.hand_in(person.command("train", data=data))
    first = app.queue.receive(wait_s=0, lease_s=60)
    assert first
    work(app, [first])
    app.queue.done(first.receipt)
    [job] = app.records.find("job#77")
    return job


def advanced(app: App, job: Record, step: str) -> None:
    """Go on with it until it tells that it is at this step."""
    steps = app.training.advance("77", job.id)
    while next(steps).step != step:
        pass
