"""The official SDK against a local server that speaks the Responses API."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from protege.config import Config
from protege.errors import Unavailable, UserError
from protege.providers import Example, Prompt
from protege.providers.openai import OpenAIChat
from protege.storage import Delivery
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Recorder

PROMPT = Prompt(
    instruction="Speak like a pirate.",
    examples=(Example("When do you open?", "At nine.", "Never."),),
    question="Opening hours?",
    document="",
    taught="At nine.",
    locale="en-US",
    cache_key="77/v1",
)


class Model(ThreadingHTTPServer):
    """Answers with `pieces`, or with the next of `failures`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.failures: list[int] = []
        self.events = [
            {"type": "response.output_text.delta", "delta": piece} for piece in ("At ", "nine!")
        ]

    @property
    def env(self) -> dict[str, str]:
        return {
            "DISCORD_PUBLIC_KEY": "0" * 64,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.server_port}/v1",
            "OPENAI_TIMEOUT_S": "5",
        }


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        if self.server.failures:
            self._send(self.server.failures.pop(0), "application/json", b'{"error":{}}')
            return
        lines = [f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in self.server.events]
        self._send(200, "text/event-stream", "".join(lines).encode())

    def _send(self, status: int, type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def chat(model: Model) -> Iterator[OpenAIChat]:
    with OpenAIChat(Config.read(model.env), "sk-test") as it:
        yield it


def test_the_answer_arrives_in_pieces(chat: OpenAIChat) -> None:
    assert list(chat.answer(PROMPT)) == ["At ", "nine!"]


def test_lessons_go_along_as_examples_and_nothing_is_stored(chat: OpenAIChat, model: Model) -> None:
    list(chat.answer(PROMPT))
    [request] = model.requests
    assert request["model"] == "gpt-6-luna" and request["reasoning"] == {"effort": "none"}
    assert request["store"] is False and request["prompt_cache_key"] == "77/v1"
    assert request["instructions"].endswith("Speak like a pirate.")
    bad, question, answer, taught, asked = request["input"]
    assert "Never." in bad["content"] and bad["role"] == "developer"
    assert (question["content"], answer["content"]) == ("When do you open?", "At nine.")
    assert "At nine." in taught["content"]
    assert asked == {"role": "user", "content": "Opening hours?"}


def test_a_document_goes_with_the_question(chat: OpenAIChat, model: Model) -> None:
    list(chat.answer(PROMPT._replace(document="We open at ten.")))
    assert "We open at ten." in model.requests[0]["input"][-1]["content"]


def test_servers_that_know_no_effort_are_not_sent_one(model: Model) -> None:
    with OpenAIChat(Config.read({**model.env, "OPENAI_EFFORT": "-"}), "k") as chat:
        list(chat.answer(PROMPT))
    assert "reasoning" not in model.requests[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_troubles_are_tried_again(chat: OpenAIChat, model: Model, status: int) -> None:
    model.failures = [status, status]
    assert "".join(chat.answer(PROMPT)) == "At nine!"


def test_a_model_that_stays_down_is_unavailable(chat: OpenAIChat, model: Model) -> None:
    model.failures = [500, 500, 500]
    with pytest.raises(Unavailable):
        list(chat.answer(PROMPT))


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_explained_to_the_person(chat: OpenAIChat, model: Model, status: int) -> None:
    model.failures = [status]
    with pytest.raises(UserError) as refused:
        list(chat.answer(PROMPT))
    assert refused.value.to("ru") != refused.value.to("en")


def test_a_stream_that_breaks_off_is_unavailable(chat: OpenAIChat, model: Model) -> None:
    model.events.append({"type": "response.failed", "delta": ""})
    with pytest.raises(Unavailable):
        list(chat.answer(PROMPT))


def test_the_bot_answers_through_the_model_with_what_it_was_taught(
    model: Model, discord: Recorder, tmp_path: Path
) -> None:
    more = {**model.env, "PROVIDER": "openai", "OPENAI_API_KEY": "sk-test"}
    del more["DISCORD_PUBLIC_KEY"]
    app = configured(discord, str(tmp_path), **more)
    with app.provider:  # type: ignore[attr-defined]
        ada = Person(app, discord)
        ada.slash("ask", question="When do you open?")
        assert ada.sees.endswith("At nine!")
        ada.press(ada.buttons[2])
        route = ada.buttons[2]["custom_id"].replace("correction_button:", "corrected:a")
        ada.submit({"data": {"custom_id": route}}, better="At ten.")
        ada.slash("ask", question="When do you open?")
    said = [turn["content"] for turn in model.requests[-1]["input"]]
    assert said[:2] == ["When do you open?", "At ten."]


def test_a_model_that_is_down_is_told_and_asked_again(
    model: Model, discord: Recorder, tmp_path: Path
) -> None:
    more = {**model.env, "PROVIDER": "openai", "OPENAI_API_KEY": "sk-planted-secret"}
    del more["DISCORD_PUBLIC_KEY"]
    app = configured(discord, str(tmp_path), **more)
    with app.provider:  # type: ignore[attr-defined]
        ada = Person(app, discord)
        model.failures = [500] * 3
        body = json.dumps(ada.command("ask", question="why?"))
        delivery = Delivery("m1", body, "", 1)
        assert work(app, [delivery]) == ["m1"]
        assert "Reference" in ada.sees
        assert work(app, [delivery]) == [] and ada.sees.endswith("At nine!")
