"""`make register`: the same by hand, with the settings of `make serve` or a stack's secrets."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from protege.app import App
from protege.config import Config, ConfigError
from protege.errors import BotError
from protege.registrar import register
from protege.registrar.identity import Identity, identity
from protege.registrar.invitation import invitation
from protege.registrar.registration import Order, carry_out
from protege.registrar.shelf import Registered


def main(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Register and tell; 0 where all went well. The bot's token is all that is needed."""
    asked = _parser().parse_args(arguments)
    try:
        app = App(_config(asked, env), env)
        us = identity(app.discord)
        _say(f"{us.name} ({us.id}), public key {us.public_key}")
        _compare(app.config, us)
        if asked.dry_run:
            _tell(register(app, asked.guild, dry=True), dry=True)
        else:
            _tell(carry_out(app.discord, Order(asked.endpoint, asked.guild)))
        _say(f"endpoint   {asked.endpoint or us.endpoint or 'none: interactions come by gateway'}")
        _say(f"invite     {invitation(us.id, voice=app.config.voice != 'off')}")
    except (BotError, ConfigError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _compare(config: Config, us: Identity) -> None:
    """Raises ConfigError where the endpoint would refuse what Discord signs."""
    for name, ours, theirs in (
        ("DISCORD_PUBLIC_KEY", config.discord_public_key.lower(), us.public_key),
        ("DISCORD_APPLICATION_ID", config.discord_application_id, us.id),
    ):
        if ours and ours != theirs:
            raise ConfigError(f"{name} belongs to another application; Discord says {theirs}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("protege.registrar", description=__doc__)
    parser.add_argument("--guild", default="", metavar="ID", help="only there, where it is at once")
    parser.add_argument("--endpoint", default="", metavar="URL", help="tried, then set")
    parser.add_argument("--stack", default="", metavar="NAME", help="the token of this stack")
    parser.add_argument("--region", default="", help="where the stack is")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
    return parser


def _config(asked: argparse.Namespace, env: Mapping[str, str]) -> Config:
    """Of a stack only its secrets are wanted; Discord tells the rest."""
    if not asked.stack:
        return Config.read(env, keyless=True)
    if asked.region:
        os.environ["AWS_DEFAULT_REGION"] = asked.region  # boto3 reads it there
    own = {name: env[name] for name in ("DISCORD_API",) if name in env}
    return Config.read({**own, "SECRETS_PREFIX": f"/{asked.stack}/"}, keyless=True)


def _tell(found: Registered, *, dry: bool = False) -> None:
    would = "would be " if dry else ""
    for word, names in found._asdict().items():
        shown = ", ".join(f"/{name}" if name.islower() else f"“{name}”" for name in names)
        verb = "" if word == "left" else would
        _say(f"{verb}{word} {len(names)}{': ' + shown if names else ''}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
