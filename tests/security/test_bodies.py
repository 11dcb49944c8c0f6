"""Signed bodies that no JSON parser likes: answered 200 or 400, never with a crash."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from protege.discord.interaction import Interaction
from protege.errors import Malformed
from tests.person import Person
from tests.security.tally import Attacks

ATTACK = "malformed bodies"
MARK = '"MARK"'
MALFORMED = (400, b'{"error":"malformed"}')
ODD_KEYS = ("__proto__", "constructor", "__class__", "__init__", "__dict__", "self", "", "\x00")


def fresh(ada: Person, inside: str, **more: object) -> bytes:
    """A question with some text of JSON beside it."""
    payload = {**ada.command("ask", question="why?"), "extra": json.loads(MARK), **more}
    return json.dumps(payload, ensure_ascii=False).replace(MARK, inside).encode()


def nested() -> Iterator[str]:
    """Lists, objects and both, also around the depths at which Python's own parsers give up."""
    for depth in (10, 500, *range(900, 1_000), 5_000, *range(9_960, 10_000), 20_000, 100_000):
        yield "[" * depth + "]" * depth
        yield '{"a":' * depth + "1" + "}" * depth
        yield '[{"a":' * depth + "1" + "}]" * depth
        yield "[" * depth


@pytest.mark.parametrize("question", ["plain", "не plain"])
def test_no_depth_of_nesting_is_too_much(question: str, ada: Person, attacks: Attacks) -> None:
    """With other letters than ASCII the body is spelled anew for the queue: that nests, too."""
    for inside in nested():
        body = fresh(ada, inside, locale=question[:2], note=question)
        status, answer = ada.send(body)
        attacks.stopped(status == 200 or (status, answer) == MALFORMED, inside[:20])


NUMBERS: tuple[str, ...] = (
    "9" * 4_000,
    "9" * 5_000,
    "-" + "9" * 100_000,
    "1e999",
    "-1e999",
    "1e-999",
    "NaN",
)
NUMBERS += ("Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.", "1_000", "١٢")


@pytest.mark.parametrize("field", ["app_permissions", "attachment_size_limit", "extra", "type"])
def test_no_number_is_too_odd(field: str, ada: Person, attacks: Attacks) -> None:
    for number in NUMBERS:
        payload = {**ada.command("ask", question="why?"), field: json.loads(MARK)}
        status, _ = ada.send(json.dumps(payload).replace(MARK, number).encode())
        attacks.stopped(status in (200, 400), (field, number[:20]))


def test_a_number_that_is_none_is_no_permission(ada: Person, attacks: Attacks) -> None:
    ada.permissions = "0"
    for number in ("NaN", "Infinity", "1e3", "32.0", "true", '"０"', '"0x20"', '" 32"', "[32]"):
        payload = ada.payload(3, {"custom_id": "edit_instruction:", "component_type": 2})
        payload["member"]["permissions"] = json.loads(MARK)
        status, answer = ada.send(json.dumps(payload).replace(MARK, number).encode())
        attacks.stopped(status == 400 or b"Manage Server" in answer, number)


ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1251", "cp037")


def test_only_utf_8_is_read(ada: Person, attacks: Attacks) -> None:
    for encoding in ENCODINGS:
        body = fresh(ada, '"x"', locale="ж").decode().encode(encoding, "replace")
        attacks.stopped(ada.send(body) == MALFORMED, encoding)
    for junk in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x28\xa1"):
        attacks.stopped(ada.send(fresh(ada, '"x"').replace(b"why", junk)) == MALFORMED, junk)


def test_the_last_of_two_equal_keys_counts_everywhere(ada: Person, attacks: Attacks) -> None:
    """Here and in the worker: else one of them checks what the other does not run."""
    ada.permissions = "0"
    payload = ada.payload(5, {"custom_id": "instruction_edited:", "components": []})
    text = json.dumps(payload)
    first = text.replace('"permissions": "0"', '"permissions": "32", "permissions": "0"')
    attacks.stopped(b"Manage Server" in ada.send(first.encode())[1], first)
    found = Interaction.parse(first.encode()), Interaction.parse(text.encode())
    attacks.stopped(found[0].permissions == found[1].permissions == 0, found)


@pytest.mark.parametrize("key", ODD_KEYS)
def test_keys_that_mean_something_to_a_language_mean_nothing(
    key: str, ada: Person, attacks: Attacks
) -> None:
    payload = ada.command("ask", question="why?")
    payload["data"]["options"].append({"name": key, "type": 3, "value": "hacked"})
    hooked = {**payload, key: {"admin": True, "__proto__": {"permissions": "8"}}}
    hooked["data"] = {**payload["data"], key: hooked[key]}
    attacks.stopped(ada.send(json.dumps(hooked).encode())[0] in (200, 400), key)
    named = ada.payload(2, {"name": key or "x", "type": 1})
    status, answer = ada.send(json.dumps(named).encode())
    attacks.stopped(status == 400 or b"no longer know" in answer, key)
    routed = ada.payload(3, {"custom_id": f"{key}:{key}", "component_type": 2})
    attacks.stopped(b"no longer know" in ada.send(json.dumps(routed).encode())[1], key)


def test_more_than_a_queue_takes_is_refused(ada: Person, attacks: Attacks) -> None:
    """Lambda hands over up to 6 MB; SQS takes 256 KB."""
    for size in (262_145, 1 << 20, 6 << 20):
        attacks.stopped(ada.send(fresh(ada, f'"{"x" * size}"')) == MALFORMED, size)
    wide = ",".join(f'"k{number}":{number}' for number in range(100_000))
    attacks.stopped(ada.send(fresh(ada, f"{{{wide}}}")) == MALFORMED, "wide")
    attacks.stopped(ada.send(fresh(ada, f"[{'0,' * 500_000}0]")) == MALFORMED, "long")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(ODD_KEYS), inside, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ("id", "application_id", "type", "token", "data", "member", "user", "guild_id", "message")


@seed(1)
@settings(max_examples=300, database=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.integers(1, 5) | JSON)
def test_whatever_the_fields_hold_it_is_read_or_malformed(changes: object, kind: object) -> None:
    payload = {"id": "1", "application_id": "1", "token": "t", "user": {"id": "1"}}
    payload |= {"type": kind, "data": {"name": "x"}, **changes}  # type: ignore[dict-item]
    for body in (json.dumps(payload), json.dumps(payload, ensure_ascii=False)):
        raw = body.encode(errors="surrogatepass")
        try:
            assert isinstance(Interaction.parse(raw), Interaction)
        except Malformed:
            continue
