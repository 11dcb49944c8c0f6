"""Every sample event gets the expected answer from the function as it is deployed."""

from pathlib import Path

import pytest

from tests.artefacts.conftest import Running
from tools.artefacts import artefacts
from tools.replay import EVENTS, World, differences, events, replay

pytestmark = pytest.mark.real
FUNCTIONS = ("Ingress", "Registrar", "Watcher", "Worker")
PATHS = [path for function in FUNCTIONS for path in events(function)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_event_gets_the_expected_answer(path: Path, running: Running, here: World) -> None:
    assert replay(running(path.parent.name), path, here.discord).wrong == []


def test_every_function_of_the_template_has_events(build: Path) -> None:
    assert tuple(sorted(artefacts(build))) == FUNCTIONS
    assert all(events(function) for function in FUNCTIONS)


def test_an_answer_that_lacks_something_is_noticed() -> None:
    wanted = {"statusCode": 200, "body": {"type": 5}}
    assert list(differences(wanted, {"statusCode": 200, "body": '{"type": 5, "data": {}}'})) == []
    assert len(list(differences(wanted, {"statusCode": 401, "body": '{"kind": 5}'}))) == 2


def test_no_expectation_stands_without_its_event() -> None:
    names = {path.name.removesuffix(".expect.json") for path in EVENTS.rglob("*.expect.json")}
    assert names <= {path.stem for path in PATHS}
