"""A small bot with a script, to try the stand-in with: a real server that verifies signatures."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

Json = dict[str, Any]
RU = {"ask": "спросить", "train": "обучить", "form": "форма"}
RICH = """# Aurora
**Bold**, *italic*, __underlined__, ~~struck~~, ||spoiler||, `code` and [a link](https://discord.com).
> quoted
- one
- two
  - nested
```python
print("<b>not bold</b>")
```
-# small print"""


def texts(en: str, ru: str) -> Json:
    """A description in both languages."""
    return {"description": en, "description_localizations": {"ru": ru}}


COMMANDS: list[Json] = [
    {
        "name": "ask",
        "type": 1,
        "name_localizations": {"ru": "спросить"},
        **texts("Ask me anything", "Спросить меня о чём угодно"),
        "contexts": [0, 1],
        "options": [
            {
                "type": 3,
                "name": "question",
                **texts("What you want to know", "Что вы хотите узнать"),
                "required": True,
                "autocomplete": True,
                "max_length": 1000,
            },
            {
                "type": 3,
                "name": "tone",
                **texts("How to answer", "Как ответить"),
                "choices": [
                    {"name": "Plain", "name_localizations": {"ru": "Просто"}, "value": "plain"},
                    {"name": "Poetic", "name_localizations": {"ru": "Поэтично"}, "value": "poem"},
                ],
            },
            {"type": 5, "name": "private", **texts("Only for you", "Только для вас")},
            {
                "type": 4,
                "name": "words",
                **texts("How long", "Сколько слов"),
                "min_value": 1,
                "max_value": 500,
            },
        ],
    },
    {
        "name": "train",
        "type": 1,
        "name_localizations": {"ru": "обучить"},
        **texts("Train a model on your data", "Обучить модель на ваших данных"),
        "default_member_permissions": "32",
        "contexts": [0, 1],
        "options": [
            {"type": 11, "name": "dataset", **texts("A JSONL file", "Файл JSONL"), "required": True}
        ],
    },
    {
        "name": "dataset",
        "type": 1,
        **texts("Data sets", "Наборы данных"),
        "options": [
            {"type": 1, "name": "show", **texts("Show all data sets", "Показать наборы")},
            {
                "type": 1,
                "name": "remove",
                **texts("Remove a data set", "Удалить набор"),
                "options": [
                    {"type": 3, "name": "name", **texts("Which", "Какой"), "required": True}
                ],
            },
        ],
    },
    {
        "name": "form",
        "type": 1,
        "name_localizations": {"ru": "форма"},
        **texts("Open a form", "Открыть форму"),
        "contexts": [0, 1],
    },
    {"name": "gallery", "type": 1, **texts("Everything a message can hold", "Всё сразу")},
    {
        "name": "Correct this answer",
        "type": 3,
        "name_localizations": {"ru": "Исправить этот ответ"},
        "contexts": [0, 1],
    },
]
BUTTONS = [
    {
        "type": 1,
        "components": [
            {"type": 2, "style": 3, "custom_id": "like", "emoji": {"name": "👍"}},
            {"type": 2, "style": 2, "custom_id": "correct", "label": "Correct"},
            {"type": 2, "style": 4, "custom_id": "drop", "label": "Delete"},
            {"type": 2, "style": 5, "url": "https://discord.com", "label": "Docs"},
            {"type": 2, "style": 1, "custom_id": "off", "label": "Off", "disabled": True},
        ],
    },
    {
        "type": 1,
        "components": [
            {
                "type": 3,
                "custom_id": "pick",
                "placeholder": "Choose a model",
                "options": [
                    {"label": "Small", "value": "small", "description": "Fast"},
                    {"label": "Large", "value": "large", "description": "Wise"},
                ],
            }
        ],
    },
]


def correction_form(prefilled: str = "") -> Json:
    """A form with a paragraph."""
    field = {"type": 4, "custom_id": "correction", "style": 2, "max_length": 400, "min_length": 3}
    filled = {**field, "value": prefilled} if prefilled else field
    label = {"type": 18, "label": "The right answer", "description": "As you would say it"}
    data = {
        "custom_id": "corrected",
        "title": "Correct",
        "components": [{**label, "component": filled}],
    }
    return {"type": 9, "data": data}


WHOLE_FORM: Json = {
    "type": 9,
    "data": {
        "custom_id": "whole",
        "title": "Everything",
        "components": [
            {
                "type": 18,
                "label": "Name",
                "component": {"type": 4, "custom_id": "name", "style": 1, "value": "Aurora"},
            },
            {
                "type": 18,
                "label": "Level",
                "component": {
                    "type": 3,
                    "custom_id": "level",
                    "options": [
                        {"label": "Low", "value": "low"},
                        {"label": "High", "value": "high"},
                    ],
                },
            },
            {
                "type": 18,
                "label": "Files",
                "component": {"type": 19, "custom_id": "files", "required": False, "max_values": 2},
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 4,
                        "custom_id": "old",
                        "style": 1,
                        "label": "In an old row",
                        "required": False,
                    }
                ],
            },
        ],
    },
}


