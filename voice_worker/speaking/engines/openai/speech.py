"""OpenAI's speech API, streamed."""

import base64
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx2
import openai

from protege.config import Config
from protege.errors import Unavailable
from protege.providers import Usage
from protege.providers.ending import USUAL_SPEECH
from protege.providers.openai.chat import connect
from protege.providers.openai.faults import fault
from protege.voice.voices import BY_LETTER, voices
from voice_worker.speaking.engines.openai import HZ, USUAL, Used, down, nobody
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.resampling import resampled

MODEL = USUAL_SPEECH["openai"]
RETRIES = 1
TOKENS_PER_S = 21
"""Of sound that is paid by tokens. For a stream that was left early: its end tells the number.
Source: $0.015 a minute at $12 a million, https://developers.openai.com/api/docs/pricing"""
LETTERS_PER_TOKEN = 4
PIECE = 9600


class Bill:
    """What one request costs; nothing, while it was not accepted."""

    def __init__(self, text: str, by_letter: bool) -> None:
        self._letters = len(text)
        self._by_letter = by_letter
        self.accepted = False
        self.bytes = 0
        """Of sound that came."""
        self.told: Usage | None = None
        """What the stream's end said."""

    def usage(self) -> Usage:
        """Letters, or tokens: as they were told, else about what came costs."""
        if not self.accepted:
            return Usage()
        if self._by_letter:
            return Usage(self._letters)
        seconds = self.bytes / (2 * HZ)
        about = Usage(self._letters // LETTERS_PER_TOKEN, round(seconds * TOKENS_PER_S))
        return self.told or about


class Speech:
    """`TTS=openai`."""

    def __init__(self, config: Config, key: str, used: Used = nobody) -> None:
        self.model = config.tts_model or MODEL
        self.name = f"openai {self.model}"
        self._voices = voices("openai", self.model)
        self._used = used
        self._client = connect(config, key).with_options(max_retries=RETRIES)

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le. `voice`: one of OpenAI's, such as `marin`."""
        bill = Bill(text, self.model in BY_LETTER)
        try:
            with self._asked(text, manner) as answer:
                bill.accepted = True
                pieces = _plain(answer) if self.model in BY_LETTER else _events(answer, bill)
                yield from resampled(pieces, HZ)
        except openai.OpenAIError as error:
            raise down(fault(error, self.model)) from None
        except httpx2.HTTPError as error:  # in the middle of the stream the SDK lets it through
            raise Unavailable(f"OpenAI: {type(error).__name__}") from None
        finally:
            self._used(self.model, bill.usage())

    def _asked(self, text: str, manner: Manner) -> AbstractContextManager[Any]:
        by_letter = self.model in BY_LETTER
        usual = "alloy" if by_letter else USUAL
        return self._client.audio.speech.with_streaming_response.create(
            model=self.model,
            voice=self._voices.named(manner.voice) or usual,
            input=text,
            response_format="pcm",
            speed=manner.pace,
            stream_format="audio" if by_letter else "sse",
        )


def _plain(answer: Any) -> Iterator[bytes]:
    yield from answer.iter_bytes(PIECE)


def _events(answer: Any, bill: Bill) -> Iterator[bytes]:
    """The sound of a stream of events; one that breaks off is not whole.

    Source: SpeechAudioDeltaEvent and SpeechAudioDoneEvent in OpenAI's API description.
    """
    for line in answer.iter_lines():
        if not line.startswith("data:"):
            continue
        event = _parsed(line.removeprefix("data:").strip())
        if event.get("type") == "speech.audio.delta":
            sound = base64.b64decode(event["audio"])
            bill.bytes += len(sound)
            yield sound
        if event.get("type") == "speech.audio.done":
            usage = event.get("usage") or {}
            bill.told = Usage(usage.get("input_tokens", 0), usage.get("output_tokens", 0))
            return
    raise Unavailable("OpenAI's speech broke off")


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
