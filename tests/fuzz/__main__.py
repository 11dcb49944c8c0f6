"""`python -m tests.fuzz TARGET [libFuzzer's options] [folders]`: one target, until it stops."""

import sys
from importlib import import_module

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["protege", "mutagen"]):
    for part in ("flac", "mp3", "mp4", "oggopus", "oggvorbis", "wave"):
        import_module(f"mutagen.{part}")
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz; ends the process, with libFuzzer's code."""
    name, *options = sys.argv[1:]
    atheris.Setup([name, *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
