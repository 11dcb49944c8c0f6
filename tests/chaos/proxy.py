"""AWS with its bad days: a proxy in front of moto that answers as the real services do then.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

import http.client
import json

from tests.chaos.front import Answer, Fault, Front, Request

DROPPED = {"content-length", "connection", "date", "server", "transfer-encoding"}
BODY = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{0}</Code><Message>{1}</Message></Error>"


class Proxy(Front):
    """Passes requests on to the server at `to` (host:port)."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self._to = to.removeprefix("http://")

    def serve(self, request: Request) -> Answer:
        moto = http.client.HTTPConnection(self._to, timeout=60)
        try:
            moto.request(request.method, request.path, request.body, dict(request.headers))
            answer = moto.getresponse()
            body = answer.read()
            kept = {n: v for n, v in answer.getheaders() if n.lower() not in DROPPED}
            if request.method == "HEAD" and (length := answer.getheader("content-length")):
                kept["Content-Length"] = length
            return Answer(answer.status, kept, body)
        finally:
            moto.close()


def operation(request: Request) -> str:
    """What is asked of whom: `DynamoDB.PutItem`, `SQS.SendMessage`, `S3.PUT`."""
    target = request.headers.get("x-amz-target", "")
    if not target:
        return f"S3.{request.method}"
    service, _, name = target.partition(".")
    return f"{'SQS' if service == 'AmazonSQS' else 'DynamoDB'}.{name}"


def throttled(request: Request) -> Fault:
    """Too much at once, in the words of the service that is asked."""
    if operation(request).startswith("S3"):
        body = BODY.format("SlowDown", "Please reduce your request rate.")
        return Fault(Answer(503, {"Content-Type": "application/xml"}, body.encode()))
    if operation(request).startswith("SQS"):
        return _refused(400, "com.amazonaws.sqs#RequestThrottled", "Request is throttled.")
    of = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
    return _refused(400, of, "The level of configured provisioned throughput was exceeded.")


def broken(request: Request) -> Fault:
    """An error of the service's own."""
    if operation(request).startswith("S3"):
        body = BODY.format("InternalError", "We encountered an internal error. Please try again.")
        return Fault(Answer(500, {"Content-Type": "application/xml"}, body.encode()))
    return _refused(500, "com.amazonaws#InternalServerError", "Internal server error")


def conflicting(request: Request) -> Fault:
    """Somebody else writes the same thing at this moment; who does not write, is throttled."""
    if operation(request) not in ("S3.PUT", "DynamoDB.PutItem", "DynamoDB.UpdateItem"):
        return throttled(request)
    if operation(request).startswith("S3"):
        body = BODY.format("ConditionalRequestConflict", "A conflicting operation is in progress.")
        return Fault(Answer(409, {"Content-Type": "application/xml"}, body.encode()))
    of = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"
    return _refused(400, of, "The conditional request failed")


def _refused(status: int, code: str, message: str) -> Fault:
    body = json.dumps({"__type": code, "message": message}).encode()
    return Fault(Answer(status, {"Content-Type": "application/x-amz-json-1.0"}, body))
