"""Counts attacks in each process and prints the table once, at the end of all."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.security.tally import Attacks, Tally

TALLY = pytest.StashKey[Tally]()
COUNTED = "attacks"


def tally_of(config: pytest.Config) -> Tally:
    """This process' own."""
    return config.stash.setdefault(TALLY, Tally())


@pytest.fixture
def attacks(request: pytest.FixtureRequest) -> Iterator[Attacks]:
    """Counts what a test tries, under its module's `ATTACK`."""
    with Attacks().over(tally_of(request.config), request.module.ATTACK) as found:
        yield found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes hands its counts to the one that started it."""
    handed = getattr(session.config, "workeroutput", None)
    if handed is not None:
        counts = tally_of(session.config).counts
        handed[COUNTED] = {kind: tuple(count) for kind, count in counts.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """The one that started it adds them up."""
    tally_of(node.config).merge(getattr(node, "workeroutput", {}).get(COUNTED, {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The table, where anything was counted."""
    found = tally_of(config)
    if found.counts:
        terminalreporter.section("attacks")
        for line in found.table():
            terminalreporter.write_line(line)
