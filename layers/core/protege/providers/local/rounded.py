"""all-MiniLM-L6-v2 with its matrices as int8, each row with a scale: 23 MB of file instead of 91.

`python -m protege.providers.local.rounded` writes the file beside the original, which a build may
then leave out. Where there is no such file, the original is rounded when it is loaded, which gives
the same numbers. Its vectors differ a little from the original's, so it has an id of its own.
"""

import json
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from protege.providers.local.minilm import Bert, MiniLM
from protege.providers.local.weights import Array, installed, weights

FILE = "model.int8.safetensors"
SHA256 = "cc005f1f888d1a88ad03c92f5b58b98e6639f79bd540c02d371d031e3c5fa458"
"""Of that file. The same on every machine: IEEE 754 says exactly how to divide and round."""
LEVELS = 127
SMALLEST = 10_000
"""Numbers in a tensor from which on it is rounded; the smaller ones are 1 % of the model."""
SCALES = ".scales"
WORDS = "embeddings.word_embeddings.weight"


class MiniLMInt8(MiniLM):
    """A `learning.Embedder`; `MiniLM` says the rest."""

    id = f"all-MiniLM-L6-v2-int8:{SHA256[:8]}"

    @cached_property
    def _model(self) -> Bert:
        found = _stored(self._from)
        words = RoundedRows(found.pop(WORDS), found.pop(WORDS + SCALES))
        return Bert(_unrounded(found), words)


class RoundedRows:
    """A rounded matrix; a text needs a handful of its rows, which become float32 when asked for."""

    def __init__(self, values: npt.NDArray[np.int8], scales: Array) -> None:
        """`scales`: shape (rows, 1)."""
        self.values, self.scales = values, scales

    def __getitem__(self, rows: Any) -> Array:
        found: Array = self.values[rows] * self.scales[rows]
        return found


def rounded(tensors: Mapping[str, Array]) -> dict[str, npt.NDArray[Any]]:
    """Every large tensor (rows, columns) as int8, with `<name>.scales` of shape (rows, 1)."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name, tensor in sorted(tensors.items()):
        if tensor.size < SMALLEST:
            found[name] = tensor
            continue
        scales = np.abs(tensor).max(1, keepdims=True) / np.float32(LEVELS)
        scales[scales == 0] = 1
        found[name] = np.rint(tensor / scales).astype(np.int8)
        found[name + SCALES] = scales
    return found


def write(tensors: Mapping[str, npt.NDArray[Any]], file: Path) -> None:
    """A safetensors file; the same bytes for the same tensors."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        dtype = "I8" if tensor.dtype == np.int8 else "F32"
        span = [at, at + tensor.nbytes]
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": span}
        at += tensor.nbytes
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with file.open("wb") as out:
        out.write(len(head).to_bytes(8, "little") + head)
        for tensor in tensors.values():
            out.write(np.ascontiguousarray(tensor).tobytes())


def _stored(folder: Path) -> dict[str, npt.NDArray[Any]]:
    file = folder / FILE
    if file.exists():
        return dict(weights(file, SHA256))
    return rounded(weights(folder / "model.safetensors"))


def _unrounded(tensors: Mapping[str, npt.NDArray[Any]]) -> dict[str, Array]:
    """All as float32."""
    found: dict[str, Array] = {}
    for name, tensor in tensors.items():
        if tensor.dtype == np.int8:
            found[name] = tensor * tensors[name + SCALES]
        elif not name.endswith(SCALES):
            found[name] = tensor
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else installed()
    write(rounded(weights(folder / "model.safetensors")), folder / FILE)
