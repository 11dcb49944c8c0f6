"""A listener of our own: pocketsphinx, freely and by a grammar of whole sentences."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from pocketsphinx import Decoder

HEARD_HZ = 16_000
ALIKE = 0.6
"""Share of words that free listening must have in common with what the grammar chose."""


def understood(pcm: bytes, sayings: Iterable[str]) -> str:
    """Which of these was said in 16 kHz mono s16le; empty where it was none of them.

    A grammar alone would find one of them in any noise, so free listening has to agree.
    """
    words = [re.sub(r"[^a-z' ]", "", saying.lower()) for saying in sayings]
    grammar = "#JSGF V1.0; grammar g; public <g> = " + " | ".join(words) + ";"
    decoder = Decoder(samprate=HEARD_HZ, loglevel="FATAL")
    free = _words(decoder, pcm)
    decoder.add_jsgf_string("sayings", grammar)
    decoder.activate_search("sayings")
    chosen = _words(decoder, pcm)
    alike = SequenceMatcher(None, free.split(), chosen.split()).ratio()
    return chosen if alike >= ALIKE else ""


def _words(decoder: Decoder, pcm: bytes) -> str:
    decoder.start_utt()
    decoder.process_raw(pcm, False, True)
    decoder.end_utt()
    found = decoder.hyp()
    return str(found.hypstr) if found else ""
