"""What a training needs before its first step: checked rows and their vectors."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from playground.openai.learner.course import Weights
from playground.openai.learner.examples import BadFile, Row, rows
from playground.openai.learner.files import Files
from playground.openai.learner.tuned import Tuned
from playground.openai.learner.workshop import Workshop
from playground.openai.store import Json
from protege.learning import Vectors

Embed = Callable[[Sequence[str]], Vectors]
CHECKS = 50
"""Rows that are embedded between two looks at whether the job was cancelled."""
WAIT_S = 0.05
"""Between two looks at a file that is still being processed."""


class Ended(Exception):
    """The job was cancelled, or the server stops."""


class Material(NamedTuple):
    """What a job trains with."""

    rows: list[Row]
    vectors: Vectors
    checked: list[Row]
    """Rows of the validation file; may be empty."""
    checked_vectors: Vectors
    parent: Tuned | None


class Storeroom:
    """`look` gives a job and `pause` waits; both raise Ended once it is over."""

    def __init__(
        self,
        files: Files,
        workshop: Workshop,
        embed: Embed,
        look: Callable[[str], Json],
        pause: Callable[[str, float], None],
    ) -> None:
        self._files, self._workshop, self._embed = files, workshop, embed
        self._look, self._pause = look, pause

    def material(self, job: Json) -> Material:
        """Read, check and embed a job's files. Raises BadFile, and Ended with the job."""
        taught, checked = self._rows(job, "training_file"), self._rows(job, "validation_file")
        vectors = self._vectors(job["id"], taught)
        held = self._vectors(job["id"], checked)
        return Material(taught, vectors, checked, held, self._workshop.get(job["model"]))

    def _rows(self, job: Json, param: str) -> list[Row]:
        if not job[param]:
            return []
        try:
            return rows(self._read(job[param], job["id"]), job["method"]["type"])
        except BadFile as error:
            error.param = param
            raise

    def _read(self, id: str, job: str) -> bytes:
        while True:
            self._look(job)
            file, content = self._files.get(id), self._files.content(id)
            if file is None or content is None:
                raise BadFile(f"File {id} was deleted.", "invalid_file")
            if file["status"] == "processed":
                return content
            self._pause(job, WAIT_S)

    def _vectors(self, id: str, given: list[Row]) -> Vectors:
        parts = [self._embed([])]
        for start in range(0, len(given), CHECKS):
            self._look(id)
            parts.append(self._embed([row.question for row in given[start : start + CHECKS]]))
        return np.vstack(parts)


def tuned(material: Material, weights: Weights) -> Tuned:
    """A model of these weights, with the memory of the one it was made from."""
    parent = material.parent
    if parent is None:
        return Tuned.made(material.rows, material.vectors, weights)
    vectors = np.vstack([parent.vectors, material.vectors])
    return Tuned.made([*parent.rows, *material.rows], vectors, weights)
