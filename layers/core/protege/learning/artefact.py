"""A model version as files, and back."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from protege.learning import Lesson, Vectors
from protege.learning.head import Head
from protege.learning.index import Index
from protege.learning.knowledge import Knowledge
from protege.learning.ngrams import arrays, from_arrays
from protege.learning.wording import normalise

FORMAT = 1


class WrongEmbedder(ValueError):
    """Vectors of two embedders cannot be compared."""


class Artefact(NamedTuple):
    """What the files hold."""

    known: Knowledge
    threshold: float


def packed(known: Knowledge, threshold: float) -> dict[str, bytes]:
    """lessons.jsonl, index.npy, ngrams.npz, fit.json, and head.npz where there is a head."""
    index = known.shelf
    about = {
        "format": FORMAT,
        "embedder": known.embedder_id,
        "dims": index.vectors.shape[1],
        "lessons": len(index.lessons),
        "threshold": threshold,
    }
    files = {
        "lessons.jsonl": _lines(index.lessons),
        "index.npy": _npy(index.vectors),
        "ngrams.npz": _npz(arrays(index.postings, known.rare)),
        "fit.json": json.dumps(about, indent=1).encode(),
    }
    if known.head:
        files["head.npz"] = _npz(_head_arrays(known.head, index.lessons))
    return files


def unpacked(files: Mapping[str, bytes], embedder_id: str = "") -> Artefact:
    """What `packed` wrote. Raises WrongEmbedder where `embedder_id` is given and is not its
    embedder, KeyError where a file is missing, ValueError where they do not fit together."""
    about = json.loads(files["fit.json"])
    if embedder_id and about["embedder"] != embedder_id:
        raise WrongEmbedder(f"the model was made with {about['embedder']}, not {embedder_id}")
    lines = files["lessons.jsonl"].decode().split("\n")
    lessons = tuple(Lesson(**json.loads(line)) for line in lines if line)
    vectors = np.load(io.BytesIO(files["index.npy"]), allow_pickle=False)
    postings, rare = from_arrays(_arrays(files["ngrams.npz"]))
    if not len(lessons) == len(vectors) == postings.size or vectors.shape[1] != about["dims"]:
        raise ValueError("the model's lessons, vectors and n-grams do not fit together")
    index = Index(lessons, vectors, postings, np.empty(0, np.int64))
    head = _head(_arrays(files["head.npz"]), lessons) if "head.npz" in files else None
    return Artefact(Knowledge(index, rare, head, about["embedder"]), about["threshold"])


def _head_arrays(head: Head, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Labels as rows of lessons that have them; a label that no lesson has any more is left out."""
    row = {normalise(lesson.good): number for number, lesson in enumerate(lessons)}
    kept = [c for c, label in enumerate(head.labels) if label in row]
    rows = [row[head.labels[c]] for c in kept]
    return {"weights": head.weights[:, kept], "rows": np.array(rows, np.int64)}


def _head(found: Mapping[str, Any], lessons: Sequence[Lesson]) -> Head:
    return Head(found["weights"], [normalise(lessons[row].good) for row in found["rows"]])


def _lines(lessons: Sequence[Lesson]) -> bytes:
    """JSON escapes what else would end a line (U+2028 and its kind), as ensure_ascii is on."""
    return "".join(json.dumps(lesson._asdict()) + "\n" for lesson in lessons).encode()


def _npy(array: Vectors) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def _npz(found: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **found)
    return out.getvalue()


def _arrays(body: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
