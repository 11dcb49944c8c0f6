"""A deployment on this machine: the built functions, moto as AWS, a stand-in for Discord.

What API Gateway, CloudFormation and Lambda's event source do is done here; all else is what is
deployed. The stand-in calls the endpoint back as Discord does, with requests it signed itself.
"""

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from playground.discord.server import Server
from tools.artefacts import ROOT
from tools.emulator import REGION, Emulator
from tools.pump import Pumped, pump
from tools.replay import World

STACK = "rehearsal"
Json = dict[str, Any]
ARN = f"arn:aws:cloudformation:{REGION}:123456789012:stack/{STACK}/1"
_numbers = itertools.count(1)


class Front:
    """API Gateway's half: HTTP in, an event (payload 2.0) to `answer`, its response out."""

    def __init__(self) -> None:
        self.answer: Callable[[Json], Json] = closed
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.front = self  # type: ignore[attr-defined]
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where interactions go."""
        return f"http://127.0.0.1:{self._server.server_port}/interactions"

    def hand_in(self, event: Json) -> Json:
        """One at a time: there is one execution environment."""
        with self._one:
            return self.answer(event)

    def __enter__(self) -> "Front":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def closed(event: Json) -> Json:
    """API Gateway's answer where no function is."""
    return {"statusCode": 404, "body": '{"message":"Not Found"}'}


def careless(event: Json) -> Json:
    """An endpoint that checks no signature."""
    return {"statusCode": 200, "body": '{"type":1}'}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = self.server.front.hand_in(self._event(body))  # type: ignore[attr-defined]
        answer = found.get("body", "").encode()
        self.send_response(found["statusCode"])
        for name, value in {"content-length": len(answer), **found.get("headers", {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(answer)

    def _event(self, body: bytes) -> Json:
        http = {"method": "POST", "path": self.path, "sourceIp": "127.0.0.1"}
        return {
            "version": "2.0",
            "routeKey": "POST /interactions",
            "rawPath": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": {"http": http, "stage": "$default"},
            "body": body.decode(),
            "isBase64Encoded": False,
        }

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the steps are what is told."""


class Rehearsal:
    """A stack's life. `world`: its built functions, AWS, and (as recorder) CloudFormation."""

    def __init__(self, world: World, discord: Server) -> None:
        self.discord = discord
        self.front = Front()
        self.aws = world.aws
        self._world = world._replace(values={**world.values, "AWS::StackName": STACK})
        self._running: dict[str, Emulator] = {}
        self._ended: list[Emulator] = []

    def __enter__(self) -> "Rehearsal":
        for queue in ("WorkQueue", "DeadLetters"):  # a stack's are empty at first
            self.aws.client("sqs").purge_queue(QueueUrl=self.aws.values[queue])
        self.front.__enter__()
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
