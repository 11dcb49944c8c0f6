"""The jobs' objects, their events and checkpoints, as the API shows them.

Source: the official SDK's types (openai 3.52, types/fine_tuning).
"""

from pathlib import Path
from typing import Any

from playground.openai.journal import now
from playground.openai.store import Diary, Json, Shelf, fresh

ALIVE = ("validating_files", "queued", "running")


class Jobs:
    """All that is known of jobs, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder / "jobs")
        self._events = Diary(folder / "events")
        self._checkpoints = Diary(folder / "checkpoints")

    def add(self, wish: Json) -> Json:
        """A job that waits for its files to be looked at. `wish`: the checked request."""
        method = wish.get("method") or {"type": "supervised"}
        job = {
            "id": fresh("ftjob-"),
            "object": "fine_tuning.job",
            "created_at": now(),
            "error": None,
            "estimated_finish": None,
            "fine_tuned_model": None,
            "finished_at": None,
            "hyperparameters": _hyperparameters(method, wish),
            "integrations": [],
            "metadata": wish.get("metadata"),
            "method": _method(method, wish),
            "model": wish["model"],
            "organization_id": "org-playground",
            "result_files": [],
            "seed": wish.get("seed") if wish.get("seed") is not None else 42,
            "status": "validating_files",
            "trained_tokens": None,
            "training_file": wish["training_file"],
            "user_provided_suffix": wish.get("suffix"),
            "validation_file": wish.get("validation_file"),
        }
        self._shelf.put(job)
        self.tell(job["id"], f"Created fine-tuning job: {job['id']}")
        self.tell(job["id"], f"Validating training file: {job['training_file']}")
        return job

    def get(self, id: str) -> Json | None:
        """A job."""
        return self._shelf.get(id)

    def all(self) -> list[Json]:
        """All jobs, newest first."""
        return self._shelf.all()

    def move(self, id: str, **fields: Any) -> bool:
        """Set fields of a job that has not ended; whether it had not."""
        return self._shelf.move(id, ALIVE, **fields)

    def change(self, id: str, **fields: Any) -> Json:
        """Set fields, whatever its state."""
        return self._shelf.change(id, **fields)

    def tell(self, id: str, message: str, level: str = "info", data: Json | None = None) -> None:
        """Add an event; with `data` it is one about metrics."""
        event = {
            "id": fresh("ftevent-"),
            "object": "fine_tuning.job.event",
            "created_at": now(),
            "level": level,
            "message": message,
            "data": data or {},
            "type": "metrics" if data else "message",
        }
        self._events.add(id, event)

    def events(self, id: str) -> list[Json]:
        """Newest first."""
        return self._events.lines(id)[::-1]

    def metrics(self, id: str) -> list[Json]:
        """The metrics so far, by step."""
        return [e["data"] for e in self._events.lines(id) if e["type"] == "metrics"]

    def mark(self, id: str, step: int, model: str, metrics: Json) -> None:
        """Add a checkpoint, unless there is one of that step."""
        if any(known["step_number"] == step for known in self._checkpoints.lines(id)):
            return
        checkpoint = {
            "id": fresh("ftckpt_"),
            "object": "fine_tuning.job.checkpoint",
            "created_at": now(),
            "fine_tuned_model_checkpoint": model,
            "fine_tuning_job_id": id,
            "metrics": metrics,
            "step_number": step,
        }
        self._checkpoints.add(id, checkpoint)

    def checkpoints(self, id: str) -> list[Json]:
        """Newest first."""
        return self._checkpoints.lines(id)[::-1]


def wishes(job: Json) -> Json:
    """The hyperparameters that were asked for."""
    kind = job["method"]["type"]
    return dict(job["method"][kind]["hyperparameters"])


def settled(job: Json, hyperparameters: Json) -> Json:
    """The fields that show what `auto` came to."""
    kind = job["method"]["type"]
    method = {"type": kind, kind: {"hyperparameters": hyperparameters}}
    shown = {} if kind == "dpo" else hyperparameters
    return {"method": method, "hyperparameters": shown}


def _method(method: Json, wish: Json) -> Json:
    kind = method["type"]
    given = (method.get(kind) or {}).get("hyperparameters") or wish.get("hyperparameters") or {}
    names = ["n_epochs", "batch_size", "learning_rate_multiplier"]
    names += ["beta"] if kind == "dpo" else []
    hyperparameters = {name: given.get(name) or "auto" for name in names}
    return {"type": kind, kind: {"hyperparameters": hyperparameters}}


def _hyperparameters(method: Json, wish: Json) -> Json:
    kind = method["type"]
    made = _method(method, wish)[kind]["hyperparameters"]
    return {} if kind == "dpo" else dict(made)
