"""OpenAI's recogniser, or any server that speaks its API; files go to it as they are.

https://developers.openai.com/api/docs/guides/speech-to-text
"""

import itertools
import time
from collections.abc import Callable, Sequence

import openai

from protege.config import Config
from protege.errors import Unavailable
from protege.providers.hearing.gathering import Gathering, base, context
from protege.providers.hearing.wav import wav
from protege.providers.openai.chat import connect
from protege.providers.openai.faults import fault
from protege.providers.openai.keys import Key
from protege.providers.persevering import ATTEMPTS, FIRST_WAIT_S
from protege.providers.refusals import Passing

MOST_CONTEXT = 800
"""Letters of hints that go along."""


class OpenAITranscriber:
    """A `hearing.FileTranscriber`."""

    endings = frozenset({".flac", ".m4a", ".mp3", ".ogg", ".wav", ".webm"})
    """Files that it takes as they are, up to 25 MB. Source: the guide above, and the SDK's types.
    """

    def __init__(
        self, config: Config, key: Key, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.model = config.stt_model or config.openai_transcribe_model
        self._client = connect(config, key)
        self._most_s = float(config.stt_timeout_s)
        self._sleep = sleep

    def __enter__(self) -> "OpenAITranscriber":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def begin(self, language: str, hints: Sequence[str] = ()) -> Gathering:
        """Listen to one utterance."""
        return Gathering(lambda pcm: self.file("speech.wav", wav(pcm), language, hints))

    def file(self, name: str, body: bytes, language: str, hints: Sequence[str] = ()) -> str:
        """The words of a sound file; its name's ending tells its kind. Raises UserError and
        Unavailable; what fails in passing is sent three times within the time it may take."""
        ends = time.monotonic() + self._most_s
        for attempt in itertools.count(1):
            try:
                return self._once(name, body, language, hints, ends)
            except Passing as passing:
                asked, usual = passing.wait_s, FIRST_WAIT_S * 2 ** (attempt - 1)
                wait_s = usual if asked is None else asked
                if attempt == ATTEMPTS or time.monotonic() + wait_s > ends:
                    raise Unavailable(f"nobody listens: {passing}") from None
            self._sleep(wait_s)
        raise AssertionError  # the loop has no other end

    def _once(
        self, name: str, body: bytes, language: str, hints: Sequence[str], ends: float
    ) -> str:
        try:
            found = self._client.audio.transcriptions.create(
                model=self.model,
                file=(name, body),
                language=base(language),
                prompt=context(hints, MOST_CONTEXT) or openai.omit,
                response_format="json",
                timeout=max(0.001, ends - time.monotonic()),
            )
        except openai.OpenAIError as error:
            raise fault(error, self.model) from None
        return str(found.text).strip()
