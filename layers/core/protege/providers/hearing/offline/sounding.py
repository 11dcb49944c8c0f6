"""How words sound, in the phones of the English acoustic model, whatever their language.

espeak-ng reads them; what it writes in the international phonetic alphabet is told in the nearest
of the 39 phones of CMU's dictionary. Without espeak-ng there are the dictionary's words only.
"""

import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache

from protege.children import environment

NEAREST = {
    "aɪ": "AY", "eɪ": "EY", "aʊ": "AW", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "tʃ": "CH",
    "tɕ": "CH", "dʒ": "JH", "ts": "T S", "dz": "D Z", "i": "IY", "ɪ": "IH", "e": "EH", "ɛ": "EH",
    "a": "AA", "ɑ": "AA", "ɒ": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "o": "AO",
    "ɔ": "AO", "ɵ": "AO", "u": "UW", "ʉ": "UW", "ɯ": "UW", "ʊ": "UH", "ɨ": "IH", "y": "IH",
    "ɜ": "ER", "ɚ": "ER", "ɝ": "ER", "ø": "ER", "œ": "ER", "p": "P", "b": "B", "β": "B",
    "t": "T", "d": "D", "k": "K", "c": "K", "ɡ": "G", "g": "G", "ɟ": "G", "ɣ": "G", "f": "F",
    "v": "V", "s": "S", "z": "Z", "ʃ": "SH", "ʂ": "SH", "ɕ": "SH", "ç": "SH", "ʒ": "ZH",
    "ʐ": "ZH", "ʑ": "ZH", "x": "HH", "h": "HH", "χ": "HH", "θ": "TH", "ð": "DH", "m": "M",
    "n": "N", "ɲ": "N", "ŋ": "NG", "l": "L", "ɫ": "L", "ɭ": "L", "ʎ": "L Y", "r": "R",
    "ɹ": "R", "ɾ": "R", "ʁ": "R", "j": "Y", "w": "W",
}  # fmt: skip
SYMBOLS = re.compile("|".join(sorted(map(re.escape, NEAREST), key=len, reverse=True)))
MARKS = str.maketrans("", "", "_ʲːˈˌ")
"""Stress, length and softness: our phones have none of them."""
OTHERWISE = (("AO", "OW"), ("IH", "IY"), ("HH", "K"), ("L", "W"))
"""Phones of foreign words that lie between two of ours."""
CYRILLIC = re.compile("[а-яё]")
WITHIN_S = 20


def variants(phones: str, *, foreign: bool) -> list[str]:
    """The ways to say a word, likeliest first."""
    found = [phones]
    for one, other in OTHERWISE if foreign else ():
        found.append(" ".join(other if phone == one else phone for phone in phones.split()))
    return list(dict.fromkeys(found))


def pronounced(words: Sequence[str], language: str) -> dict[str, str]:
    """Phones of each word that can be said; `language`: a locale, of what is not Cyrillic."""
    cyrillic = [word for word in words if CYRILLIC.search(word)]
    other = [word for word in words if word not in set(cyrillic)]
    base = language.partition("-")[0].lower()
    slavic = base if base in ("uk", "bg", "mk", "sr", "be", "kk") else "ru"
    spoken = "en-us" if base in ("en", slavic) else base
    return _read(tuple(cyrillic), slavic) | _read(tuple(other), spoken)


@lru_cache(maxsize=64)
def _read(words: tuple[str, ...], voice: str) -> dict[str, str]:
    """One line each, so that words do not run together. Empty where espeak-ng does not serve."""
    if not words:
        return {}
    command = ("espeak-ng", "-q", "-b", "1", "--ipa", "--sep=_", "-v", voice)
    try:
        found = subprocess.run(  # noqa: S603  # words go in by the pipe, voices are locales
            command,
            input="\n".join(words).encode(),
            capture_output=True,
            timeout=WITHIN_S,
            env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = found.stdout.decode(errors="replace").strip("\n").split("\n")
    if found.returncode or len(lines) != len(words):
        return {}
    return {
        word: phones for word, line in zip(words, lines, strict=True) if (phones := _told(line))
    }


def _told(ipa: str) -> str:
    return " ".join(NEAREST[symbol] for symbol in SYMBOLS.findall(ipa.translate(MARKS)))
