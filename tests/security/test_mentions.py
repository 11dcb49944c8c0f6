"""Nobody is pinged, whatever people write: every message that leaves says so."""

import json
from collections.abc import Iterator
from typing import Any

from protege.discord.reply import Button, Embed, File, Form, Reply
from tests.person import Person
from tests.recorder import Call
from tests.security.mutations import changed, paths, payloads
from tests.security.tally import Attacks

ATTACK = "mass mentions"
PINGS = "@everyone @here <@&77> <@42> <@!42> <#88> @everyone\u200b \uff20everyone"
NOBODY: dict[str, list[str]] = {"parse": []}
TEXT, INPUT = 3, 4
"""Types of options and fields in which people write."""


def messages(value: Any) -> Iterator[dict[str, Any]]:
    """Messages in what we answered or sent, wherever they stand."""
    if isinstance(value, dict):
        if "content" in value or "embeds" in value:
            yield value
        for inside in value.values():
            yield from messages(inside)


def quiet(found: Any) -> bool:
    return all(message.get("allowed_mentions") == NOBODY for message in messages(found))


def shouting(payload: dict[str, Any]) -> dict[str, Any]:
    """The same interaction, its person and their words full of pings."""
    found: Any = payload
    for path in paths(payload):
        last, place = path[-1], found
        for step in path[:-1]:
            place = place[step]
        typed = isinstance(place, dict) and place.get("type") in (TEXT, INPUT)
        words = last == "value" and isinstance(place[last], str) and typed
        if words or last in ("username", "global_name", "nick", "filename"):
            found = changed(found, path, PINGS)
    whole: dict[str, Any] = found
    return whole


def sent(ada: Person, start: int) -> list[Call]:
    return [call for call in ada.discord.calls[start:] if isinstance(call.body, dict)]


def test_no_answer_to_any_event_pings_anybody(ada: Person, attacks: Attacks) -> None:
    counted = 0
    for number, (name, payload) in enumerate(payloads().items()):
        start = len(ada.discord.calls)
        fresh = {"id": str(10**17 + number), "token": f"loud{number}"}
        status, answer = ada.send(json.dumps({**shouting(payload), **fresh}).encode())
        assert status == 200, name
        attacks.stopped(quiet(json.loads(answer)), (name, answer))
        ada.wait()
        for call in sent(ada, start):
            counted += len(list(messages(call.body)))
            attacks.stopped(quiet(call.body), (name, call.path, call.body))
    assert counted > len(payloads()) / 2, "most of them are answered"


def test_jobs_and_answers_ping_nobody_from_their_beginning_to_their_end(
    ada: Person, attacks: Attacks
) -> None:
    ada.slash("train", data=f"What is {PINGS}? => It is {PINGS}.", data_dir="faq")
    ada.slash("ask", question=f"What is {PINGS}?")
    for button in ada.buttons:
        ada.press(button)
    ada.slash("compare", question=f"What is {PINGS}?")
    ada.slash("archive", directory="faq")
    ada.slash("test", test_data=json.dumps([{"input": PINGS, "expected": PINGS}]))
    ada.slash("feedback", feedback_text=PINGS)
    ada.slash("review")
    ada.slash("dataset show", path="faq")
    calls = [call for call in sent(ada, 0) if list(messages(call.body))]
    assert any("@everyone" in json.dumps(call.body) for call in calls), "else it proves nothing"
    for call in calls:
        attacks.stopped(quiet(call.body), (call.path, call.body))


def test_no_kind_of_reply_can_ping(attacks: Attacks) -> None:
    reply = Reply(
        PINGS,
        buttons=(Button("x:1", PINGS, "👍"),) * 7,
        files=(File(PINGS, b""),),
        embed=Embed(PINGS, PINGS, PINGS),
    )
    for one in (reply, Reply(PINGS), Reply("", embed=reply.embed), Reply("", private=True)):
        attacks.stopped(one.message()["allowed_mentions"] == NOBODY, one)
        attacks.stopped(one.response()["data"]["allowed_mentions"] == NOBODY, one)
    form = Form(PINGS, "x:1", ()).response()
    attacks.stopped("content" not in form["data"], form)
