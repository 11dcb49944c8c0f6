"""`python -m tools.local_invoke [names]`: events through `sam local invoke`, in containers.

`names` choose functions (`Ingress`, also the default) or events (`Worker/ask`), `all` everything;
a call takes some seconds. AWS is moto, Discord a recorder, both on this machine. It needs docker or
podman; without them it says so. `--table` writes the table of one-liners into events/README.md.
"""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from tools.artefacts import ARCHITECTURE, built
from tools.container.debian import base
from tools.container.engine import Engine, Failed, found, hide_hybrid_cgroups
from tools.container.image import epoch
from tools.local_invoke.docker_api import docker_api, gateway, leave_the_network
from tools.local_invoke.forwarding import forwarded
from tools.local_invoke.invoking import invoke, kept, template_with
from tools.local_invoke.lambda_image import make
from tools.local_invoke.table import FUNCTIONS, write
from tools.replay import World, events, sample, world

MODULE = "tools.local_invoke"
BUILD = "PROTEGE_BUILD"


def main(arguments: list[str]) -> int:
    """How many events failed."""
    if "--table" in arguments:
        sys.stdout.write(f"{write()}\n")
        return 0
    hide_hybrid_cgroups(MODULE)
    engine = found()
    if engine is None:
        sys.stdout.write("NOT TRIED: neither docker nor podman works here\n")
        return 0
    try:
        return _with(engine, chosen(arguments))
    except Failed as error:
        sys.stdout.write(f"NOT TRIED: {engine.name}: {error}\n")
        return 1


def chosen(names: list[str]) -> list[Path]:
    """The events that names stand for, in order."""
    wanted = FUNCTIONS if "all" in names else tuple(names) or ("Ingress",)
    paths = [path for function in FUNCTIONS for path in events(function)]
    return [p for p in paths if p.parent.name in wanted or f"{p.parent.name}/{p.stem}" in wanted]


def _with(engine: Engine, paths: list[Path]) -> int:
    base(engine, epoch())
    build = _build()
    if engine.name == "podman":
        leave_the_network(MODULE)
    with TemporaryDirectory(prefix="protege-invoke-") as folder, ExitStack() as stack:
        build = kept(build, Path(folder) / "build")
        env = stack.enter_context(docker_api(engine, Path(folder)))
        here = stack.enter_context(world(build))
        template = template_with(build)
        variables = Path(folder) / "env.json"
        variables.write_text(json.dumps(_variables(engine, here, stack)))
        words = ["--template", str(template), "--env-vars", str(variables), *_image(engine)]
        words += ["--parameter-overrides", f"Architecture={ARCHITECTURE}"]
        discord = json.loads(variables.read_text())["Worker"]["DISCORD_API"]
        return sum(_told(path, sample(path, discord), words, env) for path in paths)


def _build() -> Path:
    """Made while there still is a network; the same one after that."""
    if BUILD not in os.environ:
        os.environ[BUILD] = str(built())
    return Path(os.environ[BUILD])


def _image(engine: Engine) -> list[str]:
    """Docker fetches AWS' own."""
    return ["--skip-pull-image", "--invoke-image", make(engine)] if engine.name == "podman" else []


def _variables(engine: Engine, here: World, stack: ExitStack) -> dict[str, dict[str, str]]:
    """Of every function: what the template says, facing this world through the bridge."""
    there = gateway(engine)
    # In a network of our own the bridge comes with the first container: listen on all that is.
    address = "0.0.0.0" if engine.name == "podman" else there  # noqa: S104
    around = {"SIGNATURE_MAX_AGE_S": "0"}
    for name, url in (("AWS_ENDPOINT_URL", here.aws.url), ("DISCORD_API", here.discord.url)):
        port = stack.enter_context(forwarded(address, urlsplit(url).port or 0))
        around[name] = f"http://{there}:{port}"
    values = {**here.values, **here.aws.values}
    return {name: it.environment(values) | around for name, it in here.functions.items()}


def _told(path: Path, event: Any, words: list[str], env: dict[str, str]) -> int:
    done = invoke(path, event, words, env)
    verdict = "FAIL" if done.wrong else "ok"
    sys.stdout.write(
        f"{verdict:4} {done.name:44} {done.ms / 1000:6.1f} s  {'; '.join(done.wrong)}\n"
    )
    sys.stdout.flush()
    return bool(done.wrong)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
