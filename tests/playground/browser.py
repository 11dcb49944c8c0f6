"""A browser for tests of the page; errors in its scripts fail the test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    " --disable-background-networking --disable-component-update"
)
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
PATIENCE_MS = 60_000


def executable() -> str:
    """Debian's chromium."""
    return next(filter(None, map(shutil.which, NAMES)))


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """A running one. `more`: switches of Chromium's."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        path, switches = executable(), [*QUIET.split(), *more]
        running = playwright.chromium.launch(executable_path=path, args=switches)
        yield running
        running.close()


@contextmanager
def visit(
    running: Browser, address: str, size: dict[str, int] = WIDE, *, lost: bool = False
) -> Iterator[Page]:
    """A fresh visitor on the page, who speaks English. `lost`: the server may go away."""
    context = running.new_context(viewport=size, locale="en-US")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.goto(address)
    page.locator("body[data-ready]").wait_for()
    yield page
    context.close()
    assert [text for text in wrong if not (lost and "Failed to load" in text)] == []
