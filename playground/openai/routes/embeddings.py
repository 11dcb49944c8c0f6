"""`/embeddings`: MiniLM's vectors under the names of OpenAI's models; 384 columns at most."""

import base64
from typing import Any

import numpy as np
from flask import Blueprint, Response, jsonify

from playground.openai import checks
from playground.openai.asking import about, parts
from playground.openai.errors import invalid
from playground.openai.models import known
from playground.openai.speech.tokens import count
from protege.learning import Vectors

routes = Blueprint("embeddings", __name__)
FIELDS: checks.Kinds = {
    "input": (str, list),
    "model": (str,),
    "dimensions": (int,),
    "encoding_format": (str,),
    "user": (str,),
}
MOST_TEXTS, MOST_TOKENS, ALL_TOKENS = 2048, 8192, 300_000
DIMS = 384


@routes.post("/embeddings")
def create() -> Response:
    """A vector for each text."""
    wish = checks.body(FIELDS, ("input", "model"))
    model = known(wish["model"], "embedding", parts().workshop.shelf)
    checks.one_of(wish.get("encoding_format"), ("float", "base64"), "encoding_format")
    checks.between(wish.get("dimensions"), 1, DIMS, "dimensions")
    texts = _texts(wish["input"])
    used = sum(map(count, texts))
    about(model, used)
    vectors = _cut(parts().embed(texts), wish.get("dimensions"))
    base = wish.get("encoding_format") == "base64"
    data = [
        {
            "object": "embedding",
            "index": n,
            "embedding": _coded(vector) if base else vector.tolist(),
        }
        for n, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": used, "total_tokens": used}
    return jsonify({"object": "list", "data": data, "model": model, "usage": usage})


def _texts(given: Any) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise invalid("'$.input' is invalid: texts must not be empty.", "input")
    if len(texts) > MOST_TEXTS:
        raise invalid(f"'input' may hold {MOST_TEXTS} texts at most.", "input")
    sizes = [count(text) for text in texts]
    if max(sizes) > MOST_TOKENS or sum(sizes) > ALL_TOKENS:
        message = f"This model's maximum context length is {MOST_TOKENS} tokens."
        raise invalid(message, "input", "context_length_exceeded")
    return list(texts)


def _cut(vectors: Vectors, dims: int | None) -> Vectors:
    """The first columns, made unit length again."""
    kept = vectors[:, :dims]
    unit: Vectors = kept / np.linalg.norm(kept, axis=1, keepdims=True)
    return unit


def _coded(vector: Vectors) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()
