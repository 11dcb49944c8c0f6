"""Which Protégé this is: its number, and a print of its code that is the same wherever it runs.

`python -m protege.version` tells it of a checkout, to compare with what `/status` shows. A
commit's id would need git, which neither a layer nor an image has, and would not notice a file that
changed since.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

NUMBER = "0.1.0"
"""As in layers/core/pyproject.toml; a test compares them."""


@cache
def code() -> str:
    """Eight hex digits of all source files' SHA-256."""
    return printed(Path(__file__).parent)


def printed(package: Path) -> str:
    """The same of a package anywhere. Raises OSError."""
    found = hashlib.sha256()
    files = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    for name, path in sorted(files.items()):
        body = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(f"{name} {len(body)}\n".encode() + body)
    return found.hexdigest()[:8]


def version() -> str:
    """Both, as `0.1.0 (1a2b3c4d)`."""
    return f"{NUMBER} ({code()})"


if __name__ == "__main__":
    sys.stdout.write(f"{version()}\n")
