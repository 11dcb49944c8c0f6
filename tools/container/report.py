"""What was found, line by line."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tools.container.engine import Failed


class Report:
    """Prints as it goes. `failed`: how many checks did."""

    def __init__(self) -> None:
        self.failed = 0
        self._began = time.monotonic()

    def tell(self, name: str, found: str) -> None:
        """A number, neither good nor bad."""
        self._line("", name, found)

    def check(self, name: str, good: bool, found: str) -> None:
        """Something that must be so; `found`: what is."""
        self.failed += not good
        self._line("ok" if good else "FAIL", name, found)

    @contextmanager
    def trying(self, name: str) -> Iterator[Callable[[str], None]]:
        """Something that must not raise Failed or TimeoutError; say what was found."""
        found: list[str] = []
        try:
            yield found.append
        except (Failed, TimeoutError) as error:
            self.check(name, False, str(error) or type(error).__name__)
            return
        self.check(name, True, " ".join(found))

    def end(self, what: str) -> int:
        """The last line; how many checks failed."""
        seconds = time.monotonic() - self._began
        verdict = f"{self.failed} checks FAILED" if self.failed else "all checks passed"
        self._line("", "container", f"{what}: {verdict}, {seconds:.0f} s")
        return self.failed

    def _line(self, verdict: str, name: str, found: str) -> None:
        sys.stdout.write(f"{verdict:4} {name:22} {found}\n")
        sys.stdout.flush()
