"""Arrays in numpy's own file format, read without a copy and written in pieces.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def header(dtype: npt.DTypeLike, shape: tuple[int, ...]) -> bytes:
    """What stands before an array's bytes."""
    out = io.BytesIO()
    described = np.lib.format.dtype_to_descr(np.dtype(dtype))
    about = {"descr": described, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(out, about)
    return out.getvalue()


def packed(array: Array) -> bytes:
    """The whole file of an array."""
    return header(array.dtype, array.shape) + np.ascontiguousarray(array).tobytes()


def described(body: bytes) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Shape, type, and where the array's own bytes begin. `body`: the file's beginning.

    Raises ValueError where it is none of ours.
    """
    file = io.BytesIO(body[:4096])
    np.lib.format.read_magic(file)
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if fortran or dtype.hasobject:
        raise ValueError("an array whose rows do not follow each other")
    return shape, dtype, file.tell()


def unpacked(body: bytes) -> Array:
    """The array of a whole file, sharing its memory; read-only. Raises ValueError."""
    shape, dtype, start = described(body)
    return np.frombuffer(body, dtype, offset=start).reshape(shape)


def bundled(found: Mapping[str, Any]) -> bytes:
    """Several arrays in one file."""
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **found)
    return out.getvalue()


def unbundled(body: bytes) -> dict[str, Array]:
    """What `bundled` wrote."""
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
