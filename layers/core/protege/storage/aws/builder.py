"""The voice worker's image on AWS: a project of CodeBuild makes it, and costs nothing meanwhile."""

from collections.abc import Mapping
from typing import Any

from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults


class ImageBuilder:
    """Starts builds. Raises Unavailable. The role needs codebuild:StartBuild on the project."""

    def __init__(self, client: Any = None) -> None:
        self._codebuild = client or connect("codebuild")

    def start(self, project: str, once: str, variables: Mapping[str, str]) -> None:
        """Have a project build with these variables besides its own; it takes some minutes.

        `once`: the same text within five minutes starts nothing anew.
        https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
        """
        given = [{"name": n, "value": v, "type": "PLAINTEXT"} for n, v in variables.items()]
        with faults():
            self._codebuild.start_build(
                projectName=project, idempotencyToken=once, environmentVariablesOverride=given
            )
