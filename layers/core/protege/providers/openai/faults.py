"""The SDK's errors in our own."""

import time
from email.utils import parsedate_to_datetime

import openai

from protege.errors import BotError, UserError
from protege.providers.refusals import (
    NO_KEY,
    NO_MODEL,
    NOT_ALLOWED,
    QUOTA,
    REFUSED,
    TOO_LONG,
    Passing,
)
from protege.text import Text

PASSING = {408, 409, 429}
NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
"""Codes of a 429 that waiting does not mend.
https://developers.openai.com/api/docs/guides/error-codes"""
LONG = ("context_length", "context length", "context_size", "context window")
"""In codes and messages of OpenAI, vLLM and llama.cpp when the prompt does not fit."""
TEXTS: dict[int, Text] = {401: NO_KEY, 403: NOT_ALLOWED, 404: NO_MODEL, 413: TOO_LONG}


def fault(error: openai.OpenAIError, model: str, setting: str = "OPENAI_API_KEY") -> BotError:
    """The error to raise: UserError, or Passing where another try may help.

    `setting`: where the key comes from. Messages of the provider are never passed on: they may
    quote the question.
    """
    if isinstance(error, openai.APIStatusError):
        return _refusal(error, model, setting)
    if not isinstance(error, openai.APIError):  # no credentials to sign with, for one
        return UserError(NO_KEY, setting=setting)
    if _too_long(error):
        return UserError(TOO_LONG)
    return Passing(f"{type(error).__name__} {error.code or ''}".strip())


def _refusal(error: openai.APIStatusError, model: str, setting: str) -> BotError:
    status = error.status_code
    if status == 429 and NO_CREDIT & {error.code, error.type}:
        return UserError(QUOTA)
    if status in PASSING or status >= 500:
        return Passing(f"status {status}", _wait_s(error))
    if _too_long(error):
        return UserError(TOO_LONG)
    return UserError(TEXTS.get(status, REFUSED), model=model, setting=setting)


def _too_long(error: openai.APIError) -> bool:
    said = f"{error.code} {error.type} {error.message}".lower()
    return any(words in said for words in LONG)


def _wait_s(error: openai.APIStatusError) -> float | None:
    """Retry-After in seconds or as a date (RFC 9110, 10.2.3), or OpenAI's in milliseconds."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * unit)
        except ValueError:
            continue
    try:
        when = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())
