"""The SAM template as the CloudFormation that AWS would make of it, without AWS.

cfn-lint on this finds what `sam validate`, with and without --lint, does not: a runtime that does
not exist, a wrong property of a resource that SAM generates.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
SOURCES = ("CodeUri", "ContentUri")
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)  # it publishes none, and says so


def translated(template: Path = TEMPLATE) -> dict[str, Any]:
    """The template as plain CloudFormation. Raises InvalidDocumentException (of samtranslator)."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    sam = yaml_parse(template.read_text())
    for resource in sam["Resources"].values():
        for name in SOURCES:
            if name in resource.get("Properties", {}):
                # Local folders until `sam package` uploads them.
                resource["Properties"][name] = "s3://bucket/key"
    found: dict[str, Any] = Translator({}, Parser()).translate(sam, parameter_values={})
    return {name: value for name, value in found.items() if name != "Transform"}


def unconditional(template: dict[str, Any]) -> dict[str, Any]:
    """The same with every resource there and the first way of every `Fn::If` taken.

    For checks that know no conditions: else they would leave out what is not there by default.
    """
    resources = {
        name: {key: _first_way(value) for key, value in found.items() if key != "Condition"}
        for name, found in template["Resources"].items()
    }
    without = ("Conditions", "Rules")
    kept = {name: value for name, value in template.items() if name not in without}
    return {**kept, "Resources": resources}


def _first_way(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            return _first_way(value["Fn::If"][1])
        return {name: _first_way(one) for name, one in value.items()}
    return [_first_way(one) for one in value] if isinstance(value, list) else value


def write(path: Path, how: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> None:
    """The translated template as JSON in a file, changed by `how`."""
    path.write_text(json.dumps(how(translated()), indent=1, default=str))


if __name__ == "__main__":
    json.dump(translated(), sys.stdout, indent=1, default=str)
