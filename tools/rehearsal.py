"""A deployment on this machine: the built functions, moto as AWS, a stand-in for Discord.

What API Gateway, CloudFormation and Lambda's event source do is done here; all else is what is
deployed. The stand-in calls the endpoint back as Discord does, with requests it signed itself.
"""

import itertools
import os
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from playground.discord.server import Server
from tools.artefacts import ROOT
from tools.emulator import REGION, Emulator
from tools.front import Front, Json
from tools.pump import Pumped, pump
from tools.replay import World

STACK = "rehearsal"
PATIENCE_S = 60.0
"""Instead of the three seconds that Discord waits: this machine may have a lot else to do."""
ARN = f"arn:aws:cloudformation:{REGION}:123456789012:stack/{STACK}/1"
_numbers = itertools.count(1)


class Rehearsal:
    """A stack's life. `world`: its built functions, AWS, and (as recorder) CloudFormation."""

    def __init__(self, world: World, discord: Server) -> None:
        self.discord = discord
        self.discord.parts.postman.limit_s = PATIENCE_S
        self.front = Front()
        self.aws = world.aws
        self._world = world._replace(values={**world.values, "AWS::StackName": STACK})
        self._running: dict[str, Emulator] = {}
        self._ended: list[Emulator] = []

    def __enter__(self) -> "Rehearsal":
        self.front.__enter__()
        for queue in ("WorkQueue", "DeadLetters"):  # a stack's are empty at first
            self.aws.empty(queue)
        return self

    def __exit__(
        self,
        of: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in list(self._running):
            self._stop(name)
        self.front.__exit__()

    # ---- what an operator does -------------------------------------------------------------------

    def secrets(self, *arguments: str, **given: str) -> str:
        """`make secrets`, given in variables; returns what it says. Raises RuntimeError."""
        env = {**self.environment(), **given}
        command = [sys.executable, "-m", "tools.secrets", "--stack", STACK, "--from-env"]
        found = subprocess.run(
            [*command, *arguments], env=env, cwd=ROOT, capture_output=True, text=True
        )
        if found.returncode:
            raise RuntimeError(found.stderr)
        return found.stdout + found.stderr

    def environment(self) -> dict[str, str]:
        """For what an operator runs: AWS' credentials, and where things are."""
        aws = {
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }
        return {"PATH": os.environ["PATH"], "DISCORD_API": self.discord.api, **aws}

    # ---- what CloudFormation does ----------------------------------------------------------------

    def application(self, kind: str = "Create") -> Json:
        """The resource Application; returns what CloudFormation is told."""
        return self._resource("Application", kind, {"Asked": "1 0"})

    def registration(self, kind: str = "Create", **more: Any) -> Json:
        """The resource Registration; returns what CloudFormation is told."""
        return self._resource("Registration", kind, {"EndpointUrl": self.front.url, **more})

    def _resource(self, name: str, kind: str, properties: Mapping[str, Any]) -> Json:
        told = self._world.discord
        number = next(_numbers)
        place = f"/cloudformation/{number}?X-Amz-Signature=planted-by-aws"
        event = {
            "RequestType": kind,
            "ResourceType": f"Custom::Discord{name}",
            "ResponseURL": f"{told.url}{place}",
            "StackId": ARN,
            "RequestId": f"request-{number}",
            "LogicalResourceId": name,
            "ResourceProperties": {"ServiceTimeout": "120", **properties},
            **({} if kind == "Create" else {"PhysicalResourceId": f"discord-{name.lower()}"}),
        }
        self._function("Registrar").invoke(event)
        [answer] = [call.body for call in told.calls if call.path == place]
        return dict(answer)

    def start_ingress(self, application: Json, **more: str) -> None:
        """Create the function Ingress with what the resource Application told."""
        data = {f"Application.{name}": value for name, value in application["Data"].items()}
        self._world = self._world._replace(values={**self._world.values, **data})
        ingress = self.start("Ingress", **more)
        self.front.answer = lambda event: dict(ingress.invoke(event).value)

    # ---- what Lambda does ------------------------------------------------------------------------

    def work(self) -> Pumped:
        """Hand one message to the worker."""
        worker = self._function("Worker")
        return pump(self.aws.client("sqs"), self.aws.values["WorkQueue"], worker.invoke)

    def start(self, name: str, **more: str) -> Emulator:
        """A new execution environment of a function, in the place of the one before; `more`:
        other variables than the stack's."""
        self._stop(name)
        about = {"DISCORD_API": self.discord.api, "SIGNATURE_MAX_AGE_S": "300", **more}
        self._running[name] = self._world.emulator(name, **about).__enter__()
        return self._running[name]

    def _stop(self, name: str) -> None:
        if name in self._running:
            ended = self._running.pop(name)
            ended.__exit__(None, None, None)
            self._ended.append(ended)

    def _function(self, name: str) -> Emulator:
        return self._running[name] if name in self._running else self.start(name)

    @property
    def log(self) -> str:
        """What all functions have written so far."""
        return "".join(found.log for found in [*self._ended, *self._running.values()])
