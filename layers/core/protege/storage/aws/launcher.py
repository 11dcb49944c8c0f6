"""The voice worker on AWS: one task of ECS on Fargate, which costs nothing while none runs."""

from typing import Any, NamedTuple

from protege.errors import Unavailable
from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults


class Task(NamedTuple):
    """What to start and where; ids or ARNs."""

    cluster: str
    definition: str
    subnets: tuple[str, ...]
    """Public ones: the task has an address of its own instead of a NAT gateway that costs money."""
    security_groups: tuple[str, ...]


class TaskLauncher:
    """Starts tasks. Raises Unavailable.

    The role needs ecs:RunTask on the definition, and iam:PassRole on the roles it names.
    """

    def __init__(self, task: Task, client: Any = None) -> None:
        self._task = task
        self._ecs = client or connect("ecs")

    def start(self) -> None:
        """Have one started; it is up after half a minute or so.

        ECS reports what it lacks (capacity ...) in the answer, not as an error.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
        """
        network = {
            "subnets": list(self._task.subnets),
            "securityGroups": list(self._task.security_groups),
            "assignPublicIp": "ENABLED",
        }
        with faults():
            found = self._ecs.run_task(
                cluster=self._task.cluster,
                taskDefinition=self._task.definition,
                launchType="FARGATE",
                count=1,
                startedBy="protege",
                networkConfiguration={"awsvpcConfiguration": network},
            )
        if found.get("failures"):
            raise Unavailable(f"ECS starts no voice worker: {found['failures'][0].get('reason')}")
