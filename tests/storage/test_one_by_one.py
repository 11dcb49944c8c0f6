"""The stand-in for AWS serves one request after the other, and who waits holds nobody up."""

import json
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from tools.moto import RECEIVE, Wsgi, one_by_one


def ask(app: Wsgi, target: str, **about: Any) -> bytes:
    body = json.dumps(about).encode()
    environ = {
        "HTTP_X_AMZ_TARGET": target,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    return b"".join(app(environ, lambda status, headers: None))


def test_no_request_is_served_while_another_one_is() -> None:
    inside, met = threading.Lock(), threading.Event()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        alone = inside.acquire(blocking=False)
        met.wait(0.01)  # nobody sets it: time for others to come
        inside.release()
        start("200 OK", [])
        return [b"alone" if alone else b"met somebody"]

    serve = one_by_one(app)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: ask(serve, "put"), range(8))) == {b"alone"}


def test_who_waits_for_a_message_gets_what_is_put_meanwhile() -> None:
    came, asked = threading.Event(), threading.Event()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["HTTP_X_AMZ_TARGET"] != RECEIVE:
            came.set()
            return [b"{}"]
        length = int(environ["CONTENT_LENGTH"])
        assert json.loads(environ["wsgi.input"].read(length))["WaitTimeSeconds"] == 0
        asked.set()
        return [b'{"Messages": []}' if came.is_set() else b"{}"]

    serve = one_by_one(app)
    assert ask(serve, RECEIVE) == b"{}", "who does not wait is answered at once"
    asked.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, serve, RECEIVE, WaitTimeSeconds=600)
        assert asked.wait(60)
        ask(serve, "put")
        assert waiting.result(60) == b'{"Messages": []}'
