"""How our own caller of AWS behaves when the other side misbehaves: a real socket, real time."""

import socket
import threading
import time

import pytest

from protege.errors import Unavailable
from protege.storage.aws.signed import SignedListing, SignedQueue
from protege.storage.aws.wire import Line
from tests.storage.listening import ENV, OK, PATIENT_S, listening, read_request

FAILED = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 2\r\n\r\n{}"


def put(endpoint: str, body: str = "x") -> str:
    url = f"{endpoint}/123/queue"
    return SignedQueue(url, ENV, PATIENT_S).put(body)


def test_a_connection_is_used_for_many_requests() -> None:
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            seen.append(number)
            connection.sendall(OK)

    with listening(serve) as endpoint:
        queue = SignedQueue(f"{endpoint}/123/queue", ENV, PATIENT_S)
        assert [queue.put("x") for _ in range(3)] == ["1", "1", "1"]
        del queue
    assert seen == [0, 0, 0]


def test_a_connection_that_went_stale_is_replaced() -> None:
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        if read_request(connection):
            seen.append(number)
            connection.sendall(OK)

    with listening(serve) as endpoint:
        queue = SignedQueue(f"{endpoint}/123/queue", ENV, PATIENT_S)
        assert [queue.put("x") for _ in range(3)] == ["1", "1", "1"]
        del queue
    assert seen == [0, 1, 2]


def test_a_failure_of_the_other_side_is_tried_once_more() -> None:
    def serve(connection: socket.socket, number: int) -> None:
        for answer in (FAILED, OK):
            read_request(connection)
            connection.sendall(answer)

    with listening(serve) as endpoint:
        assert put(endpoint) == "1"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        FAILED,
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n<>",
        b'HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\n{"__type": "a#B"}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"garbage\r\n\r\n",
        b"x" * 100_000,
    ],
)
def test_what_is_no_answer_makes_the_queue_unavailable(answer: bytes) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        if read_request(connection):
            connection.sendall(answer)

    with listening(serve) as endpoint, pytest.raises(Unavailable):
        put(endpoint)


def test_a_server_that_is_not_there_makes_the_queue_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable):
        put(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("trickle", [b"", b"x"])
def test_a_whole_call_ends_within_its_time_however_slowly_answers_come(trickle: bytes) -> None:
    over = threading.Event()

    def serve(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(0.02):
            try:
                connection.sendall(trickle)
            except OSError:
                return

    with listening(serve) as endpoint:
        begun = time.monotonic()
        with pytest.raises(OSError):
            Line(endpoint, 0.4).post({"host": "x"}, b"{}")
        took = time.monotonic() - begun
        over.set()
    assert 0.39 < took < 60, "it would never end"


def test_a_connection_that_fell_silent_leaves_time_for_a_new_one() -> None:
    """The other side has forgotten the connection, and nothing tells us: no answer ever comes."""
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            seen.append(number)
            if seen.count(number) == 1:
                connection.sendall(OK)

    with listening(serve) as endpoint:
        line = Line(endpoint, 5.0)  # half of it is waited for nothing
        assert [line.post({"host": "x"}, b"").status for _ in range(2)] == [200, 200]
        line.close()
    *_, first, again, new = seen
    assert first == again < new


@pytest.mark.parametrize("endpoint", ["", "127.0.0.1:80", "ftp://x", "https://"])
def test_what_is_no_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="not an endpoint"):
        Line(endpoint, 1)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LIST = (
    b"<Contents><Key>a%2Bb+c</Key></Contents><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>"
)


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)] + [b""]
    return b"".join(b"%x;note\r\n%s\r\n" % (len(part), part) for part in parts)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_list_may_come_in_chunks(size: int) -> None:
    seen: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            seen.append(number)
            answer = CHUNKED + chunks(LIST, size)
            for at in range(0, len(answer), 50):
                connection.sendall(answer[at : at + 50])

    with listening(serve) as endpoint:
        listing = SignedListing("bucket", {**ENV, "AWS_ENDPOINT_URL": endpoint}, PATIENT_S)
        assert [listing.browse("") for _ in range(3)] == [["a+b c", "d/"]] * 3
        del listing
    assert seen == [0, 0, 0], "over one connection"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        FAILED,
        CHUNKED,
        CHUNKED + b"zz\r\n",
        CHUNKED + b"5\r\nab",
        CHUNKED + chunks(LIST, 9)[:-7],
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n<>",
    ],
)
def test_a_list_that_breaks_off_is_no_list(answer: bytes) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        if read_request(connection):
            connection.sendall(answer)

    with listening(serve) as endpoint:
        listing = SignedListing("bucket", {**ENV, "AWS_ENDPOINT_URL": endpoint}, PATIENT_S)
        with pytest.raises(Unavailable):
            listing.browse("")
