"""CloudWatch's embedded metric format, as its specification has it."""

from typing import Any

from jsonschema import Draft7Validator

NAME = {"type": "string", "minLength": 1, "maxLength": 255}
DIMENSIONS_MAX, METRICS_MAX, VALUES_MAX = 30, 100, 100
RATES = "Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits"
UNIT = f"^(Seconds|Microseconds|Milliseconds|Percent|Count(/Second)?|None|({RATES})(/Second)?)$"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "additionalProperties": False,
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "additionalProperties": False,
                        "properties": {
                            "Namespace": NAME,
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "array",
                                    "maxItems": DIMENSIONS_MAX,
                                    "items": NAME,
                                },
                            },
                            "Metrics": {
                                "type": "array",
                                "minItems": 1,
                                "maxItems": METRICS_MAX,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "Name": NAME,
                                        "Unit": {"type": "string", "pattern": UNIT},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""


def check(document: dict[str, Any]) -> dict[str, list[list[str]]]:
    """The metrics of a document and the dimension sets of each. Raises where it breaks the
    specification, also in what the schema cannot say."""
    Draft7Validator(SCHEMA).validate(document)
    found: dict[str, list[list[str]]] = {}
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for name in (name for names in directive["Dimensions"] for name in names):
            assert isinstance(document[name], str), f"{name} must be a text beside _aws"
        for metric in directive["Metrics"]:
            values = document[metric["Name"]]
            values = values if isinstance(values, list) else [values]
            assert 1 <= len(values) <= VALUES_MAX
            assert all(type(value) in (int, float) for value in values)
            assert metric["Name"] not in found, "counted twice"
            found[metric["Name"]] = directive["Dimensions"]
    return found
