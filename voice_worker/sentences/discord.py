"""Discord's own marks in a text: mentions, emoji, times, commands, spoilers.

Source: https://docs.discord.com/developers/reference#message-formatting
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from voice_worker.sentences.phrases import AT, CHANNEL, MONTHS, ROLE, SOMEONE, SPOILER

Names = Callable[[str], str]
"""A person's name by their id; empty where it is not known."""
MARK = re.compile(
    r"<(?P<kind>@!?|@&|#)(?P<id>\d{1,20})>"
    r"|<a?:\w{1,32}:\d{1,20}>"
    r"|<t:(?P<unix>-?\d{1,13})(?::(?P<style>[tTdDfFsSR]))?>"
    r"|</(?P<command>[^:>\n]{1,100}):\d{1,20}>"
    r"|<id:\w+(?::\d+)?>"
    r"|\|\|(?P<spoiler>(?:(?!\|\|).)+)\|\|",
    re.DOTALL,
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_ONLY, DATE_ONLY = ("t", "T"), ("d", "D", "R")


def unmarked(text: str, language: str, names: Names) -> str:
    """The text with words instead of marks; emoji of a server are dropped, as spoilers are."""
    return MARK.sub(lambda mark: _said(mark, language, names), text)


def _said(mark: re.Match[str], language: str, names: Names) -> str:
    if mark["kind"] in ("@", "@!"):
        return names(mark["id"]) or SOMEONE.to(language)
    if mark["kind"]:
        return (ROLE if mark["kind"] == "@&" else CHANNEL).to(language)
    if mark["unix"]:
        return _time(int(mark["unix"]), mark["style"] or "f", language)
    if mark["spoiler"]:
        return SPOILER.to(language)
    return mark["command"] or ""


def _time(unix: int, style: str, language: str) -> str:
    """Where the listeners' clocks stand nobody knows, so it is UTC and says so."""
    try:
        at = EPOCH + timedelta(seconds=unix)
    except OverflowError:
        return ""
    month = MONTHS.to(language).split()[at.month - 1]
    date = AT.to(language, month=month, day=at.day, year=at.year)
    clock = f"{at:%H:%M} UTC"
    if style in CLOCK_ONLY:
        return clock
    return date if style in DATE_ONLY else f"{date}, {clock}"
