"""What starts the voice worker: a task of ECS, or a child process that ends with its parent."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protege.errors import Unavailable
from protege.storage.aws import TaskLauncher, client
from protege.storage.aws.launcher import Task
from protege.storage.embedded import ChildLauncher
from tests.lives import Desk, died, program_in
from tests.tasks import task_on

HERE = {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
PARENT = """
import os, signal, sys
from protege.storage.embedded import ChildLauncher
signal.signal(signal.SIGINT, signal.default_int_handler)  # who tests in the background ignores it
ChildLauncher(sys.argv[1], {}).start()
sys.stdin.read()
"""


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    yield found
    found.close()


@pytest.fixture
def program(tmp_path: Path) -> str:
    return program_in(tmp_path)


@pytest.fixture
def launcher(desk: Desk, program: str) -> Iterator[ChildLauncher]:
    found = ChildLauncher(program, {"TALK": str(desk.port)})
    yield found
    found.stop()


def test_a_child_is_started_once_however_often_it_is_asked_for(
    launcher: ChildLauncher, desk: Desk
) -> None:
    launcher.start()
    desk.born()
    launcher.start()
    assert desk.nobody_else()


def test_after_it_ended_by_itself_another_one_can_be_started(
    launcher: ChildLauncher, desk: Desk
) -> None:
    launcher.start()
    first, call = desk.born()
    call.sendall(b"x")
    assert died(call)
    launcher.wait()
    launcher.start()
    assert desk.born()[0] != first


def test_one_that_is_asked_for_while_the_last_one_is_about_to_end_is_started_then(
    launcher: ChildLauncher, desk: Desk
) -> None:
    launcher.start()
    first, call = desk.born()
    launcher.start()
    call.sendall(b"x")
    assert died(call)
    assert desk.born()[0] != first
    assert desk.nobody_else()


def test_one_that_crashed_is_started_again(launcher: ChildLauncher, desk: Desk) -> None:
    launcher.start()
    first, call = desk.born()
    os.kill(first, signal.SIGKILL)
    assert died(call)
    assert desk.born()[0] != first


def test_stopping_ends_it(launcher: ChildLauncher, desk: Desk) -> None:
    launcher.start()
    _, call = desk.born()
    launcher.stop()
    assert died(call)
    assert desk.nobody_else(), "nor is it started again"


def test_many_who_ask_at_once_get_one(launcher: ChildLauncher, desk: Desk) -> None:
    threads = [threading.Thread(target=launcher.start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.born()
    assert desk.nobody_else()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_parent_and_writes_into_its_log(
    desk: Desk, program: str, how: signal.Signals
) -> None:
    env = {**os.environ, **HERE, "TALK": str(desk.port)}
    command = (sys.executable, "-c", PARENT, program)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=env, text=True, **pipes) as parent:
        _, call = desk.born()
        assert parent.stderr and parent.stderr.readline() == "the worker speaks\n"
        parent.send_signal(how)
        parent.wait(30)
        assert died(call)


def test_a_program_that_is_not_there_is_told_by_the_log_and_harms_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    launcher = ChildLauncher(str(tmp_path / "nothing"), {})
    launcher.start()
    launcher.wait()
    assert f"does not start: [Errno 2] No such file or directory: '{tmp_path}/nothing'" in (
        capfd.readouterr().err
    )
    launcher.start()
    launcher.stop()


# ---- ECS -----------------------------------------------------------------------------------------


@pytest.fixture
def ecs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in request.getfixturevalue("aws").env.items():
        monkeypatch.setenv(name, value)
    return client("ecs")


@pytest.fixture
def task(ecs: Any) -> Iterator[Task]:
    ec2 = client("ec2")
    yield task_on(ecs, ec2)
    ec2.close()


@pytest.mark.real
def test_a_task_is_started_on_fargate_in_the_public_subnet(ecs: Any, task: Task) -> None:
    TaskLauncher(task, ecs).start()
    [arn] = ecs.list_tasks(cluster=task.cluster, startedBy="protege")["taskArns"]
    [found] = ecs.describe_tasks(cluster=task.cluster, tasks=[arn])["tasks"]
    assert found["launchType"] == "FARGATE"
    details = {d["name"]: d["value"] for a in found["attachments"] for d in a["details"]}
    assert details["subnetId"] == task.subnets[0]
    [face] = _interfaces(details["networkInterfaceId"])
    assert [group["GroupId"] for group in face["Groups"]] == list(task.security_groups)


def _interfaces(id: str) -> list[dict[str, Any]]:
    ec2 = client("ec2")
    found: list[dict[str, Any]] = ec2.describe_network_interfaces(NetworkInterfaceIds=[id])[
        "NetworkInterfaces"
    ]
    ec2.close()
    return found


@pytest.mark.real
def test_what_ecs_does_not_know_is_unavailable(ecs: Any, task: Task) -> None:
    for wrong in (task._replace(cluster="nowhere"), task._replace(definition="nothing")):
        with pytest.raises(Unavailable):
            TaskLauncher(wrong, ecs).start()


class Full:
    """An ECS without room, which moto never is; it answers 200, as ECS does."""

    def run_task(self, **request: Any) -> dict[str, Any]:
        return {"tasks": [], "failures": [{"arn": "x", "reason": "RESOURCE:MEMORY"}]}


def test_an_answer_that_tells_of_failures_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="RESOURCE:MEMORY"):
        TaskLauncher(Task("c", "d", ("s",), ("g",)), Full()).start()
