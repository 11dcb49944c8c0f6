"""Jobs, models and deployments, in a folder."""

import time
from datetime import UTC, datetime
from pathlib import Path

from playground.bedrock.errors import absent
from playground.openai.learner.tuned import Tuned
from playground.openai.store import Json, Shelf

AT = ("creationTime", "lastModifiedTime", "endTime", "createdAt", "lastUpdatedAt")


class Store:
    """Objects carry `id` (their ARN) and `name`; times are seconds since 1970."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.jobs = Shelf(folder / "jobs")
        self.models = Shelf(folder / "custom")
        self.deployments = Shelf(folder / "deployments")
        self._folder = folder / "weights"

    def keep(self, arn: str, model: Tuned) -> None:
        """Write a model's weights."""
        model.save(self._path(arn))

    def weights(self, arn: str) -> Tuned:
        """A model's weights. Raises FileNotFoundError."""
        return Tuned.load(self._path(arn))

    def _path(self, arn: str) -> Path:
        return self._folder / arn.rsplit("/", 1)[-1]


def found(shelf: Shelf, wanted: str, what: str) -> Json:
    """By ARN or by name. Raises AwsError."""
    for thing in shelf.all():
        if wanted in (thing["id"], thing["name"]):
            return thing
    raise absent(what)


def shown(thing: Json, *names: str) -> Json:
    """These fields where they are known, times as AWS writes them."""
    return {name: _time(name, thing[name]) for name in names if thing.get(name) is not None}


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def _time(name: str, value: object) -> object:
    if name in AT and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value
