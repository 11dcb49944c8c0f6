"""A small bot with a script, to try the stand-in with: a real server that verifies signatures."""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tests.playground.script import (
    BUTTONS,
    COMMANDS,
    RICH,
    WHOLE_FORM,
    Json,
    correction_form,
    gallery,
)

PATIENCE_S = 60.0


class ScriptedBot:
    """Answers by name (command, custom_id); `script` may be changed by a test at any time.

    An entry is an answer, or a function of the interaction that returns one (None: an empty 202).
    """

    def __init__(self, api: str, public_key: str, application: str, token: str) -> None:
        self.api = api
        self.application = application
        self.token = token
        self.registered = COMMANDS
        self.credulous = False
        """Accepts forged signatures too."""
        self.status = 200
        self.address = ""
        """Where the page is, for tests that run a stand-in of their own."""
        self.received: list[Json] = []
        self.go_on = threading.Event()
        """Set by a test to let the slow half of an answer happen; set from the start."""
        self.go_on.set()
        self.script: dict[str, Any] = self._script()
        self._key = VerifyKey(bytes.fromhex(public_key))
        self.pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(PATIENCE_S))
        self.bot = {"Authorization": f"Bot {token}"}
        self._late: list[threading.Thread] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/interactions"

    def __enter__(self) -> "ScriptedBot":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.go_on.set()
        self.rest()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.pool.clear()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """A call as the bot; status and JSON."""
        sent = {"json": body} if body is not None else {}
        headers = more.pop("headers", self.bot)
        answer = self.pool.request(method, self.api + path, headers=headers, **sent, **more)
        return answer.status, answer.json() if answer.data else None

    def send_files(
        self, method: str, path: str, body: Json, files: list[tuple[str, bytes]]
    ) -> tuple[int, Any]:
        """A call as the bot with `files[n]`."""
        fields: dict[str, Any] = {"payload_json": (None, json.dumps(body), "application/json")}
        for number, (name, content) in enumerate(files):
            fields[f"files[{number}]"] = (name, content, "application/octet-stream")
        return self.call(method, path, fields=fields)

    def registered_now(self) -> list[Json]:
        return self.call("GET", f"/applications/{self.application}/commands")[1]

    def register(self, commands: list[Json] | None = None) -> tuple[int, Any]:
        path = f"/applications/{self.application}/commands"
        return self.call("PUT", path, COMMANDS if commands is None else commands)

    def webhook(self, interaction: Json) -> str:
        return f"/webhooks/{self.application}/{interaction['token']}"

    def later(self, work: Callable[[], Any]) -> None:
        """Do something once `go_on` is set."""

        def run() -> None:
            self.go_on.wait(PATIENCE_S)
            work()

        self._late.append(threading.Thread(target=run, daemon=True))
        self._late[-1].start()

    def rest(self) -> None:
        """Wait until all that was to be done later is done, and its calls are answered."""
        for thread in self._late:
            thread.join()

    def fill_in(self, interaction: Json, body: Json) -> None:
        """Edit @original later, as often as the ACK has not arrived yet."""

        def edit() -> None:
            path = f"{self.webhook(interaction)}/messages/@original"
            ends = time.monotonic() + PATIENCE_S
            while time.monotonic() < ends:
                status, found = self.call("PATCH", path, body, headers={})
                if (status, (found or {}).get("code")) != (404, 10015):
                    return
                threading.Event().wait(0.02)

        self.later(edit)

    def _ask(self, interaction: Json) -> Json:
        options = {o["name"]: o["value"] for o in interaction["data"].get("options", [])}
        private = {"flags": 64} if options.get("private") else {}
        text = f"You asked: {options['question']}\n{RICH}"
        self.fill_in(interaction, {"content": text, "components": BUTTONS})
        return {"type": 5, "data": private}

    def _suggest(self, interaction: Json) -> Json:
        focused = next(o for o in interaction["data"]["options"] if o.get("focused"))
        offered = ["aurora borealis", "aurora australis", "comets"]
        found = [{"name": t, "value": t} for t in offered if focused["value"] in t]
        return {"type": 8, "data": {"choices": found}}

    def _train(self, interaction: Json) -> Json:
        file = next(iter(interaction["data"]["resolved"]["attachments"].values()))
        body = self.pool.request("GET", file["url"]).data
        return {"type": 4, "data": {"content": f"Got {file['filename']}: {len(body)} bytes"}}

    def _corrected(self, interaction: Json) -> Json:
        text = interaction["data"]["components"][0]["component"]["value"]
        return {"type": 4, "data": {"content": f"Noted: {text}", "flags": 64}}

    def _whole(self, interaction: Json) -> Json:
        found = json.dumps(interaction["data"]["components"])
        return {"type": 4, "data": {"content": f"```json\n{found[:1900]}\n```"}}

    def _script(self) -> dict[str, Any]:
        return {
            "ask": lambda i: self._suggest(i) if i["type"] == 4 else self._ask(i),
            "train": self._train,
            "dataset": {"type": 4, "data": {"content": "No data sets yet.", "flags": 64}},
            "form": WHOLE_FORM,
            "gallery": lambda i: {"type": 4, "data": gallery()},
            "Correct this answer": lambda i: correction_form("Something"),
            "like": {"type": 7, "data": {"content": "Liked 👍", "components": []}},
            "correct": correction_form(),
            "drop": {"type": 6},
            "pick": lambda i: {
                "type": 4,
                "data": {"content": f"Picked {i['data']['values'][0]}", "flags": 64},
            },
            "corrected": self._corrected,
            "whole": self._whole,
        }

    def _answer(self, interaction: Json) -> Json | None:
        if interaction["type"] == 1:
            return {"type": 1}
        self.received.append(interaction)
        data = interaction["data"]
        found = self.script[data.get("custom_id") or data["name"]]
        return found(interaction) if callable(found) else found

    def _verified(self, headers: Any, body: bytes) -> bool:
        try:
            stamp = headers["X-Signature-Timestamp"].encode()
            self._key.verify(stamp + body, bytes.fromhex(headers["X-Signature-Ed25519"]))
        except BadSignatureError:
            return self.credulous
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not bot._verified(self.headers, body):
                    self._say(401, b"invalid request signature")
                    return
                found = bot._answer(json.loads(body))
                if found is None:
                    self._say(202, b"")
                else:
                    self._say(bot.status, json.dumps(found).encode())

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # Discord waits three seconds only
                    self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
