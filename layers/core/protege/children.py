"""What programs that are not ours see of our environment: no secret, no setting."""

import os
from collections.abc import Mapping

HARMLESS = (
    "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "ESPEAK_DATA_PATH",
)  # fmt: skip


def environment(ours: Mapping[str, str] | None = None) -> dict[str, str]:
    """To be given to them; `ours`: this process', if none is named."""
    found = os.environ if ours is None else ours
    return {name: found[name] for name in HARMLESS if name in found}
