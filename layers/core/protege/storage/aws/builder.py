"""The voice worker's image on AWS: a project of CodeBuild makes it, and costs nothing meanwhile."""

from collections.abc import Mapping
from typing import Any

from protege.storage.aws.clients import client as connect
from protege.storage.aws.clients import faults
from protege.storage.aws.secrets import Secrets

REPLIES = "replies/"
"""Secrets that a build reads and deletes; leftovers are addresses that ended hours ago."""


class ImageBuilder:
    """Starts builds. Raises Unavailable. The role needs codebuild:StartBuild on the project."""

    def __init__(self, secrets: Secrets, client: Any = None) -> None:
        self._secrets = secrets
        self._codebuild = client or connect("codebuild")

    def hide(self, once: str, secret: str) -> str:
        """Put a secret where only builds find it; return the parameter's name."""
        return self._secrets.write(REPLIES + once, secret)

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
