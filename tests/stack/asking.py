"""What is asked of AWS, seen at a door before the stand-in, and whether a role allows it.

moto itself forbids nothing.
"""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.stack.reading import Statement

SERVICES = {
    "DynamoDB": "dynamodb",
    "AmazonSQS": "sqs",
    "AmazonSSM": "ssm",
    "AWSEvents": "events",
    "CodeBuild": "codebuild",
}
NAMED_BY = {
    "dynamodb": "TableName",
    "sqs": "QueueUrl",
    "ssm": "Name",
    "events": "Name",
    "codebuild": "projectName",
}
RESOURCES = {"table": "Table", "protege-watch": "-watch", "voice.fifo": "VoiceQueue"}
"""What the stand-in's names are in the template, where they differ."""


class Asked(NamedTuple):
    """A request. `of`: part of a resource's name in the template, or an S3 key."""

    action: str
    of: str


@contextmanager
def door(to: str) -> Iterator[tuple[str, list[Asked]]]:
    """A way to AWS on a free port, and what was asked through it so far."""
    asked: list[Asked] = []
    behind = urlsplit(to).netloc

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.extend(understood(self.command, self.path, dict(self.headers), body))
            line = http.client.HTTPConnection(behind, timeout=20)
            line.request(self.command, self.path, body, dict(self.headers))
            found = line.getresponse()
            content = found.read()
            self.send_response(found.status)
            for name, value in found.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            length = found.headers["Content-Length"] if self.command == "HEAD" else len(content)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)
            line.close()

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def understood(method: str, path: str, headers: dict[str, str], body: bytes) -> list[Asked]:
    """The permissions that a request needs."""
    about = {name.lower(): value for name, value in headers.items()}
    if "x-amz-target" in about:
        family, operation = about["x-amz-target"].split(".")
        service = SERVICES[family.split("_")[0]]
        name = str(json.loads(body)[NAMED_BY[service]]).rsplit("/", 1)[-1]
        return [Asked(f"{service}:{operation}", RESOURCES.get(name, name))]
    url = urlsplit(path)
    query = parse_qs(url.query, keep_blank_values=True)
    key = url.path.strip("/").partition("/")[2]
    return [Asked(f"s3:{action}", key) for action in of_s3(method, key, query, about, body)]


def of_s3(
    method: str, key: str, query: dict[str, Any], about: dict[str, str], body: bytes
) -> Iterator[str]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""
    if method in ("GET", "HEAD"):
        listing = "ListBucketVersions" if "versions" in query else "ListBucket"
        version = "Version" if "versionId" in query else ""
        yield f"GetObject{version}" if key else listing
    elif method == "DELETE":
        yield "AbortMultipartUpload" if "uploadId" in query else "DeleteObject"
    elif "delete" in query:
        yield "DeleteObjectVersion" if b"<VersionId>" in body else "DeleteObject"
    else:
        yield "PutObject"
        if "x-amz-tagging" in about:
            yield "PutObjectTagging"
        if "x-amz-copy-source" in about:
            yield "GetObject"


def allows(statement: Statement, asked: Asked) -> bool:
    """Whether this one does."""
    if asked.action not in statement.actions:
        return False
    if asked.action.startswith("s3:") and asked.of:
        patterns = re.findall(r"Bucket\.Arn\}/([^\"]+)", json.dumps(statement.resources))
        return any(fnmatch(asked.of, pattern) for pattern in patterns)
    named = "Bucket" if asked.action.startswith("s3:") else asked.of
    return named in json.dumps(statement.resources)


def forbidden(roles: list[Statement], function: str, asked: list[Asked]) -> set[Asked]:
    """What the role of that name does not allow."""
    mine = [one for one in roles if one.role == f"{function}Role"]
    return {one for one in asked if not any(allows(statement, one) for statement in mine)}
