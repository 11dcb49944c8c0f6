"""The usual way to a queue: the bare handler and boto3's SQS client."""

import boto3

from bench.handlers.bare import handler

SQS = boto3.client("sqs")

__all__ = ["SQS", "handler"]
