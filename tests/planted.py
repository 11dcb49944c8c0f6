"""Secrets that are planted, and whoever may have let them out.

A leak need not be verbatim: within another text in base64 it looks different at each of three
places, in a URL its odd characters are escaped, and JSON may be in JSON.
"""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

TOKEN = "planted-Bot_Token-7f3aQx.9d0e.K5vYw2-g8"
OPENAI = "sk-planted-OpenAI/4c81+Zr.7b92e6T1"
TUNING = "sk-planted-Tuning/2e64+Hm.5a07c9V8"
HOOK = "whsec_cGxhbnRlZC1ob29rLzkxYjcrR3cuM2Y2ZA=="
SECRETS = {
    "discord-bot-token": TOKEN,
    "openai-api-key": OPENAI,
    "fine-tuning-api-key": TUNING,
    "openai-webhook-secret": HOOK,
}


class Leak(NamedTuple):
    """What was let out, in which form, where, and what stands around it."""

    secret: str
    form: str
    where: str
    around: str


def forms(secret: str) -> dict[str, bytes]:
    """A secret as it may appear, by the name of the form."""
    raw = secret.encode()
    found = {
        "plain": raw,
        "in a URL": quote(secret, safe="").encode(),
        "in a form": quote_plus(secret).encode(),
        "in JSON": json.dumps(secret)[1:-1].encode(),
        "in JSON, slashes escaped": secret.replace("/", "\\/").encode(),
        "in hex": raw.hex().encode(),
        "half of it": raw[: len(raw) // 2 + 2],
        "the other half": raw[len(raw) // 2 - 2 :],
    }
    for before in range(3):  # what stands before it shifts all that follows
        padded = b"\0" * before + raw
        whole = padded[: len(padded) // 3 * 3]
        sure = slice(4 if before else 0, len(whole) // 3 * 4)
        found[f"in base64, at {before}"] = base64.b64encode(whole)[sure]
        found[f"in URL-safe base64, at {before}"] = base64.urlsafe_b64encode(whole)[sure]
    return found


def leaks(where: str, output: bytes | str, secrets: Mapping[str, str]) -> Iterator[Leak]:
    """Every secret, by name, that is found in an output."""
    data = output.encode() if isinstance(output, str) else output
    for name, secret in secrets.items():
        for form, sought in forms(secret).items():
            at = data.find(sought)
            if at >= 0:
                around = data[max(0, at - 60) : at + 90]
                yield Leak(name, form, where, around.decode(errors="replace"))
                break


def in_files(folder: Path, secrets: Mapping[str, str]) -> Iterator[Leak]:
    """Every secret that stands in a file below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from leaks(str(path.relative_to(folder)), path.read_bytes(), secrets)


class _Talkative(BaseHTTPRequestHandler):
    """A provider that repeats the key in what it complains of, as OpenAI once did in part."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key = self.headers.get("Authorization", "")
        self.server.heard.append(key)  # type: ignore[attr-defined]
        statuses = self.server.statuses  # type: ignore[attr-defined]
        status = statuses[len(self.server.heard) % len(statuses)]  # type: ignore[attr-defined]
        said = {"message": f"Incorrect API key provided: {key}", "type": key, "code": key}
        body = json.dumps({"error": said}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", quote(key))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Provider(NamedTuple):
    """`heard`: the Authorization headers that came."""

    url: str
    heard: list[str]


@contextmanager
def talkative(*statuses: int) -> Iterator[Provider]:
    """Such a provider on a free port; it refuses with these statuses in turn."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Talkative)
    heard: list[str] = []
    server.statuses, server.heard = statuses, heard  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Provider(f"http://127.0.0.1:{server.server_port}/v1", heard)
    server.shutdown()
    thread.join()
    server.server_close()
