"""Every sample event gets the expected answer from the function as it is deployed."""

from pathlib import Path

import pytest

from tests.artefacts.conftest import Running
from tools.artefacts import artefacts
from tools.replay import EVENTS, World, differences, events, replay
from tools.vitals import Loading, Vitals, loading

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


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_loads_fast_and_needs_less_memory_than_it_has(
    name: str, running: Running, here: World
) -> None:
    emulator = running(name)
    replay(emulator, events(name)[0], here.discord)
    found = Vitals(here.functions[name], loading(here, name), emulator.peak_mib)
    assert found.loading.hello_ms > 5 and found.peak_mib > 10, "it was measured"
    assert found.wrong() == []


def test_a_function_that_needs_too_much_is_noticed(here: World) -> None:
    ingress = here.functions["Ingress"]
    slow, large = Loading(90.0, 30.0, 99.0), Vitals(ingress, Loading(30.0, 30.0, 40.0), 1000.0)
    assert Vitals(ingress, slow, 50.0).wrong() == ["loads 3.0 times as long as a hello"]
    assert large.wrong() == ["needs 1000 of 1024 MiB"]
