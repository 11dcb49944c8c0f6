"""Works through customisation jobs in the background; begins them anew after a restart."""

import threading

from playground.background import Background
from playground.bedrock.catalogue import arn, fresh
from playground.bedrock.rows import BadFile, rows
from playground.bedrock.sources import Source
from playground.bedrock.store import Store, now
from playground.openai.learner.course import Course, plan
from playground.openai.learner.embedding import Embedding
from playground.openai.learner.examples import Row
from playground.openai.learner.tuned import Tuned
from playground.openai.store import Json
from protege.learning import Vectors

PHASES = ("validationDetails", "dataProcessingDetails", "trainingDetails")
CHECKS = 50
"""Rows that are embedded between two looks at whether the job was stopped."""
SEED = 42
UNFINISHED = ("InProgress", "Stopping")


class Stopped(Exception):
    """Somebody stopped the job, or the server ends."""


class Trainer(Background):
    """`seconds`: how long the steps of a training take at least."""

    def __init__(
        self, store: Store, source: Source, embed: Embedding, over: threading.Event, seconds: float
    ) -> None:
        jobs = reversed(store.jobs.all())
        super().__init__(over, (job["id"] for job in jobs if job["status"] in UNFINISHED))
        self._store, self._source, self._embed = store, source, embed
        self._seconds = seconds

    def _run(self, id: str) -> None:
        try:
            self._train(id)
        except Stopped:
            ended = {"status": "Stopped", "endTime": now()}
            self._store.jobs.move(id, ("Stopping",), **ended)
        except BadFile as error:
            self._fail(id, f"Validation of the training data failed: {error}")
        except Exception as error:  # whatever it was, the job must end
            self._fail(id, f"{type(error).__name__}: {error}")

    def _train(self, id: str) -> None:
        job = self._look(id)
        self._phase(id, "validationDetails", "InProgress")
        taught = rows(self._source(job["trainingDataConfig"]["s3Uri"]))
        checked = [
            rows(self._source(it["s3Uri"])) for it in job["validationDataConfig"]["validators"]
        ]
        self._phase(id, "validationDetails", "Completed")
        self._phase(id, "dataProcessingDetails", "InProgress")
        vectors = self._vectors(id, taught)
        self._phase(id, "dataProcessingDetails", "Completed")
        self._phase(id, "trainingDetails", "InProgress")
        course, loss = self._steps(id, taught, vectors)
        self._phase(id, "trainingDetails", "Completed")
        losses = [course.measure(it, self._vectors(id, it)).loss for it in checked]
        metrics = {
            "trainingMetrics": {"trainingLoss": round(loss, 6)},
            "validationMetrics": [{"validationLoss": round(it, 6)} for it in losses],
        }
        self._publish(self._look(id), Tuned.made(taught, vectors, course.weights), metrics)

    def _vectors(self, id: str, given: list[Row]) -> Vectors:
        for start in range(0, len(given), CHECKS):
            self._look(id)
            self._embed([row.question for row in given[start : start + CHECKS]])
        return self._embed([row.question for row in given])

    def _steps(self, id: str, taught: list[Row], vectors: Vectors) -> tuple[Course, float]:
        """The course after all steps, and the mean loss of its last epoch."""
        wished = self._look(id)["hyperParameters"]
        epochs: Json = {"n_epochs": int(wished["epochCount"])} if "epochCount" in wished else {}
        course = Course(taught, vectors, plan("supervised", epochs, len(taught), SEED))
        losses = []
        for number in range(1, course.steps + 1):
            self._look(id)
            losses.append(course.step(number).loss)
            self._pause(id, self._seconds / course.steps)
        last = losses[-course.epoch_steps :]
        return course, sum(last) / len(last)

    def _publish(self, job: Json, model: Tuned, metrics: Json) -> None:
        region, base = job["id"].split(":")[3], job["base"]
        made = arn(region, f"custom-model/{base}/{fresh()}")
        self._store.keep(made, model)
        about = {
            name: job[name]
            for name in (
                *("baseModelArn", "customizationType", "hyperParameters", "trainingDataConfig"),
                *("validationDataConfig", "outputDataConfig"),
            )
        }
        kept = {"id": made, "name": job["outputModelName"], "creationTime": now()}
        about |= {"jobName": job["name"], "jobArn": job["id"], "modelStatus": "Active"}
        self._store.models.put({**kept, **about, **metrics, "baseModelName": base})
        ended = {"status": "Completed", "endTime": now(), "outputModelArn": made, **metrics}
        if not self._store.jobs.move(job["id"], ("InProgress",), **ended):
            self._store.models.drop(made)
            raise Stopped

    def _phase(self, id: str, phase: str, status: str) -> None:
        job = self._look(id)
        details = {**job["statusDetails"], phase: {"status": status}}
        self._store.jobs.change(id, statusDetails=details, lastModifiedTime=now())

    def _fail(self, id: str, message: str) -> None:
        failed = {"status": "Failed", "failureMessage": message, "endTime": now()}
        self._store.jobs.move(id, ("InProgress",), **failed)

    def _look(self, id: str) -> Json:
        job = self._store.jobs.get(id)
        if job is None or job["status"] != "InProgress" or self._over.is_set():
            raise Stopped
        return job
