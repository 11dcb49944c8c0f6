"""The losses of a fine-tuning job."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import openai

from protege.providers.tuning import Point

PAGE, MOST = 100, 2000
"""Events asked for at once, and of a job."""
VALID = ("full_valid_loss", "valid_loss")


def curve(jobs: Any, job: str) -> tuple[tuple[Point, ...], float | None]:
    """Points in order of their steps, and how much of the steps is done (0 to 1, None: unknown).

    Most servers tell by events, some only by checkpoints, some not at all.
    """
    try:
        found = list(_metrics(islice(jobs.list_events(job, limit=PAGE), MOST)))
        found = found or list(_checkpoints(jobs.checkpoints.list(job, limit=PAGE)))
    except (openai.NotFoundError, openai.BadRequestError):
        return (), None
    points = {point.step: point for point in filter(None, map(_point, found))}
    return tuple(points[step] for step in sorted(points)), _share(found)


def _metrics(events: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    return (e.data for e in events if e.type == "metrics" and isinstance(e.data, Mapping))


def _checkpoints(checkpoints: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for checkpoint in checkpoints:
        yield {**dict(checkpoint.metrics), "step": checkpoint.step_number}


def _point(data: Mapping[str, Any]) -> Point | None:
    step, train = data.get("step"), data.get("train_loss")
    if not isinstance(step, int | float) or not isinstance(train, int | float):
        return None
    valid = next((data[name] for name in VALID if isinstance(data.get(name), int | float)), None)
    return Point(int(step), float(train), valid)


def _share(found: Iterable[Mapping[str, Any]]) -> float | None:
    shares = [data["step"] / data["total_steps"] for data in found if data.get("total_steps")]
    return min(1.0, max(shares)) if shares else None
