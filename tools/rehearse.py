"""The whole deployment against local stand-ins, step by step: `make rehearse`.

In the order of the template, with the functions as `sam build` makes them; then a member uses the
bot. Exit code 0 when every step went as on AWS, 1 with the reason otherwise.
"""

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.discord.person import Person
from playground.discord.server import Server
from tools.artefacts import built
from tools.pump import Pumped
from tools.rehearsal import Rehearsal
from tools.replay import world

Json = dict[str, Any]
KEY = "sk-rehearsal-000000"


class Wrong(Exception):
    """A step went otherwise than it should; the text says how."""


def check(holds: bool, why: object) -> None:
    """Raises Wrong."""
    if not holds:
        raise Wrong(str(why)[:500])


class Play:
    """The steps; each returns what is worth telling."""

    def __init__(self, stage: Rehearsal) -> None:
        self._stage = stage
        self._discord = stage.discord.parts
        self._told: Json = {}

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """What is done, in order."""
        return [
            ("the operator stores the secrets", self.secrets),
            ("CloudFormation creates Application: who are we?", self.application),
            ("the function Ingress starts with that public key", self.ingress),
            ("CloudFormation creates Registration: endpoint and commands", self.registration),
            ("a member says /hi", self.hi),
            ("a member asks, the queue and the worker answer", self.ask),
            ("the stack is updated and nothing has changed", self.update),
            ("the stack is deleted", self.delete),
        ]

    def secrets(self) -> str:
        """`make secrets`."""
        token = self._discord.world.application["bot_token"]
        said = self._stage.secrets("--overwrite", DISCORD_BOT_TOKEN=token, OPENAI_API_KEY=KEY)
        check(token not in said and KEY not in said, "it shows a secret")
        return "2 SecureStrings, the token tried with Discord"

    def application(self) -> str:
        """The first custom resource."""
        self._told = self._stage.application()
        check(self._told["Status"] == "SUCCESS", self._told["Reason"])
        data = self._told["Data"]
        check(data["PublicKey"] == self._discord.world.public_key, data)
        return f"{data['Name']}, {data['ApplicationId']}, key {data['PublicKey'][:8]}…"

    def ingress(self) -> str:
        """The function that Discord will call."""
        self._stage.start_ingress(self._told)
        return self._stage.front.url

    def registration(self) -> str:
        """The second custom resource."""
        told = self._stage.registration()
        check(told["Status"] == "SUCCESS", told["Reason"])
        application = self._discord.world.application
        check(application["interactions_endpoint_url"] == self._stage.front.url, application)
        check(len(self._discord.catalogue.all()) == told["Data"]["Commands"], told)
        return (
            f"forged requests refused, Discord's good one answered; {told['Data']['Created']} new"
        )

    def hi(self) -> str:
        """Answered by the ingress itself."""
        outcome = self._member().slash("hi")
        check(outcome.kind == "message", outcome)
        return _short(outcome.message["content"])

    def ask(self) -> str:
        """Deferred, queued, answered by the worker."""
        member = self._member()
        outcome = member.slash("ask", question="Who keeps the lighthouse?")
        check(outcome.kind == "thinking", outcome)
        check(self._stage.work() == Pumped(1, 1), "the worker did not finish the message")
        return _short(member.answer_to(outcome)["content"])

    def update(self) -> str:
        """An update that changes nothing sends nothing."""
        told = self._stage.registration("Update")
        check(told["Data"].get("Left") == told["Data"].get("Commands"), told)
        return f"{told['Data']['Left']} commands left alone"

    def delete(self) -> str:
        """Discord keeps what it has: the stack may only be moving."""
        before = len(self._discord.catalogue.all())
        check(self._stage.registration("Delete")["Status"] == "SUCCESS", "not answered")
        check(self._stage.application("Delete")["Status"] == "SUCCESS", "not answered")
        check(len(self._discord.catalogue.all()) == before, "commands are gone")
        return "Discord left alone"

    def _member(self) -> Person:
        return Person(self._stage.discord.address, "vera")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:70]}{'…' if len(line) > 70 else ''}”"


def play(stage: Rehearsal, tell: Callable[[str], object]) -> bool:
    """Take all steps, telling of each; whether all went well."""
    for what, step in Play(stage).steps():
        begun = time.perf_counter()
        try:
            said, verdict = step(), "ok"
        except Exception as error:
            said, verdict = f"{type(error).__name__}: {error}", "FAIL"
        tell(f"{verdict:4} {time.perf_counter() - begun:5.1f} s  {what}\n{'':14}{said}\n")
        if verdict == "FAIL":
            return False
    wrong = stage.discord.parts.journal.violations()
    kept = "kept" if stage.discord.parts.validation.on else "not here, so nothing was compared"
    tell(f"{'FAIL' if wrong else 'ok':4} {'':7}  Discord's API description: {wrong or kept}\n")
    return not wrong


def main() -> int:
    """Rehearse and tell; 0, or 1 with the functions' log."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    sys.stdout.write("building, unless that is done ...\n")
    build = built()
    with (
        tempfile.TemporaryDirectory() as folder,
        world(build) as here,
        Server(Path(folder)) as discord,
        Rehearsal(here, discord) as stage,
    ):
        well = play(stage, sys.stdout.write)
        if not well:
            sys.stdout.write(stage.log)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
