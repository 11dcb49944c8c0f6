"""OpenAI's realtime models as a voice: they are given a text and read it out.

A model that could answer is asked to read: what it said is compared with the text at the end, and
what is something else counts as failed and is not kept.
"""

import base64
import threading
from collections.abc import Iterator
from inspect import signature
from typing import Any, cast

import openai
from openai.resources.realtime.realtime import RealtimeConnection
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect as opens

from protege.config import Config
from protege.errors import BotError, Unavailable, UserError
from protege.providers import Usage
from protege.providers.ending import USUAL_SPEECH
from protege.providers.openai.chat import connect
from protege.providers.refusals import NO_KEY, NO_MODEL, QUOTA
from protege.voice.voices import voices
from voice_worker.speaking.engines.openai import HZ, USUAL, Used, nobody
from voice_worker.speaking.engines.openai.sessions import Session, Sessions
from voice_worker.speaking.engines.openai.telling import INSTRUCTIONS, Reading, enclosed
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.resampling import resampled

MODEL = USUAL_SPEECH["realtime"]
VOICES = voices("realtime")
REASONS = "gpt-realtime-2"
"""How models begin that think before they speak, unless they are told not to."""
FASTEST = 1.5
"""Source: `audio.output.speed` of the session."""
PATIENCE_S = 20.0
"""How long one sentence may take; it is made faster than it is spoken."""
SOCKET: Any = {"open_timeout": 10, "close_timeout": 1}
"""Seconds, of `websockets.sync.client.connect`."""
if "legacy" in signature(opens).parameters:  # from 17.1 on: the SDK does not say it, and is warned
    SOCKET["legacy"] = True
REFUSALS = {401: NO_KEY, 403: NO_KEY, 404: NO_MODEL}
CODES = {
    "invalid_api_key": NO_KEY,
    "model_not_found": NO_MODEL,
    "insufficient_quota": QUOTA,
}
SETTING = "OPENAI_API_KEY"


class Realtime:
    """`TTS=realtime`; one connection for each voice that speaks at the same time."""

    def __init__(self, config: Config, key: str, used: Used = nobody) -> None:
        self.model = config.tts_model if config.tts == "realtime" else ""
        self.model = self.model or MODEL
        self.name = f"openai {self.model}"
        self._used = used
        self._client = connect(config, key)
        self._sessions = Sessions(self._open)

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le. `voice`: one of OpenAI's, such as `cedar`."""
        voice = VOICES.named(manner.voice) or USUAL
        reading = Reading(text)
        try:
            yield from resampled(self._read(reading, voice, min(FASTEST, manner.pace)), HZ)
        finally:
            self._used(self.model, reading.usage())
        if not reading.faithful:
            raise Unavailable("the realtime model said something else than the text")

    def _read(self, reading: Reading, voice: str, pace: float) -> Iterator[bytes]:
        """One that was kept may have been closed meanwhile: then another one reads."""
        session = self._taken(voice, pace)
        try:
            yield from self._heard(session, reading)
        except Unavailable:
            if reading.begun or not session.used:
                raise
            yield from self._heard(self._taken(voice, pace, new=True), reading)

    def _taken(self, voice: str, pace: float, *, new: bool = False) -> Session:
        try:
            return self._sessions.take(voice, pace, new=new)
        except InvalidStatus as error:
            raise self._refusal(REFUSALS.get(error.response.status_code)) from None
        except (WebSocketException, OSError, openai.OpenAIError) as error:
            raise Unavailable(f"OpenAI: {type(error).__name__}") from None

    def _heard(self, session: Session, reading: Reading) -> Iterator[bytes]:
        connection, whole = session.connection, False
        watch = threading.Timer(PATIENCE_S, connection.close)
        watch.daemon = True
        watch.start()
        try:
            _ask(connection, reading.text)
            yield from self._sound(connection, reading)
            whole = True
        except (WebSocketException, OSError) as error:
            raise Unavailable(f"OpenAI: {type(error).__name__}") from None
        finally:
            watch.cancel()
            if whole:
                self._sessions.give(session)
            else:
                connection.close()

    def _sound(self, connection: RealtimeConnection, reading: Reading) -> Iterator[bytes]:
        while not reading.done:
            event = connection.recv()
            if event.type == "error":
                raise self._fault(event.error.code or "")
            if event.type == "response.output_audio.delta":
                yield reading.sound(base64.b64decode(event.delta))
            if event.type == "response.output_audio_transcript.done":
                reading.transcript += event.transcript
            if event.type == "response.done":
                self._finish(event.response, reading)

    def _finish(self, response: Any, reading: Reading) -> None:
        usage, details = response.usage, response.status_details
        if usage:
            reading.told = Usage(usage.input_tokens or 0, usage.output_tokens or 0)
        if response.status != "completed":
            raise self._fault((details and details.error and details.error.code) or "")
        reading.done = True

    def _open(self, voice: str, pace: float) -> RealtimeConnection:
        manager = self._client.realtime.connect(
            model=self.model, websocket_connection_options=SOCKET
        )
        connection = manager.enter()
        try:
            connection.session.update(session=cast(Any, self._session(voice, pace)))
            while (event := connection.recv()).type != "session.updated":
                if event.type == "error":
                    raise self._fault(event.error.code or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _session(self, voice: str, pace: float) -> dict[str, Any]:
        sound = {"type": "audio/pcm", "rate": HZ}
        thinking = {"reasoning": {"effort": "minimal"}} if self.model.startswith(REASONS) else {}
        return {
            "type": "realtime",
            "instructions": INSTRUCTIONS,
            "output_modalities": ["audio"],
            "audio": {
                "input": {"turn_detection": None},
                "output": {"format": sound, "voice": voice, "speed": pace},
            },
            **thinking,
        }

    def _fault(self, code: str) -> BotError:
        return self._refusal(CODES.get(code), code)

    def _refusal(self, text: Any, code: str = "") -> BotError:
        if text is None:
            return Unavailable(f"OpenAI refused to speak {code}".strip())
        return UserError(text, model=self.model, setting=SETTING)


def _ask(connection: RealtimeConnection, text: str) -> None:
    """Outside of any conversation: what was read before is neither sent nor paid again."""
    content = {"type": "input_text", "text": enclosed(text)}
    message = {"type": "message", "role": "user", "content": [content]}
    wish = {"conversation": "none", "output_modalities": ["audio"], "input": [message]}
    connection.response.create(response=cast(Any, wish))
