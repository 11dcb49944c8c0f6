"""CloudFormation custom resource -> protege.registrar.resource."""

from typing import Any

from protege.app import app
from protege.registrar import resource


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Register the commands and answer CloudFormation."""
    return resource(app(), event)
