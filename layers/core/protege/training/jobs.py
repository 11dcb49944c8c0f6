"""Jobs on record, of whatever kind: started once, found again, brought to an end."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from protege.datasets.lines import line, unpack_stream
from protege.datasets.rows import Row
from protege.errors import Conflict, Missing, UserError
from protege.shapes import shaped
from protege.storage import Files, Queue, Records
from protege.training.consent import agreed, expired, retried, stopped
from protege.training.job import Job, job_id

__all__ = ["STALLED_S", "Job", "Jobs", "job_id"]

STALLED_S = 10 * 60
"""A running job untouched for so long lost its queue message: SQS forgets one after 15 minutes."""
LONGEST_WAIT_S = 300


class Jobs:
    """Every guild's jobs; `space` is the guild in every call."""

    def __init__(
        self,
        files: Files,
        records: Records,
        queue: Queue,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._records = records
        self._queue = queue
        self._now = now

    def start(
        self, job: Job, rows: Iterable[Row], about: Callable[[], Mapping[str, Any]] = dict
    ) -> Job:
        """Put a job on record and its first leg in the queue; a job of that id is left as it is.

        `rows` stream by, never held. `about`: fields of the job that are known only once they have;
        if it raises UserError, nothing is started.
        """
        self._files.write_stream(f"{job.folder}rows.jsonl", map(line, rows))
        try:
            job = job._replace(**about())
        except UserError:
            self._files.delete(f"{job.folder}rows.jsonl", forever=True)
            raise
        return self.begin(job)

    def begin(self, job: Job) -> Job:
        """The same for a job that has no rows; one that is `asking` only goes on record."""
        if job.state == "asking":
            return self._first(job)
        job = self.record(job)
        self.enqueue(job)
        return job

    def record(self, job: Job) -> Job:
        """Put a job on record; its first leg is asked for later, with `enqueue`."""
        job = self._first(job)
        self._records.put("running", f"{job.space}/{job.id}", {})
        return job

    def confirm(self, space: str, id: str, interaction: str) -> Job:
        """Begin a job that was asking. Of many who agree one begins it; `interaction` tells them
        apart, and the same one again makes sure that it has begun.

        Raises Missing, and UserError where the question is too old.
        """
        job = self._change(space, id, lambda job: agreed(job, interaction, self._now()))
        if job.running and job.confirmed == interaction and not job.leg:
            self._records.put("running", f"{job.space}/{job.id}", {})
            self.enqueue(job)
        return job

    def expired(self, job: Job) -> bool:
        """Whether nobody answered in time."""
        return expired(job, self._now())

    def link(self, job: Job, provider_job: str) -> None:
        """Let the job be found by what a provider calls its part of it."""
        self._records.put("provider-job", provider_job, {"space": job.space, "job": job.id})

    def get(self, space: str, id: str) -> Job:
        """A job. Raises Missing."""
        return shaped(Job, self._records.get(f"job#{space}", id).fields)

    def rows(self, job: Job) -> Iterator[Row]:
        """What the job is to learn from, as a stream. Raises Missing."""
        return unpack_stream(self._files.stream(f"{job.folder}rows.jsonl"))

    def save(self, job: Job, **changes: Any) -> Job:
        """Write a job's progress down; return it as it is now, `cancelling` if somebody asked."""
        changed = job._replace(touched_at=self._now(), **changes)

        def merged(found: Job) -> Job:
            stopping = found.state == "cancelling" and changed.state == "running"
            state = "cancelling" if stopping else changed.state
            return changed._replace(state=state, message=found.message)

        return self._change(job.space, job.id, merged)

    def shown(self, job: Job, message: str) -> None:
        """Note which message shows the job's progress; nothing else changes that."""
        self._change(job.space, job.id, lambda found: found._replace(message=message))

    def cancel(self, space: str, id: str) -> Job:
        """Ask a running job to end at its next step; return it as it is now. Raises Missing.

        One that is still asking is over at once; one that waits is woken.
        """
        job = self._change(space, id, stopped)
        if job.state == "cancelling" and job.wait_s:
            self.enqueue(job._replace(wait_s=0))
        if job.state == "cancelled" and not job.confirmed:
            self._files.delete(f"{job.folder}rows.jsonl", forever=True)
        return job

    def enqueue(self, job: Job) -> None:
        """Ask for the job's next leg, in `wait_s` seconds."""
        body = json.dumps({"job": job.id, "space": job.space, "leg": job.leg})
        self._queue.put(body, delay_s=min(job.wait_s, LONGEST_WAIT_S))

    def close(self, job: Job, state: str) -> Job:
        """The job is over and announced."""
        closed = self.save(job, state=state)
        self._records.delete("running", f"{job.space}/{job.id}")
        return closed

    def latest(self, space: str, limit: int) -> Iterator[Job]:
        """The guild's jobs, newest first."""
        for record in self._records.find(f"job#{space}", newest=True, limit=limit):
            yield shaped(Job, record.fields)

    def retry(self, job: Job, interaction: str = "") -> Job:
        """Take a failed job up again at the step where it stopped. `interaction`: as `confirm`."""
        again = self._change(job.space, job.id, lambda job: retried(job, interaction, self._now()))
        if again.running and again.confirmed == interaction:
            self._records.put("running", f"{job.space}/{job.id}", {})
            self.enqueue(again)
        return again

    def wake(self, job: Job) -> Job:
        """Ask for the next leg of a job that is stalled, unless somebody has touched it since."""

        def woken(found: Job) -> Job:
            same = found.running and found.touched_at == job.touched_at
            return found._replace(leg=found.leg + 1, touched_at=self._now()) if same else found

        found = self._change(job.space, job.id, woken)
        if found.leg == job.leg + 1:
            self.enqueue(found)
        return found

    def stalled(self) -> Iterator[Job]:
        """Running jobs that nobody has touched for a while."""
        return (job for job in self.running() if self._now() - job.touched_at > STALLED_S)

    def idle(self) -> bool:
        """Whether no job of any guild runs."""
        return not any(True for _ in self.running())

    def running(self, space: str = "") -> Iterator[Job]:
        """What runs, in one guild or in all of them."""
        for record in self._records.find("running", prefix=f"{space}/" if space else ""):
            space, _, id = record.id.partition("/")
            try:
                job = self.get(space, id)
            except Missing:
                continue
            if job.running:
                yield job

    def _first(self, job: Job) -> Job:
        job = job._replace(started_at=self._now(), touched_at=self._now())
        try:
            self._put(job, expect=0)
        except Conflict:
            return self.get(job.space, job.id)
        return job

    def _change(self, space: str, id: str, how: Callable[[Job], Job]) -> Job:
        """Write a job anew as it follows from what is on record, whoever writes meanwhile."""
        while True:
            found = self._records.get(f"job#{space}", id)
            changed = how(job := shaped(Job, found.fields))
            if changed == job:
                return job
            try:
                self._put(changed, expect=found.version)
            except Conflict:
                continue
            return changed

    def _put(self, job: Job, expect: int | None = None) -> None:
        self._records.put(f"job#{job.space}", job.id, job._asdict(), expect=expect)
