"""Run the few tests that failed once more, one at a time: a shaky test is told of, not hidden.

`python -m tools.again CODE`, where CODE is how the whole run ended
(https://docs.pytest.org/en/stable/reference/exit-codes.html). Ends with 0 only if each that failed
passes now. pytest itself remembers which they were
(https://docs.pytest.org/en/stable/how-to/cache.html).
"""

import json
import subprocess
import sys
from pathlib import Path

FAILED = 1
"""How pytest ends when all was run and something failed; anything else is not for us."""
MOST = 3
"""More at once are no accident."""
ONCE_IS_ENOUGH = (
    "tests/security/",
    "tests/chaos/",
    "tests/stack/",
    "tests/test_architecture.py",
    "tests/test_isolation.py",
    "tests/test_privacy.py",
    "tests/test_secrets.py",
    "tests/test_signature.py",
)
"""What is leaked, lost or doubled once in a hundred times is leaked, lost or doubled."""


def main(code: int, root: Path) -> int:
    """How the run in `root` is to end (an exit code), of which the first attempt ended with `code`.

    Prints what is tried again and what came of it.
    """
    failed = _failed(root) if code == FAILED else []
    if not failed or len(failed) > MOST or any(one.startswith(ONCE_IS_ENOUGH) for one in failed):
        return code
    print(f"\nRunning what failed once more, alone ({len(failed)}):", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *failed]
    if subprocess.run(command, cwd=root).returncode:
        return code
    print("\nSHAKY: failed above, passed alone. Each wants mending:", *failed, sep="\n  ")
    return 0


def _failed(root: Path) -> list[str]:
    """Their names; none if pytest kept nothing."""
    kept = root / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.is_file() else []


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path.cwd()))
