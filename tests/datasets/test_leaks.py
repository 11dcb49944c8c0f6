"""Secrets and personal data: found, told apart from what only looks like them, never shown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.datasets.report import Inspector, words
from protege.datasets.report.leaks import leaks, masked
from protege.datasets.rows import Row

DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END RSA PRIVATE KEY-----"
LEAKS = {
    DISCORD: "a Discord bot token",
    "sk-" + "proj-abcDEF1234567890abcdef": "a secret key or token",
    "AKIA" + "IOSFODNN7EXAMPLE": "a secret key or token",
    "ghp_" + "a1B2" * 9: "a secret key or token",
    "xoxb-" + "123456789012-abcdefABCDEF": "a secret key or token",
    KEY: "a private key",
    "Bearer abcdef.1234567890-abcdef": "an access token",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.abcdefgh": "an access token",
    "123456789:AA" + "F" * 33: "a Telegram bot token",
    "password=hunter2": "a password",
    "DB_PASSWORD: s3cret!": "a password",
    "пароль: qwerty12": "a password",
    "api_key = 'abcd1234'": "a password",
    "4111 1111 1111 1111": "a bank card's number",
    "2200-0000-0000-0004": "a bank card's number",
    "378282246310005": "a bank card's number",
    "bob.smith+news@mail.gmail.com": "an e-mail address",
    "+7 (916) 123-45-67": "a phone number",
    "8 916 123-45-67": "a phone number",
    "89161234567": "a phone number",
    "8 (495) 123-45-67": "a phone number",
    "+49 30 901820 11": "a phone number",
    "(415) 555-2671": "a phone number",
}
HARMLESS = (
    "8 800 555-35-35",
    "order 12345678901",
    "1300000000000000001",
    "4111 1111 1111 1112",
    "2026-11-21 10:00",
    "Password: press the link",
    "password=<your password>",
    "password=${SECRET}",
    "What is a token?",
    "task-oriented-risk-management-plan",
    "https://example.com/a-rather-long-path/of-many-words",
    "someone@example.com",
    "a@b",
    "version 1.2.3.4.5.6.7.8.9.10",
    "-----BEGIN CERTIFICATE-----",
)


@pytest.mark.parametrize("leak", LEAKS)
def test_it_is_found_wherever_it_stands_and_masked(leak: str) -> None:
    for text in (leak, f"Please use {leak} for it", f"Вот он: {leak}"):
        assert [found.leak.what.en for found in leaks(text)] == [LEAKS[leak]], text
        hidden = leak.split("-----")[2] if leak == KEY else leak[-6:]
        assert hidden not in masked(text) and "•••" in masked(text)
        assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert leaks(f"See {text} here") == [] and masked(f"See {text} here") == f"See {text} here"


def test_several_in_one_text_are_all_found() -> None:
    text = f"{DISCORD}, bob@gmail.com or +7 916 123-45-67, card 4111111111111111"
    assert len(leaks(text)) == 4


def test_personal_data_may_stay_where_only_secrets_are_masked() -> None:
    text = "bob@gmail.com, password=hunter2"
    assert masked(text, personal=False) == "bob@gmail.com, password=•••"


@pytest.mark.parametrize("leak", LEAKS)
def test_no_part_of_a_report_shows_one_whole(leak: str) -> None:
    inspector = Inspector()
    inspector.see(Row(1, f"Is {leak} the one?", f"Yes: {leak}", ""))
    inspector.see(Row(2, f"Is {leak} the one?", "No.", ""))
    inspector.see(Row(3, f"Is  {leak} the onee?", "No.", f"Yes: {leak}"))
    report = inspector.report()
    said = words(report, "en") + words(report, "ru") + json.dumps(report.as_json())
    assert LEAKS[leak] in said
    assert leak not in said and json.dumps(leak)[1:-1] not in said


def test_rows_are_named_with_each_kind() -> None:
    inspector = Inspector()
    for number, text in enumerate(["a@gmail.com", "b@gmail.com and c@gmail.com", "no"], 1):
        inspector.see(Row(number, f"Question {number}?", text, ""))
    [finding] = inspector.report().findings
    assert (finding.kind, finding.times) == ("personal", 2)
    assert [place.row for place in finding.places] == [1, 2]
    assert "👤 rows 1, 2: an e-mail address (a•••@g•••)" in words(inspector.report(), "en")
    assert "👤 строки 1, 2: адрес почты" in words(inspector.report(), "ru")


@given(st.text())
def test_no_text_makes_it_crash(text: str) -> None:
    masked(text)
    leaks(text)


@given(st.integers(10**14, 10**15 - 1))
def test_a_card_with_a_wrong_last_digit_is_none(number: int) -> None:
    base = f"4{number}"[:15]
    found = [d for d in "0123456789" if any(f.leak.kind == "secret" for f in leaks(base + d))]
    assert len(found) == 1, "exactly one last digit is right"
