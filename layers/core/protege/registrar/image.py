"""The voice worker's image as a resource of the stack: CodeBuild makes it and then answers itself.

That takes longer than a function may run, and a task must never lack its image, so CloudFormation
waits for the build's own answer: the template's VoiceBuilder tells how it is made. Where to answer
is a secret (see `answering`), so the build does not have it among its variables, which everybody
who may look at builds sees.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from protege.errors import Unavailable
from protege.registrar.answering import address

IMAGE = "Custom::VoiceImage"
HINT = "The voice worker's image cannot be built. Voice=off deploys without it"


class Builder(Protocol):
    """What makes images."""

    def hide(self, once: str, secret: str) -> str:
        """Put a secret where only builds find it; return the place's name. Raises Unavailable."""

    def start(self, project: str, once: str, variables: Mapping[str, str]) -> None:
        """Begin. Raises Unavailable."""


def begin(builder: Builder, event: Mapping[str, Any], aws: str) -> None:
    """Have the image made that an event of CloudFormation asks for. `aws`: another address of AWS.

    Raises Unavailable, also where the event is to be answered to somebody else, and KeyError.

    Its tag is the source's version and the architecture: the same ones are not built twice, so
    that rolling back is quick.
    """
    wanted = event["ResourceProperties"]
    source = wanted["Source"]  # arn:aws:lambda:<region>:<account>:layer:<name>:<version>
    reply_to, request = address(event, aws), event["RequestId"]
    about = {
        "SOURCE": source,
        "TAG": f"{source.rsplit(':', 1)[1]}-{wanted['Architecture']}",
        "STACK_ID": event["StackId"],
        "REQUEST_ID": request,
        "LOGICAL_ID": event["LogicalResourceId"],
    }
    try:
        about["REPLY_AT"] = builder.hide(request, reply_to)
        builder.start(wanted["Project"], request, about)
    except Unavailable as error:  # a new account may have no builds at all
        raise Unavailable(f"{HINT}: {error}") from error
