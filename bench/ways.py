"""Ways to learn: each takes data and returns what answers questions about it.

`python -m bench.ways 10000` learns so many generated lessons, whose vectors are hashes of their
words: a sentence model would need ten minutes for 100,000 and hide what the steps take.
"""

import atexit
import json
import random
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bench.data import peak_mb
from bench.intents import Data, Said
from protege.app import App
from protege.config import Config
from protege.datasets.rows import Row
from protege.learning.wording import normalise, words
from protege.training.job import Job

NEIGHBOURS = 10
GUILD = "1"
DIMS = 384
LABELS = 200
Floats = npt.NDArray[np.float32]


class Asked(NamedTuple):
    """`passed`: whether the gate let the answer through; None where there is no gate."""

    answer: str
    score: float
    passed: bool | None = None


Ask = Callable[[list[str]], list[Asked]]


def tfidf(data: Data) -> Ask:
    """The baseline: words and pairs of words, cosine, a vote of ten weighed by likeness."""
    counted = [_terms(text) for text, _ in data.train]
    known = {term: column for column, term in enumerate(dict.fromkeys(chain(*counted)))}
    common = np.bincount([known[term] for terms in counted for term in terms])
    rare = (np.log((1 + len(counted)) / (1 + common)) + 1).astype(np.float32)
    postings: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, terms in enumerate(counted):
        for column, weight in _weighed(terms, known, rare).items():
            postings[column].append((row, weight))
    answers = [answer for _, answer in data.train]

    def alike(text: str) -> Floats:
        found = np.zeros(len(answers), np.float32)
        for column, weight in _weighed(_terms(text), known, rare).items():
            for row, other in postings[column]:
                found[row] += weight * other
        return found

    return lambda texts: [_vote(alike(text), answers) for text in texts]


def minilm(data: Data) -> Ask:
    """MiniLM's vectors, cosine, the same vote."""
    from protege.providers.local import MiniLM

    embedder = MiniLM()
    rows = embedder.embed([text for text, _ in data.train])
    answers = [answer for _, answer in data.train]
    return lambda texts: [_vote(row @ rows.T, answers) for row in embedder.embed(texts)]


def ours(data: Data) -> Ask:
    """A training job to its end; then the chat is asked, and what it would say without a gate."""
    from protege.providers.local import MiniLM

    app, embedder = trained(data.train)[0], MiniLM()

    def ask(texts: list[str]) -> list[Asked]:
        known = app.models.current(GUILD).model.known
        found = []
        for recall in app.chat.recalls(GUILD, texts, "en"):
            verdict, answer = recall.verdict, ""
            if verdict.lesson:
                answer = verdict.lesson.good
            else:
                vector = embedder.embed([recall.question])
                question = known.question(recall.question, vector)
                choice = known.choose(question, known.shelf.hits(known.shelf.likeness(question)))
                answer = choice.lesson.good if choice else ""
            found.append(Asked(answer, verdict.score, verdict.lesson is not None))
        return found

    return ask


WAYS: dict[str, Callable[[Data], Ask]] = {"tfidf": tfidf, "minilm": minilm, "ours": ours}


class Hashed:
    """A `learning.Embedder` that adds up a fixed random row for each word."""

    dims = DIMS

    def __init__(self, id: str = "hashed-words:1") -> None:
        """`id`: perhaps that of the embedder which it stands for."""
        self.id = id

    def embed(self, texts: list[str]) -> Floats:
        """Shape (len(texts), DIMS), unit rows."""
        found = np.vstack([np.zeros((0, DIMS), np.float32), *map(self._row, texts)])
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1), np.float32)

    def _row(self, text: str) -> Floats:
        rows = [self._word(word) for word in words(text)]
        return np.sum([np.zeros((1, DIMS), np.float32), *rows], axis=0, dtype=np.float32)

    def _word(self, word: str) -> Floats:
        draw = np.random.default_rng(list(word.encode()))
        return draw.standard_normal((1, DIMS), np.float32)


def trained(lessons: Sequence[Said], hashed: Hashed | None = None) -> tuple[App, list[float]]:
    """An app that has learnt, and how long each of its job's pieces took, in seconds."""
    folder = Path(mkdtemp(prefix="bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = App(Config("0" * 64, data_dir=str(folder)), {})
    if hashed:
        vars(app)["_loaded_embedder"] = hashed
    rows = (Row(n, text, answer, "") for n, (text, answer) in enumerate(lessons, 1))
    job = app.jobs.start(Job("bench", GUILD, "2", "", "", "", "en", ""), rows)
    pieces, begun = [], time.perf_counter()
    for _ in app.training.advance(GUILD, job.id):
        pieces.append(time.perf_counter() - begun)
        begun = time.perf_counter()
    if not app.models.pointer(GUILD).version:
        raise RuntimeError("nothing was published")
    return app, pieces


def many(count: int) -> list[Said]:
    """Generated lessons with LABELS answers; words are numbers in letters."""
    draw = random.Random(0)  # noqa: S311
    return [
        (" ".join(f"w{draw.randrange(n % LABELS * 7, n % LABELS * 7 + 40)}" for _ in range(8)), a)
        for n in range(count)
        for a in [f"answer {n % LABELS}"]
    ]


def _terms(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    said = words(normalise(text))
    for term in [*said, *map(" ".join, pairwise(said))]:
        found[term] = found.get(term, 0) + 1
    return found


def _weighed(terms: dict[str, int], known: dict[str, int], rare: Floats) -> dict[int, float]:
    found = {known[t]: float(count * rare[known[t]]) for t, count in terms.items() if t in known}
    length = sum(weight * weight for weight in found.values()) ** 0.5 or 1.0
    return {column: weight / length for column, weight in found.items()}


def _vote(alike: Floats, answers: list[str]) -> Asked:
    votes: dict[str, float] = {}
    nearest = np.argsort(-alike, kind="stable")[:NEIGHBOURS]
    for row in nearest:
        votes[answers[row]] = votes.get(answers[row], 0.0) + max(0.0, float(alike[row]))
    return Asked(max(votes, key=lambda answer: votes[answer]), float(alike[nearest[0]]))


if __name__ == "__main__":
    times = trained(many(int(sys.argv[1])), Hashed())[1]
    print(json.dumps({"seconds": sum(times), "longest_s": max(times), "peak_mb": peak_mb()}))
