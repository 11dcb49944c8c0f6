"""What each secret is, and how one looks: a wrong paste is noticed before it is stored."""

import re
from typing import NamedTuple

from protege.config import SECRETS

TOKEN = re.compile(r"[\w.-]{20,}").fullmatch
"""Whether it is one, Discord says. Source: https://docs.discord.com/developers/reference"""
KEY = re.compile(r"[!-~]{8,}").fullmatch
"""Other servers than OpenAI's have keys of any form."""
SIGNING = re.compile(r"whsec_[A-Za-z0-9+/=]{16,}").fullmatch
"""Source: https://www.standardwebhooks.com"""


class Form(NamedTuple):
    """`name`: under the stack's path in SSM; `variable`: on one machine; `without`: what it means
    that there is none."""

    name: str
    variable: str
    what: str
    without: str


_ABOUT = {
    "discord_bot_token": ("Discord bot token", "MISSING: the bot cannot do without"),
    "openai_api_key": (
        "Key of the OpenAI-compatible API",
        "not set: for Provider=openai",
    ),
    "fine_tuning_api_key": ("Key of another fine-tuning API", "not set: for FineTuningBaseUrl"),
    "openai_webhook_secret": ("Secret of OpenAI's webhooks", "not set: jobs are asked after"),
}
FORMS = tuple(Form(name, setting.upper(), *_ABOUT[setting]) for setting, name in SECRETS.items())


def wrong(form: Form, value: str) -> str:
    """What is wrong with the form of a secret, without quoting it; "" if nothing."""
    if form.variable == "DISCORD_BOT_TOKEN":
        if value.lower().startswith(("bot ", "bearer ")):
            return "the word before the token does not belong to it"
        return "" if TOKEN(value) else "a bot token is one word of letters, digits, dots and dashes"
    if form.variable == "OPENAI_WEBHOOK_SECRET":
        return "" if SIGNING(value) else "a webhook's secret begins with whsec_"
    return "" if KEY(value) else "a key has no spaces and eight characters at least"
