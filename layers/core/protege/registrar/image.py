"""The voice worker's image as a resource of the stack: CodeBuild makes it and then answers itself.

That takes longer than a function may run, and a task must never lack its image, so CloudFormation
waits for the build's own answer: the template's VoiceBuilder tells how it is made.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from protege.errors import Unavailable

IMAGE = "Custom::VoiceImage"
HINT = "The voice worker's image cannot be built. Voice=off deploys without it"


class Builder(Protocol):
    """What makes images."""

    def start(self, project: str, once: str, variables: Mapping[str, str]) -> None:
        """Begin. Raises Unavailable."""


def begin(builder: Builder, event: Mapping[str, Any]) -> None:
    """Have the image made that an event of CloudFormation asks for. Raises Unavailable, KeyError.

    Its tag is the source's version and the architecture: the same ones are not built twice, so
    that rolling back is quick.
    """
    wanted = event["ResourceProperties"]
    source = wanted["Source"]  # arn:aws:lambda:<region>:<account>:layer:<name>:<version>
    about = {
        "SOURCE": source,
        "TAG": f"{source.rsplit(':', 1)[1]}-{wanted['Architecture']}",
        "REPLY_TO": event["ResponseURL"],
        "STACK_ID": event["StackId"],
        "REQUEST_ID": event["RequestId"],
        "LOGICAL_ID": event["LogicalResourceId"],
    }
    try:
        builder.start(wanted["Project"], event["RequestId"], about)
    except Unavailable as error:  # a new account may have no builds at all
        raise Unavailable(f"{HINT}: {error}") from error
