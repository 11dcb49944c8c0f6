"""`make costs`: what a month on AWS costs, by how much the bot is used; models' own prices aside.

Sizes, alarms and dashboards are read from template.yaml; how much an interaction takes was measured
on this machine and is said below. `--write` puts the tables into docs/operating.md.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from samcli.yamlhelper import yaml_parse

from tools.artefacts import ROOT
from tools.docs import README, between
from tools.prices import PRICES, SEEN

Usage = Mapping[str, float]
"""Units a month, by the name of their price."""
DOCUMENT = ROOT / "docs/operating.md"
SCALES = {0: "idle", 1_000: "1,000", 100_000: "100,000", 10_000_000: "10 million"}
HOURS = 730
INGRESS_S, WORKER_S = 0.02, 0.5
"""Of one /ask: with the queue's and Discord's answers, which we wait for."""
POLLS = 5 * 3 * 60 * HOURS
"""Lambda asks the queue with five pollers, each waiting up to 20 s, also while nothing comes.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
MESSAGES = 3
"""Requests for one message: put, received, done."""
READS, WRITES = 10, 6
"""Of one /ask, counted at the client: GetItem, Query; PutItem, UpdateItem, one of two units."""
LOG_GB, RECORD_GB = 2.5e-6, 1.5e-6
"""Of one /ask: lines of ingress, API and worker; what stays of it."""
KEPT_MONTHS = 3
"""ANSWER_DAYS."""
STEADY, OF_COMMAND, COMMANDS = 5, 3, 8
"""Metrics that each hour of use sends: of the whole bot, of each command, and commands in use."""
FOLDER_GB, IMAGE_GB = 1.0, 0.5
KEYS = 3 * 12 * HOURS
"""Functions that ask KMS at most every five minutes."""
PARTS = {
    "API Gateway": ("api",),
    "Lambda": ("calls", "compute"),
    "SQS (asked also when idle)": ("sqs",),
    "DynamoDB, with point-in-time recovery": ("reads", "writes", "records", "recovery"),
    "S3, 1 GB": ("files", "gets"),
    "Logs": ("logs",),
    "Metrics, `METRICS_BY=command`": ("metrics",),
    "Alarms": ("alarms",),
    "Dashboard": ("dashboards",),
    "Traces (X-Ray)": ("traces",),
    "KMS, the voice worker's image": ("kms", "images"),
}


def usage(count: int, of: dict[str, Any], by: str = "command", guilds: int = 1) -> Usage:
    """What a month with `count` interactions takes of everything. `by`: METRICS_BY."""
    resources = of["Resources"]
    sizes = [resources[name]["Properties"]["MemorySize"] for name in ("Ingress", "Worker")]
    seconds = zip(sizes, (INGRESS_S, WORKER_S), strict=True)
    gigabytes = count * KEPT_MONTHS * RECORD_GB
    return {
        "api": count,
        "calls": 2 * count,
        "compute": count * sum(size / 1024 * s for size, s in seconds),
        "sqs": POLLS + MESSAGES * count,
        "reads": READS * count,
        "writes": WRITES * count,
        "records": gigabytes,
        "recovery": gigabytes,
        "files": FOLDER_GB,
        "gets": count / 20,
        "logs": count * LOG_GB,
        "metrics": metrics(count, by, guilds),
        "alarms": sum(map(_watched, _made(resources, "AWS::CloudWatch::Alarm"))),
        "dashboards": sum(1 for _ in _made(resources, "AWS::CloudWatch::Dashboard")),
        "traces": traces(count),
        "kms": min(2 * count, KEYS),
        "images": IMAGE_GB,
    }


def metrics(count: int, by: str, guilds: int) -> float:
    """Metric-months: a metric costs for each hour in which it was sent."""
    found = STEADY * _share(count)
    if by != "stack":
        found += OF_COMMAND * COMMANDS * _share(count / COMMANDS)
    if by == "guild":
        found += guilds * STEADY * _share(count / guilds)
    return found


