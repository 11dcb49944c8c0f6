"""`make delete-all`: the bot leaves, and nothing of it is left; or one server's part goes.

Without `--do` it only tells what would go. With it, it waits for the name to be typed.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial

from protege.app import App
from protege.config import Config, ConfigError
from protege.errors import BotError
from protege.registrar.endpoint import set_endpoint
from protege.registrar.guilds import own_shelves
from protege.registrar.identity import identity
from protege.registrar.shelf import Shelf
from protege.storage.aws.clients import faults
from tools.keeping.places import GUILDS, Place, Step, place


def of_guild(where: Place, guild: str) -> Iterator[Step]:
    """What is kept of one server."""
    rows = [row for row in where.rows() if row.guild == guild]
    prefix = f"{GUILDS}{guild}/"
    count = sum(1 for _ in where.files.list(prefix))
    yield Step(f"{len(rows)} records of {guild}", lambda: where.drop(rows))
    yield Step(
        f"{count} files of {guild}, and what was deleted of it", partial(where.erase, prefix)
    )


def of_discord(where: Place, stack: str, env: Mapping[str, str]) -> Iterator[Step]:
    """Commands, then the endpoint by which the application is known to be this bot's; nothing
    where the bot's token cannot be had any more, nor where the application has moved.
    """
    own = {"SECRETS_PREFIX": f"/{stack}/"} if stack else {}
    app = App(Config.read({**env, **own}, keyless=True), env)
    try:
        us = identity(app.discord)
    except (BotError, ConfigError) as problem:
        print(f"(Discord stays as it is: {problem})")
        return
    if not where.answers(us.endpoint):
        print(f"(Discord stays as it is: {us.name} answers {_where(us.endpoint)} now)")
        return
    shelf = Shelf(app.discord, us.id)
    yield Step(f"{len(shelf.all())} commands of {us.name}", lambda: shelf.become([]))
    for guild, tried in own_shelves(app.discord, us.id):
        yield Step(f"commands of {us.name} on the server {guild} alone", tried.clear)
    yield Step(f"endpoint of {us.name}: {us.endpoint or 'none'}", lambda: _deaf(app))


def _where(endpoint: str) -> str:
    return f"at {endpoint}" if endpoint else "elsewhere, without an endpoint,"


def _deaf(app: App) -> None:
    set_endpoint(app.discord, None)


def carry_out(steps: list[Step]) -> None:
    """Do all of it, telling what. Raises Unavailable."""
    for step in steps:
        print(f"deleting {step.what}", flush=True)
        with faults():
            step.do()


def agreed(name: str) -> bool:
    """Whether the operator types the name."""
    print(f"This cannot be undone. Type {name} to go on: ", end="", flush=True)
    return sys.stdin.readline().strip() == name


def main(arguments: list[str], env: Mapping[str, str]) -> int:
    """0 where all is gone, or was told."""
    parser = argparse.ArgumentParser("tools.keeping.erase", description=__doc__)
    parser.add_argument("--stack", default="", help="on AWS; else the folder")
    parser.add_argument("--folder", default=".data", help="DATA_DIR of a bot on one machine")
    parser.add_argument("--guild", default="", metavar="ID", help="only this server")
    parser.add_argument("--do", action="store_true", help="really")
    asked = parser.parse_args(arguments)
    try:
        where = place(asked.stack, asked.folder, whole=bool(asked.guild))
        if asked.guild:
            steps = list(of_guild(where, asked.guild))
        else:
            steps = [*of_discord(where, asked.stack, env), *where.everything()]
        if not steps:
            raise SystemExit(f"nothing of {where.name} is left here")
        return _offer(steps, asked.guild or where.name, really=asked.do)
    except (BotError, ConfigError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _offer(steps: list[Step], name: str, *, really: bool) -> int:
    for step in steps:
        print(f"  {step.what}")
    if not really:
        print("Nothing was deleted. DO=1 deletes all of this.")
        return 0
    if not agreed(name):
        print("That is another name. Nothing was deleted.")
        return 1
    carry_out(steps)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
