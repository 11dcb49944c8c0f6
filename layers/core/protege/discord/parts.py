"""Cutting a reply into messages that Discord takes."""

import re

from protege.discord.reply import LONGEST_CONTENT, File, Reply

MOST_MESSAGES = 4
FENCE = "```"
ENDS = (r"\n\n", r"\n", r"[.!?…]['\"»”)]*\s", r"\s")
"""Where to cut, best first: paragraphs, lines, sentences, words."""


def parts(reply: Reply) -> list[Reply]:
    """One reply as several, each of at most 2,000 characters and none of them empty.

    Up to four messages; what is longer stands in full in an attached file under its beginning.
    The last message carries buttons, files and the way back to the answer.
    """
    cut = split(reply.content)
    if len(cut) > MOST_MESSAGES:
        whole = File("answer.md", reply.content.encode(), "text/markdown; charset=utf-8")
        first = split(reply.content, LONGEST_CONTENT - 2)[0]
        return [reply._replace(content=f"{first} …", files=(*reply.files, whole))]
    *before, last = cut
    plain = [Reply(content, private=reply.private, answer=reply.answer) for content in before]
    return [*plain, reply._replace(content=last)]


def split(content: str, longest: int = LONGEST_CONTENT) -> list[str]:
    """Cut a text at paragraph, line, sentence or word ends, in this order of preference.

    A code block that is cut is closed and opened again, so that each piece renders by itself.
    """
    pieces: list[str] = []
    rest = content.strip()
    while len(rest) > longest:
        room = longest - 2 * len(FENCE) - 2 if FENCE in rest else longest
        at = _cut(rest, room)
        piece, rest = rest[:at].rstrip(), rest[at:].lstrip("\n ")
        if piece.count(FENCE) % 2:
            piece, rest = f"{piece}\n{FENCE}", f"{FENCE}\n{rest}"
        pieces.append(piece)
    return [*pieces, rest] if rest or not pieces else pieces


def _cut(text: str, room: int) -> int:
    """Where to cut: the piece has at most `room` characters and is not needlessly short."""
    for end in ENDS:
        found = [m.end() for m in re.finditer(end, text[:room])]
        if found and found[-1] > room // 3:
            return found[-1]
    return room
