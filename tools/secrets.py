"""The stack's secrets in SSM, as SecureStrings: `make secrets STACK=protege REGION=eu-west-1`.

Asks for each without showing it, tries the bot's token with Discord, and writes only when all of
them are good. `--from-env` and `--from-stdin` (lines NAME=value) are for automation. A secret is
never an argument: those stay in the shell's history and among processes; no value is shown."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from getpass import getpass
from typing import IO, Any, NamedTuple, NoReturn

from protege.config import SECRETS, Config
from protege.discord.rest import Discord
from protege.errors import BotError
from protege.registrar.identity import identity
from protege.storage.aws import client
from tools.secret_forms import FORMS, Form, wrong

TOKEN = SECRETS["discord_bot_token"]
ROTATE = """\
To change a secret: make the new one, run `make secrets` again, and only then withdraw the old one.
  discord-bot-token      Developer portal, Bot, Reset Token: the old one ends at that moment
  openai-api-key         platform.openai.com, API keys: make one, store it, delete the old one
  fine-tuning-api-key    the same, where fine-tuning is done elsewhere
  openai-webhook-secret  platform.openai.com, Webhooks, Rotate secret
Functions keep a secret for five minutes; one that Discord or OpenAI refuses is read anew at once.
A running voice worker keeps its token: /leave and /join, or stop its task.
"""
Ask = Callable[[str], str]


class Desk(NamedTuple):
    """Whom to talk to. `hidden` asks for a secret, `yes` for a decision; `out` is told the rest."""

    ssm: Any
    prefix: str
    hidden: Ask
    yes: Callable[[str], bool]
    out: IO[str]


class Stop(Exception):
    """It cannot go on; the text says why and holds no secret."""


def store(desk: Desk, given: Mapping[str, str], config: Config, *, overwrite: bool) -> None:
    """Check and write what is given, by SSM name. Raises Stop before anything is written."""
    there = known(desk)
    if not given and TOKEN not in there:
        raise Stop("Nothing was given, and the bot's token is missing.")
    for form in FORMS:
        problem = wrong(form, given[form.name]) if form.name in given else ""
        if problem:
            raise Stop(f"{form.name}: {problem}. Nothing was written.")
    if TOKEN in given:
        _try(desk, config, given[TOKEN])
    for form in FORMS:
        if form.name in given and (form.name not in there or overwrite or _again(desk, form.name)):
            _write(desk, form, given[form.name])


def _write(desk: Desk, form: Form, value: str) -> None:
    put = {"Name": desk.prefix + form.name, "Value": value, "Type": "SecureString"}
    _aws(lambda: desk.ssm.put_parameter(**put, Description=form.what, Overwrite=True))
    desk.out.write(f"written  {desk.prefix}{form.name}\n")


def known(desk: Desk) -> dict[str, str]:
    """Which secrets are set, by name, and when that was. Raises Stop."""
    names = [desk.prefix + form.name for form in FORMS]  # others may keep theirs there, too
    found = _aws(lambda: desk.ssm.get_parameters(Names=names))
    return {
        parameter["Name"].removeprefix(desk.prefix): f"{parameter['LastModifiedDate']:%F %H:%M}"
        for parameter in found["Parameters"]
    }


def listing(desk: Desk) -> None:
    """Tell which are set."""
    there = known(desk)
    for form in FORMS:
        state = f"set {there[form.name]}" if form.name in there else form.without
        desk.out.write(f"{desk.prefix + form.name:40} {state}\n")


def delete(desk: Desk, names: Sequence[str]) -> None:
    """Delete these, or `all`, once that is confirmed."""
    wanted = list(known(desk)) if "all" in names else names
    if not (wanted and desk.yes(f"Delete {', '.join(wanted)}? The bot stops working.")):
        raise Stop("Nothing was deleted.")
    _aws(lambda: desk.ssm.delete_parameters(Names=[desk.prefix + name for name in wanted]))
    desk.out.write(f"deleted  {', '.join(wanted)}\n")


def _try(desk: Desk, config: Config, token: str) -> None:
    try:
        us = identity(Discord(config.discord_api, "", lambda refused: token))
    except BotError as error:
        raise Stop(f"discord-bot-token: {error}. Nothing was written.") from None
    desk.out.write(f"Discord knows this token: {us.name} ({us.id})\n")


def _again(desk: Desk, name: str) -> bool:
    return desk.yes(f"{name} is set already. Replace it?")


def _aws(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:  # its text may quote the value
        found: Any = getattr(error, "response", {})
        code = found.get("Error", {}).get("Code") or type(error).__name__
        raise Stop(f"AWS does not do it: {code}. Credentials, region, permissions?") from None


def asked(desk: Desk) -> dict[str, str]:
    """What a person types, unseen; Enter leaves one out."""
    desk.out.write("What you type or paste is not shown. Enter leaves a secret as it is.\n")
    typed = {form.name: desk.hidden(f"{form.what}: ").strip() for form in FORMS}
    return {name: value for name, value in typed.items() if value}


def from_lines(lines: Sequence[str]) -> dict[str, str]:
    """`discord-bot-token=...` or `DISCORD_BOT_TOKEN=...`, a line each. Raises Stop."""
    names = {name: form.name for form in FORMS for name in (form.name, form.variable)}
    found = {}
    for number, line in enumerate(filter(str.strip, lines), 1):
        name, _, value = line.partition("=")
        if name.strip() not in names:
            raise Stop(f"line {number} does not begin with one of {', '.join(names)}")
        found[names[name.strip()]] = value.strip()
    return found


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Without the arguments: one of them may be a secret."""
        self.print_usage(sys.stderr)
        self.exit(2, "Those arguments make no sense. A secret is never one of them.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("tools.secrets", description=__doc__.split("\n")[0])
    parser.add_argument("--stack", default="protege", help="the stack's name (protege)")
    parser.add_argument("--region", default="", help="its region; else as AWS is configured")
    parser.add_argument("--from-env", action="store_true", help="take DISCORD_BOT_TOKEN ...")
    parser.add_argument("--from-stdin", action="store_true", help="take lines NAME=value")
    parser.add_argument("--overwrite", action="store_true", help="replace without asking")
    parser.add_argument("--list", action="store_true", help="only tell which are set, and when")
    parser.add_argument("--delete", nargs="+", choices=[f.name for f in FORMS] + ["all"])
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    parser.add_argument("--rotate", action="store_true", help="tell how to change them")
    return parser


def _given(options: argparse.Namespace, desk: Desk, env: Mapping[str, str]) -> dict[str, str]:
    if options.from_env:
        return {f.name: env[f.variable].strip() for f in FORMS if env.get(f.variable, "").strip()}
    if options.from_stdin:
        return from_lines(sys.stdin.read().splitlines())
    if not sys.stdin.isatty():
        raise Stop("There is no terminal to ask at: use --from-env or --from-stdin.")
    return asked(desk)


def main(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Do what is asked; 0, or 1 with the reason on stderr."""
    options = _parser().parse_args(arguments)
    if options.region:
        os.environ["AWS_DEFAULT_REGION"] = options.region  # boto3 reads it there

    def yes(question: str) -> bool:
        return options.yes or (sys.stdin.isatty() and input(f"{question} [y/N] ") == "y")

    try:
        ssm = _aws(lambda: client("ssm"))
        desk = Desk(ssm, f"/{options.stack}/", getpass, yes, sys.stdout)
        _do(options, desk, env)
    except Stop as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _do(options: argparse.Namespace, desk: Desk, env: Mapping[str, str]) -> None:
    if options.rotate:
        desk.out.write(ROTATE)
        return
    if options.delete:
        delete(desk, options.delete)
    elif not options.list:
        config = Config.read(env, keyless=True)
        store(desk, _given(options, desk, env), config, overwrite=options.overwrite)
    listing(desk)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
