"""What is written, as it is said."""

import re
import unicodedata

from voice_worker.sentences.discord import Names, unmarked
from voice_worker.sentences.layout import STOPS, lines
from voice_worker.sentences.phrases import CODE, IN_FULL, LINK, MAIL, WORDS

BLOCK = re.compile(r"(```|~~~).*?(?:\1|\Z)", re.DOTALL)
ESCAPED = re.compile(r"\\([\\*_`~|#>\[\]()<:!.+-])")
PRIVATE = 0xE000
"""Characters from here on mean nothing: escaped ones hide there while marks are taken away."""
NAMED_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*<?[^)\s]*>?(?:\s+\"[^\"]*\")?\s*\)")
URL = re.compile(r"<?\b(?:https?|ftp)://(?:www\.)?([^\s/?#:<>()\"'*`|]+)[^\s<>\"'*`|]*>?", re.I)
URL_END = re.compile(r"[.,!?;:)…]+>?$")
SHORTCODE = re.compile(r"(?<!\w):[a-zA-Z][a-zA-Z0-9_+-]+:(?!\w)")
EMOJI = re.compile("[\U0001f000-\U0001faff☀-➿⬀-⯿⌀-⏿️⃣‍\U000e0020-\U000e007f〰〽㊗㊙⤴⤵©®™]+")
ARROW = re.compile(r"\s*(?:[←-⇿]|[-=]+>)\s*")
ABOUT = re.compile(r"(?<![\w~])~(?=\d)")
TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
MAILED = re.compile(r"(?<=\w)@(?=\w)")
LEFT_OVER = re.compile("[_@|~]")
EMPHASIS = re.compile(r"\*+|~~|`+|\|\||(?<!\w)_+|_+(?!\w)")
FANCY = re.compile("[\U0001d400-\U0001d7ff！-～ⅰ-ⅿ]+")
MARKED = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]{2})[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]+"
)
DRAGGED = re.compile(r"(\w)\1{3,}")
SHOUTED = re.compile(r"([!?.,;:…])(?:\s*[!?.,;:…])+")
ALONE = re.compile(r"\s+([,.;:!?…])")
HEARD = re.compile(r"\w")


def spoken(text: str, language: str = "en-US", names: Names = lambda id: "") -> str:
    """The text without what only eyes understand, on one line; empty where nothing is left.

    `language`: a locale, in which words replace signs. Code, addresses, long tables and spoilers
    are mentioned, not read out.
    """
    said = BLOCK.sub(f" {CODE.to(language)} ", _plain_letters(text))
    said = ESCAPED.sub(lambda found: chr(PRIVATE + ord(found[1])), said)
    said = NAMED_LINK.sub(r"\1", unmarked(said, language, names))
    said = URL.sub(lambda found: _address(found, language), said)
    said = EMOJI.sub(" ", SHORTCODE.sub(" ", said))
    said = TIMES.sub("×", ABOUT.sub("≈", lines(said, language)))
    said = EMPHASIS.sub("", said)
    return _tidied(_words(said, language))


def _plain_letters(text: str) -> str:
    """Ornamental alphabets as ordinary letters, without heaps of accents or control characters."""
    plain = FANCY.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    plain = MARKED.sub(r"\1", unicodedata.normalize("NFC", plain))
    return "".join(c for c in plain if c in "\n\u200d" or unicodedata.category(c)[0] != "C")


def _address(found: re.Match[str], language: str) -> str:
    end = URL_END.search(found[0])
    host = found[1].rstrip(".,!?;:…")
    return LINK.to(language, host=host) + (end[0].rstrip(">") if end else "")


def _words(text: str, language: str) -> str:
    for pattern, phrase in IN_FULL.items():
        text = re.sub(pattern, phrase.to(language), text, flags=re.I)
    text = ARROW.sub(", ", text)
    for sign, phrase in WORDS.items():
        text = text.replace(sign, f" {phrase.to(language)} ")
    text = MAILED.sub(MAIL.to(language), text)
    return LEFT_OVER.sub(" ", text)


def _tidied(text: str) -> str:
    visible = "".join(
        chr(ord(c) - PRIVATE) if PRIVATE <= ord(c) < PRIVATE + 128 else c for c in text
    )
    said = DRAGGED.sub(r"\1\1\1", SHOUTED.sub(_strongest, ALONE.sub(r"\1", visible)))
    said = " ".join(said.split()).lstrip(",.;: ")
    if not HEARD.search(said):
        return ""
    return said if said.endswith(STOPS) else f"{said}."


def _strongest(found: re.Match[str]) -> str:
    """Of several signs in a row the one that is heard most."""
    return next(sign for sign in "?!…:;.," if sign in found[0])
