"""A stand-in for Amazon Bedrock on this machine: customisation, deployments, Converse.

What it is asked is checked with botocore's own description of the service; the trainer and the
language model are those of `playground.openai`.
"""

from playground.bedrock.server import BedrockServer

__all__ = ["BedrockServer"]
