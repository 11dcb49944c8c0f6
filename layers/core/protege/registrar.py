"""Tell Discord which commands exist and where the endpoint is."""

import hashlib
import json
import sys
import urllib.request
from typing import Any

from protege.app import App, app
from protege.commands.inventory import ACTIONS
from protege.errors import Missing, Unavailable
from protege.journal import note, trouble
from protege.ui.manifest import manifest


def register(app: App) -> int:
    """Make the declared commands those of the application, if they changed; return how many."""
    commands = manifest(ACTIONS)
    fingerprint = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    application = app.config.discord_application_id
    if _registered(app, application) != fingerprint:
        app.discord.put_commands(commands)
        app.records.put("registered", application, {"fingerprint": fingerprint})
        note("commands registered", count=len(commands))
    return len(commands)


def _registered(app: App, application: str) -> str:
    try:
        return str(app.records.get("registered", application).fields["fingerprint"])
    except Missing:
        return ""


def resource(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """Answer a CloudFormation custom resource: it waits for an answer whatever happens.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
    """
    status, reason, data = "SUCCESS", "", {}
    try:
        if event["RequestType"] in ("Create", "Update"):
            data = _update(app, event.get("ResourceProperties", {}))
    except Exception as error:
        trouble("registration", error)
        status, reason = "FAILED", f"{type(error).__name__}: {error}"[:400]
    answer = {
        "Status": status,
        "Reason": reason,
        "Data": data,
        "PhysicalResourceId": event.get("PhysicalResourceId") or "discord-registration",
        **{name: event.get(name, "") for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    _put(event["ResponseURL"], json.dumps(answer).encode())
    return answer


def _update(app: App, properties: dict[str, Any]) -> dict[str, Any]:
    data = {"Commands": register(app)}
    if properties.get("EndpointUrl"):
        app.discord.set_endpoint(properties["EndpointUrl"])
    return data


def _put(url: str, body: bytes) -> None:
    """CloudFormation's pre-signed URL is signed for an empty content type."""
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310  # from CloudFormation
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{register(app())} commands\n")
    except Unavailable as problem:
        sys.exit(str(problem))
