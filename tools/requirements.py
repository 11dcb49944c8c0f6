"""What layers and image contain, taken from uv.lock: `python -m tools.requirements` writes it down.

The lists are files, and not made during `sam build`, so that a build needs no uv and SAM's cache
notices when one of them changes.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
WHOLE = tuple(
    word for extra in ("worker", "aws", "serve", "sounds", "voice") for word in ("--extra", extra)
)
PLACES = {
    "layers/core": ((), ("pycparser",)),
    "layers/learning": (("--extra", "worker"), ("cffi", "pycparser", "pynacl")),
    "voice_worker": (WHOLE, ("gepa", "pillow")),
}
"""Folder -> (what to ask of uv besides our package, what to leave out).

Of cffi only the compiled half is ever loaded, and that does not parse C. The voice worker draws
nothing and tunes nothing; its image makes an ffmpeg of its own.
"""


def requirements(place: str) -> str:
    """A place's pinned packages with their hashes. Raises FileNotFoundError without uv."""
    extras, without = PLACES[place]
    skip = [word for name in without for word in ("--prune", name)]
    asked = ["export", "--frozen", "--quiet", "--no-dev", "--package", "protege"]
    shape = ["--no-emit-project", "--no-header", "--no-annotate"]
    command = [_uv(), *asked, *extras, *shape, *skip]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return "".join(_wanted(found.stdout))


def _uv() -> str:
    """As `tools/setup` installs it, or anybody's."""
    found = shutil.which("uv", path=ROOT / ".cache/uv/bin") or shutil.which("uv")
    if found is None:
        raise FileNotFoundError("uv is needed to read uv.lock")
    return found


def _wanted(text: str) -> list[str]:
    """Without what is never installed (an override in pyproject.toml) or for other systems."""
    entries = text.replace("\\\n", "\\\0").splitlines(keepends=True)
    other = ("sys_platform == 'never'", "sys_platform == 'emscripten'")
    kept = [entry for entry in entries if not any(word in entry.split("\\")[0] for word in other)]
    return [entry.replace("\0", "\n") for entry in kept]


def main() -> None:
    """Write every place's list."""
    for place in PLACES:
        path = ROOT / place / "requirements.txt"
        path.write_text(requirements(place))
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