def traces(count: int) -> float:
    """X-Ray takes the first in each second and 5 % of the rest.
    https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""
    first = min(count, HOURS * 3600)
    return first + 0.05 * (count - first)


def dollars(used: Usage, *, free: bool = False) -> float:
    """What it costs; `free`: after what no account pays for."""
    return sum(
        PRICES[name].usd * max(0.0, amount - (PRICES[name].free if free else 0.0))
        for name, amount in used.items()
    )


def hour(of: dict[str, Any]) -> float:
    """Dollars that an hour of the voice worker costs."""
    task = of["Resources"]["VoiceTask"]["Properties"]
    vcpus, gigabytes = int(task["Cpu"]) / 1024, int(task["Memory"]) / 1024
    return dollars({"vcpu": vcpus, "memory": gigabytes, "address": 1})


def tables(of: dict[str, Any]) -> Iterator[str]:
    """The tables, as Markdown."""
    months = [usage(count, of) for count in SCALES]
    yield f"| Dollars a month, by interactions | {' | '.join(SCALES.values())} |"
    yield "| --- |" + " ---: |" * len(SCALES)
    for part, names in PARTS.items():
        yield _line(part, [dollars({n: month[n] for n in names}) for month in months])
    yield _line("**together**", [dollars(month) for month in months])
    yield _line("**after AWS' permanent free tier**", [dollars(m, free=True) for m in months])
    yield ""
    yield f"| Metrics, dollars a month | {' | '.join(SCALES.values())} |"
    yield "| --- |" + " ---: |" * len(SCALES)
    for by, guilds in (("stack", 1), ("command", 1), ("guild", 10), ("guild", 1000)):
        name = f"`METRICS_BY={by}`" + (f", {guilds:,} servers" if by == "guild" else "")
        yield _line(name, [0.3 * metrics(count, by, guilds) for count in SCALES])
    yield ""
    one = hour(of)
    yield f"| Voice | {one:.3f} an hour |"
    yield "| --- | ---: |"
    yield from (_line(name, [one * h]) for name, h in VOICE.items())
    yield ""
    yield f"Prices of {SEEN}: arm64, us-east-1; other regions ask up to a quarter more."


VOICE = {"`on_demand`, 20 hours a month": 20, "`on_demand`, 100 hours": 100, "`always`": HOURS}


def _line(name: str, amounts: list[float]) -> str:
    return f"| {name} | {' | '.join(f'{amount:,.2f}' for amount in amounts)} |"


def _made(resources: dict[str, Any], type: str) -> Iterator[dict[str, Any]]:
    """Resources of a type in a stack as it is by default."""
    others = ("SpeaksAlways",)
    for resource in resources.values():
        if resource["Type"] == type and resource.get("Condition") not in others:
            yield resource["Properties"]


def _watched(alarm: dict[str, Any]) -> int:
    """Metrics that an alarm looks at: each costs."""
    return sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1


def _share(count: float) -> float:
    """Of a month's hours, those with any of `count` events that come at random."""
    return 1 - math.exp(-count / HOURS)


def summary(of: dict[str, Any]) -> str:
    """One sentence for the README."""
    idle, some, many = (dollars(usage(n, of), free=True) for n in (0, 1_000, 100_000))
    return (
        f"A month costs about ${idle:.2f} while nobody asks, ${some:.2f} with 1,000 questions, "
        f"${many:.2f} with 100,000,\nand ${hour(of):.3f} for each hour in a voice channel "
        f"(after AWS' permanent free tier; [in detail](docs/operating.md#costs))."
    )


def template() -> dict[str, Any]:
    """This repository's."""
    found: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    return found


def main(arguments: list[str]) -> None:
    """Print the tables, perhaps write them."""
    text = "\n".join(tables(template()))
    sys.stdout.write(f"{text}\n")
    if "--write" in arguments:
        README.write_text(between(README.read_text("utf-8"), "cost", summary(template())), "utf-8")
        DOCUMENT.write_text(between(DOCUMENT.read_text("utf-8"), "costs", text), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
