"""What a training tells of itself: events with metrics, and the table at its end.

Source: https://platform.openai.com/docs/guides/supervised-fine-tuning (the columns of the results).
"""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from playground.openai.learner.course import Point
from playground.openai.learner.examples import Row
from playground.openai.learner.jobs import Jobs
from playground.openai.speech.tokens import count
from playground.openai.store import Json

EVERY = 10
"""Steps between two looks at the validation rows."""
COLUMNS = ("step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy")


class Measured(NamedTuple):
    """One step. `valid` is known for some steps only."""

    step: int
    steps: int
    train: Point
    valid: Point | None


def told(jobs: Jobs, id: str, measured: Measured) -> None:
    """Add the event of a step."""
    train, valid = measured.train, measured.valid
    data: Json = {
        "step": measured.step,
        "total_steps": measured.steps,
        "train_loss": round(train.loss, 5),
        "train_mean_token_accuracy": round(train.accuracy, 5),
    }
    message = f"Step {measured.step}/{measured.steps}: training loss={train.loss:.2f}"
    if valid:
        data["valid_loss"] = round(valid.loss, 5)
        data["valid_mean_token_accuracy"] = round(valid.accuracy, 5)
        message += f", validation loss={valid.loss:.2f}"
    jobs.tell(id, message, data=data)


def metrics(jobs: Jobs, id: str) -> Json:
    """Of the last step, as a checkpoint shows them."""
    last = dict(jobs.metrics(id)[-1])
    last.pop("total_steps")
    if "valid_loss" in last:
        last["full_valid_loss"] = last["valid_loss"]
        last["full_valid_mean_token_accuracy"] = last["valid_mean_token_accuracy"]
    return last


def table(metrics: Sequence[Json]) -> bytes:
    """The CSV of all steps."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    names = [name.replace("train_acc", "train_mean_token_acc") for name in COLUMNS]
    writer.writerows([[step.get(name, "") for name in names] for step in metrics])
    return out.getvalue().encode()


def tokens(rows: Sequence[Row]) -> int:
    """What one epoch is billed for."""
    return sum(count(row.question) + count(row.answer) + count(row.bad) for row in rows)
