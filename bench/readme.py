"""Measured tables in README.md, between marks."""

import re

from tools.artefacts import ROOT

README = ROOT / "README.md"


def write(name: str, text: str) -> None:
    """Put text between the marks of that name. Raises SystemExit, nothing written, without any."""
    marks = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    after, count = marks.subn(lambda found: found[1] + text + found[2], README.read_text("utf-8"))
    if not count:
        raise SystemExit(f"README.md has no marks for {name}")
    README.write_text(after, "utf-8")
