"""The template as its author wrote it, and as CloudFormation gets it."""

from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from tools.translate import TEMPLATE, translated


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    found: dict[str, Any] = yaml_parse(TEMPLATE.read_text())
    return found


@pytest.fixture(scope="session")
def stack() -> dict[str, Any]:
    return translated()


@pytest.fixture(scope="session")
def resources(stack: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stack["Resources"]
    return found
