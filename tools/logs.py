"""What the bot does, and what became of one interaction: `make logs`, from CloudWatch.

Shows the lines of all log groups of the stack (functions, requests, voice worker) in order of time,
and waits for more. `INTERACTION=id` shows all that happened to one: its ACK, each try, its answer
or dead letter, and what Lambda and API Gateway say of these invocations. Locally:
`make serve 2>&1 | python -m tools.logs -`. Needs logs:FilterLogEvents and
cloudformation:ListStackResources.
"""

import argparse
import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from protege.discord.snowflake import created_at
from protege.errors import BotError
from protege.storage.aws import client
from protege.storage.aws.clients import faults
from tools.logs_lines import Line, Wanted, read, shown, wanted

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
EVERY_S = 2.0
LATE_S = 30.0
"""Lines may come as late as this, and are then still shown."""
MOST = 5_000
"""Lines of one group that are shown of the past."""
MOST_INVOCATIONS = 12
EARLIER_S = 60.0
"""Clocks differ; Discord's made the id."""
SNOWFLAKE = re.compile(r"\d{17,20}").fullmatch
ID = re.compile(r"[\w-]*").fullmatch


class Logs(NamedTuple):
    """CloudWatch's log groups of a stack."""

    api: Any
    groups: tuple[str, ...]
    most: int = MOST
    """Lines of each at a time."""

    def find(self, begin: float, term: str = "") -> dict[str, Line]:
        """Lines since `begin` (seconds) that contain the term, by an id of ours."""
        return {id: line for group in self.groups for id, line in self._of(group, begin, term)}

    def _of(self, group: str, begin: float, term: str) -> Iterator[tuple[str, Line]]:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html"""
        asked: dict[str, Any] = {"logGroupName": group, "startTime": int(begin * 1000)}
        asked |= {"filterPattern": f'"{term}"'} if term else {}
        pages = self.api.get_paginator("filter_log_events").paginate(
            **asked, PaginationConfig={"MaxItems": self.most}
        )
        count = 0
        for page in pages:
            for event in page["events"]:
                at = event["timestamp"] / 1000
                yield f"{group} {event['eventId']}", read(event["message"], at)
            count += len(page["events"])
        if count >= self.most:
            sys.stderr.write(f"{group}: {self.most:,} lines; the later ones are left out\n")


def groups(cloudformation: Any, stack: str) -> tuple[str, ...]:
    """The log groups that a stack made."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return tuple(
        resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::Logs::LogGroup" and "PhysicalResourceId" in resource
    )


def story(logs: Logs, begin: float, id: str) -> list[Line]:
    """All lines about an interaction or job, and those of the invocations that wrote them: also
    what Lambda says of one that was cut off, and the request as API Gateway saw it.
    """
    found = logs.find(begin, id)
    invocations = sorted({request for line in found.values() for request in line.requests})
    for request in invocations[:MOST_INVOCATIONS]:
        found |= logs.find(begin, request)
    return in_order(found.values())


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time, those of the same time as they came."""
    return sorted(lines, key=lambda line: line.at)


def follow(logs: Logs, begin: float, over: threading.Event) -> Iterator[Line]:
    """Lines since `begin`, and then those that come, until `over` is set."""
    seen: dict[str, Line] = {}
    while True:
        found = logs.find(begin)
        yield from in_order(line for id, line in found.items() if id not in seen)
        seen = found  # whatever comes again is no older than what this look has found
        begin = max(begin, time.time() - LATE_S)
        if over.wait(EVERY_S):
            return


def since(id: str, ago: float) -> float:
    """From when to look: an interaction's id tells when it began, a job's does not."""
    if SNOWFLAKE(id):
        return created_at(id) - EARLIER_S
    return time.time() - ago


def seconds(text: str) -> float:
    """`90s`, `15m`, `2h`, `7d`. Raises ValueError."""
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if not found:
        raise ValueError(f"not a time such as 90s, 15m, 2h or 7d: {text}")
    return int(found[1]) * UNITS[found[2]]


def main(arguments: Sequence[str]) -> int:
    """Show; 1 where it cannot be had."""
    given = _parser().parse_args(arguments)
    by = Wanted(given.interaction, given.guild, given.errors, given.numbers)
    try:
        if given.source == "-":
            _show(line for line in map(read, sys.stdin) if wanted(line, by))
        else:
            with faults():
                _show(_chosen(given, by))
    except KeyboardInterrupt:
        return 0
    except BotError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _chosen(given: argparse.Namespace, by: Wanted) -> Iterable[Line]:
    found = groups(client("cloudformation"), given.stack)
    logs, begin = Logs(client("logs"), found), since(given.interaction, given.since)
    if given.interaction:  # the rest of the story carries no such id
        lines, by = story(logs, begin, given.interaction), by._replace(interaction="")
    elif given.follow:
        return (line for line in follow(logs, begin, threading.Event()) if wanted(line, by))
    else:
        lines = in_order(logs.find(begin).values())
    return (line for line in lines if wanted(line, by))


def _id(text: str) -> str:
    if not ID(text):
        raise ValueError(text)
    return text


def _show(lines: Iterable[Line]) -> None:
    colours = sys.stdout.isatty()
    for line in lines:
        sys.stdout.write(shown(line, colours=colours) + "\n")
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.logs", description=__doc__)
    parser.add_argument("source", nargs="?", default="aws", help="- reads lines from a pipe")
    parser.add_argument("--stack", default="protege")
    parser.add_argument("--since", type=seconds, default=seconds("1h"), help="90s, 15m, 2h, 7d")
    parser.add_argument("--interaction", type=_id, default="", help="all about it (or a job)")
    parser.add_argument("--guild", type=_id, default="")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--numbers", action="store_true", help="also lines that only count")
    parser.add_argument("--follow", action=argparse.BooleanOptionalAction, default=True)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
