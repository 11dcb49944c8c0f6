"""A window on JSON text that arrives piece by piece."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from protege.datasets.reading.jsonl import BROKEN, scan
from protege.datasets.reading.words import NOT_JSON, TOO_LONG, filled
from protege.text import Text

GAP = re.compile("[ \t\r\n,\ufeff]*")
LEAST = 1 << 16
MARGIN = 16
"""An error further than this from the window's end is not due to what lies beyond it."""

DEEP = 200
"""What is nested too deep begins with more brackets than that: no row begins among them."""


class Tape:
    """`text` is the window, `at` where we are in it; nothing before `start` is held for long."""

    def __init__(self, texts: Iterator[str], longest: int) -> None:
        self.text = ""
        self.at = 0
        self.start = 0
        self._texts = texts
        self._longest = longest
        self._indent: str | None = ""

    def skip(self) -> str:
        """Move past spaces and commas; return the character that follows, "" at the end."""
        gap = "" if self._indent is None else "\n" + self._indent
        while True:
            self.start, begun = self.at, self.at
            self.at = GAP.match(self.text, begun).end()  # type: ignore[union-attr]
            gap = gap if self.at == begun else self.text[begun : self.at]
            if self.at < len(self.text) or not self._more():
                break
        _, line, indent = gap.rpartition("\n")
        self._indent = indent if line else None
        self.start = self.at
        return self.text[self.at : self.at + 1]

    def step(self) -> None:
        """Move past one character."""
        self.at += 1
        self._indent = None

    def value(self) -> Any:
        """The JSON value here, moving past it; or why there is none (a Text)."""
        while True:
            try:
                found, end = scan(self.text, self.at)
            except RecursionError:
                self.at += DEEP
                return NOT_JSON
            except BROKEN as error:
                if self._broken(error) or not self._more():
                    return self._why(error)
            else:
                if end < len(self.text) or self.text[end - 1] in '"}]' or not self._more():
                    self.at, self._indent = end, None
                    return found

    def recover(self) -> str:
        """Move to where the next element seems to begin; return the beginning of what was not read.

        Memory stays flat also where there is no next one.
        """
        wanted, head = _next(self._indent), ""
        if self.start > LEAST:  # json counts the lines before each error
            self.text = self.text[self.start :]
            self.at, self.start = self.at - self.start, 0
        self.at += 1
        while not (found := wanted.search(self.text, self.at)):
            if len(self.text) - self.start > self._longest:
                head = head or self.text[self.start :]
                self.start = self.at = len(self.text) - MARGIN
            if not self._more():
                self.at = len(self.text)
                break
        else:
            self.at = found.end()
        self._indent = None if not found else self._indent
        return head or self.text[self.start : self.at]

    def _more(self) -> bool:
        """Make the window at least twice as long as what is left in it; False at the end."""
        wanted = max(LEAST, len(self.text) - self.start)
        found: list[str] = []
        for text in self._texts:
            found.append(text)
            wanted -= len(text)
            if wanted <= 0:
                break
        if not found:
            return False
        self.text = "".join([self.text[self.start :], *found])
        self.at -= self.start
        self.start = 0
        return True

    def _broken(self, error: Exception) -> bool:
        """Whether more text could not mend it."""
        if len(self.text) - self.at > self._longest:
            return True
        far = isinstance(error, json.JSONDecodeError) and error.pos < len(self.text) - MARGIN
        return far and not str(error).startswith("Unterminated")

    def _why(self, error: Exception) -> Text:
        position = getattr(error, "pos", self.at)
        if position - self.at > self._longest - MARGIN or (
            len(self.text) - self.at > self._longest and str(error).startswith("Unterminated")
        ):
            return filled(TOO_LONG, limit=self._longest)
        return NOT_JSON


@lru_cache(64)
def _next(indent: str | None) -> re.Pattern[str]:
    """Where the element after a broken one may begin. `indent`: of the line that one began."""
    if indent is None:
        return re.compile(r"[}\]]\s*,\s*(?=[{\[])|\n(?=[{\[])")
    begins = rf"\n{re.escape(indent)}(?:[}}\]]\s*,\s*)?(?=[{{\[])"
    return re.compile(rf"{begins}|[}}\]][ \t]*,[ \t]*(?=[{{\[])")
