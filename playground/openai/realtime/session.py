"""One realtime session: it reads out what stands between <text> and </text>.

Source of the events: the official SDK's `types.realtime`.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.connection import Connection

from playground.openai.errors import ApiError, invalid
from playground.openai.models import MODELS
from playground.openai.realtime import wishes
from playground.openai.speech.tokens import count
from playground.openai.store import Json, fresh
from playground.openai.voices import HZ, TOKENS_PER_S, seconds, spoken

TO_READ = re.compile(r"<text>(.*?)</text>", re.DOTALL)
ANSWER = "Certainly! Is there anything else that I can help you with today?"
"""What a model says that is asked for no reading, and `CHATTERS` whatever it is asked for."""
CHATTERS = "gpt-realtime-mini"
PIECE = 4800
Billed = Callable[[int, int], None]


class Session:
    """`billed` is told of every response's tokens; `cut`: after so many pieces the line breaks."""

    def __init__(self, line: Connection, model: str, billed: Billed, cut: int | None) -> None:
        self._line = line
        self._model = model
        self._billed = billed
        self._cut = cut
        self._spoke_as = ""
        self._set: Json = {
            "type": "realtime",
            "model": model,
            "output_modalities": ["audio"],
            "instructions": "",
            "audio": {"output": {"format": {"type": "audio/pcm", "rate": HZ}, "voice": "marin"}},
        }

    def run(self) -> None:
        """Until the other side hangs up."""
        self._send("session.created", session=self._set)
        try:
            for message in self._line:
                self._answer(message)
        except ConnectionClosed:
            return

    def _answer(self, message: str | bytes) -> None:
        event_id = None
        try:
            given = json.loads(message)
            event_id = given.get("event_id") if isinstance(given, dict) else None
            event = wishes.event(given)
            self._do(event)
        except json.JSONDecodeError:
            self._refuse(invalid("We could not parse the JSON of your event."), None)
        except ApiError as error:
            self._refuse(error, event_id)

    def _do(self, event: Json) -> None:
        if event["type"] == "session.update":
            self._update(event["session"])
        elif event["type"] == "response.create":
            self._respond(event.get("response") or {})
        else:
            raise invalid("There is no response to cancel.", code="response_cancel_not_active")

    def _update(self, wish: Json) -> None:
        wishes.session(wish, MODELS[self._model].reasons)
        output = (wish.get("audio") or {}).get("output") or {}
        if self._spoke_as and output.get("voice", self._spoke_as) != self._spoke_as:
            raise invalid("The voice cannot be changed any more.", "session.audio.output.voice")
        self._set = {**self._set, **wish}
        self._send("session.updated", session=self._set)

    # ---- speaking --------------------------------------------------------------------------------

    def _respond(self, wish: Json) -> None:
        wishes.response(wish)
        asked = wishes.text(wish)
        found = TO_READ.search(asked)
        said = found[1] if found and self._model != CHATTERS else ANSWER
        own = (self._set.get("audio") or {}).get("output") or {}
        output = {**own, **((wish.get("audio") or {}).get("output") or {})}
        self._spoke_as = output.get("voice") or "marin"
        sound = spoken(said, self._spoke_as, output.get("speed") or 1.0)
        self._speak(said, sound, count(self._set["instructions"] or "") + count(asked))

    def _speak(self, said: str, sound: bytes, tokens_in: int) -> None:
        response, item = fresh("resp_"), fresh("item_")
        at = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        self._send("response.created", response=_response(response, "in_progress"))
        self._send("response.output_audio_transcript.delta", **at, delta=said)
        sent, status = 0, "completed"
        for piece in self._pieces(sound):
            sent += len(piece)
            delta = base64.b64encode(piece).decode()
            self._send("response.output_audio.delta", **at, delta=delta)
            if self._cancelled():
                status = "cancelled"
                break
        self._send("response.output_audio.done", **at)
        self._send("response.output_audio_transcript.done", **at, transcript=said)
        usage = _usage(tokens_in, count(said), round(seconds(sound[:sent]) * TOKENS_PER_S))
        self._billed(usage["input_tokens"], usage["output_tokens"])
        whole = {**_response(response, status), "usage": usage, "output": [_item(item, said)]}
        self._send("response.done", response=whole)

    def _pieces(self, sound: bytes) -> Iterator[bytes]:
        for n, at in enumerate(range(0, len(sound), PIECE)):
            if n == self._cut:
                self._line.socket.shutdown(2)
                raise ConnectionResetError
            yield sound[at : at + PIECE]

    def _cancelled(self) -> bool:
        try:
            message = self._line.recv(timeout=0)
        except TimeoutError:
            return False
        return bool(wishes.event(json.loads(message))["type"] == "response.cancel")

    # ---- the wire --------------------------------------------------------------------------------

    def _send(self, kind: str, **fields: Any) -> None:
        self._line.send(json.dumps({"event_id": fresh("event_"), "type": kind, **fields}))

    def _refuse(self, error: ApiError, event_id: str | None) -> None:
        self._send("error", error={**error.body()["error"], "event_id": event_id})


def _response(id: str, status: str) -> Json:
    return {
        "id": id,
        "object": "realtime.response",
        "status": status,
        "output": [],
        "output_modalities": ["audio"],
        "conversation_id": None,
    }


def _item(id: str, said: str) -> Json:
    content = [{"type": "output_audio", "transcript": said}]
    about = {"id": id, "object": "realtime.item", "type": "message", "status": "completed"}
    return {**about, "role": "assistant", "content": content}


def _usage(given: int, words: int, sound: int) -> Json:
    return {
        "input_tokens": given,
        "input_token_details": {"text_tokens": given, "audio_tokens": 0, "cached_tokens": 0},
        "output_tokens": words + sound,
        "output_token_details": {"text_tokens": words, "audio_tokens": sound},
        "total_tokens": given + words + sound,
    }
