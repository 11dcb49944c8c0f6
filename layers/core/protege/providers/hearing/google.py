"""Google's recogniser of Chromium, by SpeechRecognition: no key, no promise, sound leaves us."""

from collections.abc import Sequence

import speech_recognition

from protege.errors import Unavailable
from protege.providers.hearing import HEARD_HZ
from protege.providers.hearing.gathering import Gathering


class GoogleTranscriber:
    """`endpoint`: another address that answers as Google's does."""

    model = ""

    def __init__(self, timeout_s: float, endpoint: str = "") -> None:
        self._recogniser = speech_recognition.Recognizer()
        self._recogniser.operation_timeout = timeout_s
        self._where = {"endpoint": endpoint} if endpoint else {}

    def begin(self, language: str, hints: Sequence[str] = ()) -> Gathering:
        """Listen to one utterance; it takes no hints."""
        return Gathering(lambda pcm: self._words(pcm, language))

    def _words(self, pcm: bytes, language: str) -> str:
        sound = speech_recognition.AudioData(pcm, HEARD_HZ, 2)
        try:
            found = self._recogniser.recognize_google(sound, language=language, **self._where)
        except speech_recognition.UnknownValueError:
            return ""
        except (speech_recognition.RequestError, OSError, ValueError) as error:
            raise Unavailable(f"Google's recogniser: {type(error).__name__}") from None
        return str(found)
