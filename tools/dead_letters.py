"""`make dead-letters`: what could not be done, and why; put it back, or drop it.

    python -m tools.dead_letters                    lists them
    python -m tools.dead_letters back ID ... | all  has them tried again
    python -m tools.dead_letters drop ID ... | all  forgets them
    ... --stack NAME                                of a stack on AWS, else of DATA_DIR

It shows ids, commands and reasons, never what people wrote. An answer that comes late, its
interaction's token being over, is a message in the channel.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from protege.burying import REASONS
from protege.claims import Claims
from protege.discord.snowflake import created_at
from protege.errors import BotError, Malformed, Missing
from protege.storage import Delivery, Queue
from protege.storage.aws import DynamoRecords, SqsQueue, client
from protege.storage.aws.clients import faults
from protege.storage.embedded import SqliteQueue, SqliteRecords
from protege.work import Work, read

MOST = 1000
LEASE_S = 300
UNKNOWN = "given up by the queue itself: every worker died of it"
NEVER = 1 << 30
COLUMNS = "{:<34} {:>9}  {:<10} {:<20} {:<20} {}"


class Place(NamedTuple):
    """Where dead letters are, and where they go back to."""

    letters: Queue
    work: Queue
    claims: Claims
    buried: Callable[[], int]
    """Puts back what the queue itself gave up, where that stays in the same queue; how many."""
    wait_s: int
    """How long to look for letters before there seem to be none."""


def here(folder: Path) -> Place:
    """On this machine. `folder`: the setting DATA_DIR."""
    queue = folder / "queue.sqlite"
    work = SqliteQueue(queue, max_receives=NEVER)
    letters = SqliteQueue(queue, name="dead", max_receives=NEVER)
    return Place(letters, work, Claims(SqliteRecords(folder / "records.sqlite")), work.redrive, 0)


def of_stack(stack: str) -> Place:
    """On AWS, with the caller's credentials and region.

    Raises Missing where there is no such stack of ours, Unavailable.
    """
    pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    with faults():
        found = list(pages.search("StackResourceSummaries[]"))
    ids = {it["LogicalResourceId"]: it.get("PhysicalResourceId", "") for it in found}
    letters, work, table = (ids.get(name) for name in ("DeadLetters", "WorkQueue", "Table"))
    if not (letters and work and table):
        raise Missing(f"{stack} has no dead letters: it is a stack of something else, or half made")
    return on_aws(letters, work, table)


def on_aws(letters: str, work: str, table: str) -> Place:
    """The same, by the queues' URLs and the table's name."""
    sqs, dynamodb = client("sqs"), client("dynamodb")
    claims = Claims(DynamoRecords(table, dynamodb))
    return Place(SqsQueue(letters, sqs), SqsQueue(work, sqs), claims, lambda: 0, 1)


def taken(place: Place) -> Iterator[Delivery]:
    """Up to 1,000 letters, each held for five minutes."""
    for _ in range(MOST):
        letter = place.letters.receive(wait_s=place.wait_s, lease_s=LEASE_S)
        if letter is None:
            return
        yield letter


def back(place: Place, letter: Delivery) -> None:
    """Have it tried anew: what was sent of an answer already is not sent again."""
    work = _read(letter.body)
    if work:
        place.claims.reopen(work.name)
    place.work.put(letter.body)
    place.letters.done(letter.receipt)


def shown(letter: Delivery) -> str:
    """A line of the list."""
    work, about = _read(letter.body), letter.about
    reason = about.get("reason", "unknown")
    command = f"{work.command} in {work.space}" if work else ""
    why = REASONS.get(reason, UNKNOWN)
    id = work.id if work else letter.id
    return COLUMNS.format(id, _age(work), reason, about.get("error", ""), command, why)


def main(arguments: list[str], env: Mapping[str, str] = os.environ) -> int:
    """What the command line asks for; returns the exit status: 1 where an id is none of them, or
    nothing can be had.
    """
    given = _parser().parse_args(arguments)
    try:
        return _done(given, env)
    except BotError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _done(given: argparse.Namespace, env: Mapping[str, str]) -> int:
    place = of_stack(given.stack) if given.stack else here(Path(env.get("DATA_DIR") or ".data"))
    left = set(given.ids)
    for letter in list(taken(place)):
        work = _read(letter.body)
        names = {letter.id, work.id if work else letter.id, "all"}
        if given.do == "list" or not names & set(given.ids):
            place.letters.release(letter.receipt)
            if given.do != "list":
                continue
        elif given.do == "back":
            back(place, letter)
        else:
            place.letters.done(letter.receipt)
        left -= names
        print(shown(letter))
    if given.do == "back" and "all" in given.ids:
        print(f"{place.buried()} more that the queue itself had given up")
    return int(bool(left - {"all"}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tools.dead_letters", description=__doc__)
    parser.add_argument("do", nargs="?", choices=("list", "back", "drop"), default="list")
    parser.add_argument("ids", nargs="*", help="ids from the list, or `all`")
    parser.add_argument("--stack", default="", help="name of a stack on AWS")
    return parser


def _read(body: str) -> Work | None:
    try:
        return read(body)
    except Malformed:
        return None


def _age(work: Work | None) -> str:
    if work is None or not work.interaction:
        return ""
    return f"{(time.time() - created_at(work.id)) / 60:.0f} min"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
