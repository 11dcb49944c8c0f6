"""moto over HTTP on a free port; run as a program, it prints its address.

Two requests at once may overtake each other inside moto (it reads, then writes, without a lock), of
which AWS promises the opposite. So one is served after the other, long polls excepted. And moto
breaks down over a part of an upload that it does not know, where S3 says so.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

NO_UPLOAD = b"<Error><Code>NoSuchUpload</Code><Message>no such upload</Message></Error>"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def one_by_one(app: Wsgi) -> Wsgi:
    lock = threading.Lock()

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET") == "AmazonSQS.ReceiveMessage" and _waits(environ):
            return app(environ, start)
        with lock:
            try:
                return [b"".join(app(environ, start))]
            except KeyError:
                if "uploadId=" not in environ["QUERY_STRING"]:
                    raise
            start("404 Not Found", [("Content-Type", "application/xml")])
            return [NO_UPLOAD]

    return serve


def _waits(environ: dict[str, Any]) -> bool:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    return bool(json.loads(body).get("WaitTimeSeconds"))


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = one_by_one(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"http://127.0.0.1:{server.port}", flush=True)  # noqa: T201
    server.serve_forever()
