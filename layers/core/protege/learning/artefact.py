"""A model version as files, and back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from protege.learning import Lesson, npy
from protege.learning.columns import WORDING, Columns, Rows
from protege.learning.fitting import Trial
from protege.learning.head import Head
from protege.learning.index import Index
from protege.learning.knowledge import Knowledge
from protege.learning.lines import InMemory, Lines, raws
from protege.learning.ngrams import Postings, Rarity, arrays, from_arrays
from protege.learning.tables import Dense, Small, Table
from protege.learning.wording import draw, normalise

FORMAT = 2
"""1 had no columns, no trial and float32 only; it is still read."""


class WrongEmbedder(ValueError):
    """Vectors of two embedders cannot be compared."""


class NewerFormat(ValueError):
    """A newer version of the bot wrote it in a way that this one cannot read."""


class Artefact(NamedTuple):
    """What the files hold."""

    known: Knowledge
    threshold: float
    trial: Trial


def packed(found: Artefact) -> dict[str, bytes]:
    """lessons.jsonl, columns.npy, index.npy, ngrams.npz, fit.json; where there are such,
    scales.npy, head.npz, trial.npz."""
    shelf = found.known.shelf
    files = {
        "lessons.jsonl": b"".join(raws(shelf.lessons, range(shelf.size))),
        "columns.npy": npy.packed(shelf.columns.matrix()),
        **_table(shelf.table),
        "ngrams.npz": npy.bundled(arrays(shelf.postings, found.known.rare)),
        "fit.json": about(found),
    }
    for name, head in (("head.npz", found.known.head), ("trial.npz", found.trial.head)):
        if head:
            files[name] = head_file(head, shelf.columns)
    return files


def about(found: Artefact) -> bytes:
    """fit.json."""
    table = found.known.shelf.table
    said = {
        "format": FORMAT,
        "wording": WORDING,
        "embedder": found.known.embedder_id,
        "dims": table.shape[1],
        "index": "int8" if isinstance(table, Small) else "float32",
        "lessons": found.known.shelf.size,
        "threshold": found.threshold,
        "trial_threshold": found.trial.threshold,
    }
    return json.dumps(said, indent=1).encode()


def head_file(head: Head, columns: Columns) -> bytes:
    """Labels as lessons that have them; a label that no lesson has any more is left out."""
    answers, rows = np.unique(columns.answers, return_index=True)
    labels = np.array([draw(label) for label in head.labels], np.uint64)
    kept = np.isin(labels, answers)
    at = rows[np.searchsorted(answers, labels[kept])]
    temperature = np.array(head.temperature)
    rows = at.astype(np.int64)
    return npy.bundled({"weights": head.weights[:, kept], "rows": rows, "temperature": temperature})


def unpacked(files: Mapping[str, bytes], embedder_id: str = "") -> Artefact:
    """What `packed` wrote. Raises WrongEmbedder where `embedder_id` is given and is not its
    embedder, NewerFormat, KeyError where a file is missing, ValueError where they do not fit
    together."""
    said = json.loads(files["fit.json"])
    if said.get("format", FORMAT) > FORMAT:
        raise NewerFormat(f"format {said['format']}, and {FORMAT} is the latest known here")
    if embedder_id and said["embedder"] != embedder_id:
        raise WrongEmbedder(f"the model was made with {said['embedder']}, not {embedder_id}")
    lessons = Lines(InMemory(files["lessons.jsonl"]))
    columns = _columns(files, said, lessons)
    table = read_table(files)
    postings, rare = from_arrays(npy.unbundled(files["ngrams.npz"]))
    sizes = {len(lessons), columns.size, table.shape[0], postings.size}
    if len(sizes) > 1 or table.shape[1] != said["dims"]:
        raise ValueError("the model's lessons, vectors and n-grams do not fit together")
    known = _known(lessons, columns, table, (postings, rare))
    known = known._replace(embedder_id=said["embedder"], head=read_head(files, "head.npz", lessons))
    trial = Trial(
        read_head(files, "trial.npz", lessons), said.get("trial_threshold", said["threshold"])
    )
    return Artefact(known, said["threshold"], trial)


def _known(
    lessons: Lines, columns: Columns, table: Table, spelling: tuple[Postings, Rarity]
) -> Knowledge:
    nothing: Rows = np.empty(0, np.int64)
    return Knowledge(Index(lessons, columns, table, spelling[0], nothing), spelling[1], None, "")


def _columns(files: Mapping[str, bytes], said: Mapping[str, Any], lessons: Lines) -> Columns:
    if said.get("wording") != WORDING:
        return Columns.of(lessons)
    return Columns.stacked(npy.unpacked(files["columns.npy"]))


def _table(table: Table) -> dict[str, bytes]:
    if isinstance(table, Small):
        return {"index.npy": npy.packed(table.values), "scales.npy": npy.packed(table.scales)}
    return {"index.npy": npy.packed(table.take(slice(None)))}


def read_table(files: Mapping[str, bytes]) -> Table:
    """Vectors from index.npy and, where they are int8, scales.npy."""
    values = npy.unpacked(files["index.npy"])
    if values.dtype == np.int8:
        return Small(values, npy.unpacked(files["scales.npy"]))
    return Dense(values)


def read_head(files: Mapping[str, bytes], name: str, lessons: Sequence[Lesson]) -> Head | None:
    """A head; None where there is no file of that name."""
    if name not in files:
        return None
    found = npy.unbundled(files[name])
    labels = [normalise(lessons[int(row)].good) for row in found["rows"]]
    return Head(found["weights"], labels, float(found.get("temperature", 0)))
