"""Google Translate's voices, through gTTS: free of charge, over the network, without a promise.

gTTS prepares what is asked. We ask ourselves: it would not check the certificate of the other side
(gTTS 2.5, `tts.py`, `verify=False`), and waits for ever unless it is told not to.
"""

import base64
import binascii
import re
from collections.abc import Iterator

import urllib3
from gtts import gTTS
from gtts.lang import tts_langs

from protege.errors import Unavailable
from protege.voice.voices import ACCENTS
from voice_worker.speaking.decoding import decoded
from voice_worker.speaking.manner import Manner

HOST = "https://translate.google.{tld}"
PATH = "/_/TranslateWebserverUi/data/batchexecute"
SOUND = re.compile(rb'jQ1olc","\[\\"([A-Za-z0-9+/=]*)\\"')
"""Where the answer holds the MP3; jQ1olc is the name of the call (`gTTS.GOOGLE_TTS_RPC`)."""
CLAUSES = re.compile(r"(?<=[,;:.!?…—])\s+")
USUAL = "com"
TIMEOUT_S = 10.0


def parts(text: str) -> list[str]:
    """As few parts as possible that end with a clause: gTTS' own are clauses, each a request. What
    is longer still it cuts between words.
    """
    found = [""]
    for clause in CLAUSES.split(text):
        joined = f"{found[-1]} {clause}".strip()
        if len(joined) <= gTTS.GOOGLE_TTS_MAX_CHARS:
            found[-1] = joined
        else:
            found.append(clause)
    return [part for part in found if part]


class Google:
    """One request for about a hundred letters."""

    name = "gtts"

    def __init__(self, host: str = HOST) -> None:
        """`host`: its address, with {tld} for the domain that makes the accent."""
        self._host = host
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)
        self._languages = frozenset(tts_langs())

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """48 kHz mono s16le. `voice`: a domain whose accent is wished, such as `co.uk`."""
        tld = manner.voice if manner.voice in ACCENTS else USUAL
        language = self._language(manner.language)
        prepared = gTTS(text, lang=language, lang_check=False, tokenizer_func=parts)
        for body in prepared.get_bodies():
            mp3 = self._asked(self._host.format(tld=tld) + PATH, body)
            yield from decoded(mp3, "mp3", manner.pace)

    def _language(self, locale: str) -> str:
        first = locale.partition("-")[0]
        return next((it for it in (locale, first) if it in self._languages), "en")

    def _asked(self, url: str, body: str) -> bytes:
        try:
            answer = self._pool.request("POST", url, body=body, headers=gTTS.GOOGLE_TTS_HEADERS)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(f"Google: {type(error).__name__}") from None
        found = SOUND.search(answer.data)
        if answer.status != 200 or not found:
            raise Unavailable(f"Google answered {answer.status}")
        try:
            return base64.b64decode(found[1], validate=True)
        except binascii.Error:
            raise Unavailable("Google's sound is broken") from None
