"""Works through the jobs, one after another, in the background; finds them again after a restart.

A training starts anew then, without telling again what was told: the same rows and the same seed
give the same steps.
"""

import threading

from playground.background import Background
from playground.openai.journal import now
from playground.openai.learner import results
from playground.openai.learner.course import Course, Plan, plan
from playground.openai.learner.examples import BadFile
from playground.openai.learner.files import Files
from playground.openai.learner.jobs import ALIVE, Jobs, settled, wishes
from playground.openai.learner.material import Embed, Ended, Material, Storeroom, tuned
from playground.openai.learner.results import Measured
from playground.openai.learner.workshop import Workshop
from playground.openai.store import Json
from playground.openai.webhooks import Messenger


class Runner(Background):
    """`seconds`: how long the steps of a training take at least, so that one can look on."""

    def __init__(
        self,
        jobs: Jobs,
        files: Files,
        workshop: Workshop,
        embed: Embed,
        messenger: Messenger,
        over: threading.Event,
        seconds: float,
    ) -> None:
        super().__init__(over, (j["id"] for j in reversed(jobs.all()) if j["status"] in ALIVE))
        self._jobs, self._files, self._workshop = jobs, files, workshop
        self._messenger, self._seconds = messenger, seconds
        self._storeroom = Storeroom(files, workshop, embed, self._look, self._pause)

    def cancel(self, id: str) -> bool:
        """Whether it had not ended yet."""
        if not self._jobs.move(id, status="cancelled", finished_at=now(), estimated_finish=None):
            return False
        self._jobs.tell(id, "Fine-tuning job cancelled")
        self._messenger.tell("fine_tuning.job.cancelled", id)
        return True

    def _run(self, id: str) -> None:
        try:
            self._train(id)
        except Ended:
            return
        except BadFile as error:
            self._fail(id, error.code, str(error), error.param)
        except Exception as error:  # whatever it was, the job must end
            self._fail(id, "server_error", f"{type(error).__name__}: {error}", None)

    def _train(self, id: str) -> None:
        job = self._look(id)
        material = self._storeroom.material(job)
        made = plan(job["method"]["type"], wishes(job), len(material.rows), job["seed"])
        self._move(id, "queued", "Files validated, moving job to queued state")
        self._pause(id, self._seconds * 0.1)
        shown: Json = {"n_epochs": made.epochs, "batch_size": made.batch}
        shown |= {"learning_rate_multiplier": made.rate}
        shown |= {"beta": made.beta} if made.method == "dpo" else {}
        self._jobs.change(id, **settled(job, shown), estimated_finish=now() + int(self._seconds))
        self._move(id, "running", "Fine-tuning job started")
        course = self._steps(self._look(id), material, made)
        self._finish(self._look(id), material, course)

    def _steps(self, job: Json, material: Material, made: Plan) -> Course:
        before = material.parent.weights if material.parent else None
        course = Course(material.rows, material.vectors, made, before)
        told = len(self._jobs.metrics(job["id"]))
        for number in range(1, course.steps + 1):
            train = course.step(number)
            ends = number % course.epoch_steps == 0
            valid = None
            if material.checked and (ends or number % results.EVERY == 0):
                valid = course.measure(material.checked, material.checked_vectors)
            if number > told:
                self._look(job["id"])
                results.told(self._jobs, job["id"], Measured(number, course.steps, train, valid))
                self._pause(job["id"], self._seconds / course.steps)
                last = course.steps - number <= 2 * course.epoch_steps
                if ends and last and number < course.steps:
                    self._checkpoint(job, material, course, number)
        return course

    def _checkpoint(self, job: Json, material: Material, course: Course, number: int) -> None:
        name = f"{_name(job)}:ckpt-step-{number}"
        self._workshop.keep(name, job["id"], tuned(material, course.weights))
        self._jobs.mark(job["id"], number, name, results.metrics(self._jobs, job["id"]))
        self._jobs.tell(job["id"], f"Checkpoint created at step {number}")

    def _finish(self, job: Json, material: Material, course: Course) -> None:
        id, name = job["id"], _name(job)
        self._workshop.keep(name, id, tuned(material, course.weights))
        self._jobs.mark(id, course.steps, name, results.metrics(self._jobs, id))
        table = results.table(self._jobs.metrics(id))
        result = self._files.add("step_metrics.csv", "fine-tune-results", table)
        epochs = int(wishes(job)["n_epochs"])
        ended = {
            "status": "succeeded",
            "fine_tuned_model": name,
            "finished_at": now(),
            "estimated_finish": None,
            "result_files": [result["id"]],
            "trained_tokens": results.tokens(material.rows) * epochs,
        }
        self._jobs.tell(id, f"New fine-tuned model created: {name}")
        if not self._jobs.move(id, **ended):
            self._workshop.drop(name)
            return
        self._jobs.tell(id, "The job has successfully completed")
        self._messenger.tell("fine_tuning.job.succeeded", id)

    def _fail(self, id: str, code: str, message: str, param: str | None) -> None:
        kind = (param or "").replace("_", " ")
        said = f"The job failed due to an invalid {kind}. {message}" if param else message
        error = {"code": code, "message": said, "param": param}
        if self._jobs.move(id, status="failed", error=error, finished_at=now()):
            self._jobs.tell(id, said, "error")
            self._messenger.tell("fine_tuning.job.failed", id)

    def _move(self, id: str, status: str, message: str) -> None:
        known = self._look(id)["status"]
        if ALIVE.index(known) < ALIVE.index(status):
            self._jobs.move(id, status=status)
            self._jobs.tell(id, message)

    def _look(self, id: str) -> Json:
        job = self._jobs.get(id)
        if job is None or job["status"] not in ALIVE or self._over.is_set():
            raise Ended
        return job


def _name(job: Json) -> str:
    base = job["model"].split(":")[1] if job["model"].startswith("ft:") else job["model"]
    return f"ft:{base}:protege:{job['user_provided_suffix'] or ''}:{job['id'][-8:]}"