class ScriptedBot:
    """Answers by name (command, custom_id); `script` may be changed by a test at any time.

    An entry is an answer, or a function of the interaction that returns one (None: an empty 202).
    """

    def __init__(self, api: str, public_key: str, application: str, token: str) -> None:
        self.api = api
        self.application = application
        self.received: list[Json] = []
        self.go_on = threading.Event()
        """Set by a test to let the slow half of an answer happen; set from the start."""
        self.go_on.set()
        self.script: dict[str, Any] = self._script()
        self._key = VerifyKey(bytes.fromhex(public_key))
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(20.0))
        self._bot = {"Authorization": f"Bot {token}"}
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
        for thread in self._late:
            thread.join()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._pool.clear()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """A call as the bot; status and JSON."""
        sent = {"json": body} if body is not None else {}
        headers = more.pop("headers", self._bot)
        answer = self._pool.request(method, self.api + path, headers=headers, **sent, **more)
        return answer.status, answer.json() if answer.data else None

    def register(self, commands: list[Json] | None = None) -> tuple[int, Any]:
        path = f"/applications/{self.application}/commands"
        return self.call("PUT", path, COMMANDS if commands is None else commands)

    def webhook(self, interaction: Json) -> str:
        return f"/webhooks/{self.application}/{interaction['token']}"

    def later(self, work: Callable[[], Any]) -> None:
        """Do something once `go_on` is set."""

        def run() -> None:
            self.go_on.wait(20)
            work()

        self._late.append(threading.Thread(target=run, daemon=True))
        self._late[-1].start()

    def fill_in(self, interaction: Json, body: Json) -> None:
        """Edit @original later, as often as the ACK has not arrived yet."""

        def edit() -> None:
            path = f"{self.webhook(interaction)}/messages/@original"
            for _ in range(50):
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
        body = self._pool.request("GET", file["url"]).data
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
            return False
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
                    self._say(200, json.dumps(found).encode())

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def gallery() -> Json:
    """A message with nearly everything."""
    return {
        "content": RICH,
        "components": BUTTONS,
        "embeds": [
            {
                "title": "Training finished",
                "url": "https://discord.com",
                "description": "Accuracy rose to **0.94**.\n- 120 lessons\n- 3 contradictions",
                "color": 0x57F287,
                "author": {"name": "Protégé"},
                "fields": [
                    {"name": "Model", "value": "`small-3`", "inline": True},
                    {"name": "Lessons", "value": "120", "inline": True},
                    {"name": "Asked by", "value": "Vera", "inline": True},
                    {"name": "Note", "value": "Held-out questions only"},
                ],
                "footer": {"text": "took 3.2 s"},
            }
        ],
    }
