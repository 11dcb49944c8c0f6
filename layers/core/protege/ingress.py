"""Answer Discord within three seconds: at once if it is quick, else "thinking" and a queued note.

What runs here only reads the request (and, for suggestions, storage): the same request brings the
same answer. All that writes runs in the worker, which does it once.
"""

import json
from collections import OrderedDict
from functools import lru_cache
from typing import Any, NamedTuple

from protege import metrics
from protege.app import App
from protege.commands.table import TABLE
from protege.discord.interaction import Interaction, Kind
from protege.discord.reply import PONG, Choices, Form, Reply, deferred
from protege.discord.signature import verify
from protege.errors import BotError, Malformed
from protege.journal import detail, note, trouble
from protege.jsontext import encode
from protege.text import Text
from protege.ui.dispatch import BROKEN, refusal, run, suggest
from protege.ui.lookup import Entry, find

REMEMBERED = 4096
LONGEST_S = 60.0
"""No request waits for so long; one that seems to is a sample, or a clock is wrong."""
UNKNOWN = TABLE["slash", "unknown"]
BUSY = Text(
    en="I cannot take this on right now. Please try again in a minute.",
    ru="Сейчас не могу за это взяться. Попробуйте, пожалуйста, через минуту.",
)


class Response(NamedTuple):
    """An HTTP answer; `body` is JSON."""

    status: int
    body: bytes


def _json(value: dict[str, Any]) -> Response:
    return Response(200, encode(value).encode())


@lru_cache(64)
def _spelled(answer: Reply | Form) -> Response:
    """What is answered at once is mostly said over and over: in a language, always the same."""
    return _json(answer.response())


PONGED = _json(PONG)
THINKING = {private: _json(deferred(private=private)) for private in (False, True)}
UNAUTHORIZED = Response(401, b'{"error":"unauthorized"}')
MALFORMED = Response(400, b'{"error":"malformed"}')
_answered: "OrderedDict[str, Response]" = OrderedDict()


def respond(
    app: App, body: bytes, signature: str, timestamp: str, *, since: float = 0.0
) -> Response:
    """Answer one request: 401 unless Discord signed it, 400 if it is nonsense, never a 5xx.

    `body`: the raw bytes as they were signed; `signature`, `timestamp`: the values of the headers
    X-Signature-Ed25519 and X-Signature-Timestamp, empty where absent; `since`: seconds since the
    epoch at which the request reached us, where somebody before us knows; 0: nobody does.
    """
    now, age = app.now(), app.config.signature_max_age_s
    if not verify(app.public_key, signature, timestamp, body, now=now, max_age_s=age):
        detail("refused")
        return UNAUTHORIZED
    try:
        interaction = Interaction.parse(body)
        if interaction.kind is Kind.PING:
            note("ping")
            return PONGED
        return _told(app, interaction, body, since if 0 <= now - since < LONGEST_S else now)
    except Malformed as error:
        note("malformed", why=str(error))
        return MALFORMED


def _told(app: App, interaction: Interaction, body: bytes, since: float) -> Response:
    """Answer it, and say in the log and in numbers that and how fast.

    A second delivery gets the first answer again, unless that was that we were busy.
    """
    entry = find(TABLE, interaction)
    known = _answered.get(interaction.id)
    if known:
        note("repeated", **_about(interaction, entry))
        return known
    response = _remembered(app, interaction, entry, body)
    fields = _about(interaction, entry)
    fields["ms"] = ms = round((app.now() - since) * 1000, 1)
    if interaction.kind is Kind.AUTOCOMPLETE:
        metrics.count_all({"AckMs": ms}, fields["command"], fields["guild"])
        detail("suggested", **fields)
    else:
        metrics.note_all("acknowledged", {"AckMs": ms, "Interactions": 1}, fields)
    return response


def _about(interaction: Interaction, entry: Entry) -> dict[str, Any]:
    """What its lines carry. Names that are none of ours would be metrics without end."""
    return {
        "interaction": interaction.id,
        "guild": interaction.guild or "private",
        "command": "unknown" if entry is UNKNOWN else interaction.name,
        "runs": entry.runs,
    }


def _remembered(app: App, interaction: Interaction, entry: Entry, body: bytes) -> Response:
    try:
        response = _answer(app, interaction, entry, body)
    except Malformed:
        raise
    except BotError as error:  # SQS may call its own refusals by many names
        _trouble("queue", error, interaction, entry)
        return _json(Reply(BUSY.to(interaction.locale), private=True).response())
    _answered[interaction.id] = response
    if len(_answered) > REMEMBERED:
        _answered.popitem(last=False)
    return response


def _trouble(event: str, error: Exception, interaction: Interaction, entry: Entry) -> None:
    fields = _about(interaction, entry)
    trouble(event, error, **fields)
    metrics.count_all({"Errors": 1}, fields["command"], fields["guild"])


def _answer(app: App, interaction: Interaction, entry: Entry, body: bytes) -> Response:
    if interaction.kind is Kind.AUTOCOMPLETE:
        return _json(_suggestions(app, entry, interaction).response())
    refused = refusal(entry.needs, interaction, lambda: _trainers(app, interaction))
    if refused:
        return _json(refused.response())
    if entry.runs == "later":
        _enqueue(app, body)
        return THINKING[entry.private]
    try:
        return _spelled(run(entry.load(), app.context(interaction), interaction))
    except Malformed:
        raise
    except Exception as error:
        _trouble("handler", error, interaction, entry)
        broken = Reply(BROKEN.to(interaction.locale, id=interaction.id), private=True)
        return _json(broken.response())


def _trainers(app: App, interaction: Interaction) -> str:
    return app.settings.rules(interaction.space).trainer_role


def _enqueue(app: App, body: bytes) -> None:
    """Leave the body for the worker, spelled so that SQS takes every character of it."""
    try:
        app.queue.put(body.decode() if body.isascii() else json.dumps(json.loads(body)))
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from None


def _suggestions(app: App, entry: Entry, interaction: Interaction) -> Choices:
    try:
        return suggest(entry.load(), app.context(interaction), interaction)
    except Exception as error:
        _trouble("suggestions", error, interaction, entry)
        return Choices(())
