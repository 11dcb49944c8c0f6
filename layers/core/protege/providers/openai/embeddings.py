"""Vectors from `/embeddings` of OpenAI, or any server that speaks it (Ollama, vLLM, llama.cpp).

For communities that write in other languages than English, which the model inside reads badly.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import openai

from protege.config import Config
from protege.errors import Unavailable, UserError
from protege.providers import Usage
from protege.providers.openai.chat import connect
from protege.providers.openai.faults import fault
from protege.providers.openai.keys import Key
from protege.providers.persevering import ATTEMPTS, FIRST_WAIT_S
from protege.providers.refusals import Passing
from protege.text import Text

NATIVE = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
"""https://developers.openai.com/api/docs/guides/embeddings"""
MOST_CHARS = 2000
"""Of a text, the rest is not looked at: at one token a byte it stays below OpenAI's 8,192."""
BATCH, BATCH_BYTES = 128, 250_000
"""Texts in a request (OpenAI: 2,048, and 300,000 tokens in all; a token is a byte or more)."""
MOST_WAIT_S = 10.0
"""If the provider wants us to wait longer, the queue brings the work again."""
EMPTY = "."
"""Sent for a text without characters, which OpenAI refuses."""
OTHER_DIMS = Text(
    "The embedding model `{model}` gives vectors of {found} numbers instead of {dims}. An operator "
    "has to look at EMBEDDER and EMBEDDER_DIMS.",
    "Модель эмбеддингов `{model}` даёт векторы из {found} чисел вместо {dims}. Оператору нужно "
    "проверить EMBEDDER и EMBEDDER_DIMS.",
)

Array = npt.NDArray[np.float32]


class OpenAIEmbedder:
    """A `learning.Embedder`."""

    def __init__(
        self,
        config: Config,
        key: Key,
        model: str,
        *,
        used: Callable[[str, Usage], None] = lambda model, usage: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`used` is told of every request's tokens."""
        self._client = connect(config, key)
        self._model = model
        self._asked_dims = config.embedder_dims
        self._used = used
        self._sleep = sleep

    def __enter__(self) -> "OpenAIEmbedder":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    @property
    def id(self) -> str:
        """Such as `openai:text-embedding-3-small:1536`."""
        return f"openai:{self._model}:{self.dims}"

    @cached_property
    def dims(self) -> int:
        """As asked for, as known, or as found out by one request. Raises as `embed`."""
        known = self._asked_dims or NATIVE.get(self._model, 0)
        return known or self._request([EMPTY]).shape[1]

    def embed(self, texts: list[str]) -> Array:
        """Shape (len(texts), dims), unit rows. Raises UserError and Unavailable.

        A request that fails in passing is sent three times in all.
        """
        rows = [self._checked(self._request(batch)) for batch in _batches(texts)]
        return np.vstack([np.empty((0, self.dims), np.float32), *rows])

    def _checked(self, rows: Array) -> Array:
        if rows.shape[1] != self.dims:
            raise UserError(OTHER_DIMS, model=self._model, found=rows.shape[1], dims=self.dims)
        return rows

    def _request(self, texts: list[str]) -> Array:
        for attempt in itertools.count(1):
            try:
                return self._once(texts)
            except Passing as passing:
                wait_s = passing.wait_s or FIRST_WAIT_S * 2 ** (attempt - 1)
                if attempt == ATTEMPTS or wait_s > MOST_WAIT_S:
                    raise Unavailable(f"no embeddings: {passing}") from None
                self._sleep(wait_s)
        raise AssertionError  # the loop has no other end

    def _once(self, texts: list[str]) -> Array:
        dims = self._asked_dims or openai.omit
        try:
            found = self._client.embeddings.create(
                input=texts, model=self._model, dimensions=dims, encoding_format="float"
            )
        except openai.OpenAIError as error:
            raise fault(error, self._model) from None
        if found.usage:
            self._used(self._model, Usage(found.usage.prompt_tokens))
        rows = {row.index: row.embedding for row in found.data}
        return _united(rows, len(texts))


def _united(rows: dict[int, list[float]], count: int) -> Array:
    """The rows in order, of unit length. Raises Passing where they make no sense."""
    try:
        found = np.array([rows[n] for n in range(count)], np.float32)
    except (KeyError, TypeError, ValueError):
        raise Passing("rows are missing") from None
    if found.ndim != 2 or not np.isfinite(found).all():
        raise Passing("rows make no sense")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths > 0, lengths, 1), np.float32)


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch, size = list[str](), 0
    for text in texts:
        cut = text[:MOST_CHARS].strip() or EMPTY
        length = len(cut.encode())
        if batch and (len(batch) == BATCH or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(cut)
        size += length
    if batch:
        yield batch
