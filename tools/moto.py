"""moto over HTTP on a free port, one request after the other.

Two requests at once may overtake each other inside moto (it reads, then writes, without a lock): of
two writers on one condition both win, and a reader may see half a record, of which AWS promises the
opposite. And moto breaks down over a part of an upload that it does not know, where S3 says so.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

NO_UPLOAD = b"<Error><Code>NoSuchUpload</Code><Message>no such upload</Message></Error>"
RECEIVE = "AmazonSQS.ReceiveMessage"
AGAIN_S = 0.02
"""Between two looks of a long poll."""
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@contextmanager
def moto() -> Iterator[str]:
    """Its address. What it holds belongs to the whole process and stays."""
    app = one_by_one(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def one_by_one(app: Wsgi) -> Wsgi:
    """The same application, which never serves two requests at once: who waits for a message asks
    again and again, so that others are served meanwhile."""
    lock = threading.Lock()

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        ends = time.monotonic() + _waits_s(environ)
        body = environ["wsgi.input"]
        while True:
            with lock:
                answer, about = _answer(app, environ)
            if b'"Messages"' in answer or time.monotonic() >= ends:
                start(*about)
                return [answer]
            time.sleep(AGAIN_S)
            body.seek(0)
            environ["wsgi.input"] = body

    return serve


def _answer(app: Wsgi, environ: dict[str, Any]) -> tuple[bytes, tuple[str, Any]]:
    """The body of the answer; its status and headers."""
    told: list[Any] = []
    try:
        return b"".join(app(environ, lambda *said: told.append(said))), told[-1][:2]
    except KeyError:
        if "uploadId=" not in environ["QUERY_STRING"]:
            raise
    return NO_UPLOAD, ("404 Not Found", [("Content-Type", "application/xml")])


def _waits_s(environ: dict[str, Any]) -> float:
    """For how long a request waits for a message; what moto reads says that it does not."""
    if environ.get("HTTP_X_AMZ_TARGET") != RECEIVE:
        return 0
    asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    wait_s = float(asked.get("WaitTimeSeconds", 0))
    body = json.dumps({**asked, "WaitTimeSeconds": 0}).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
    return wait_s
