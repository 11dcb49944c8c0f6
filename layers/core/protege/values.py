"""What values settings may have."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

PUBLIC_KEY = re.compile(r"[0-9a-fA-F]{64}").fullmatch
SECRETS = {
    "discord_bot_token": "discord-bot-token",
    "openai_api_key": "openai-api-key",
    "fine_tuning_api_key": "fine-tuning-api-key",
    "openai_webhook_secret": "openai-webhook-secret",
}
"""Settings that on AWS come from SSM parameters of these names under `SECRETS_PREFIX`."""
CHOICES = {
    "provider": ("local", "openai", "bedrock"),
    "openai_api": ("responses", "chat"),
    "openai_moderation": ("off", "questions", "answers", "both"),
    "bedrock_endpoint": ("mantle", "runtime"),
    "fine_tuning_api": ("chat", "responses"),
    "voice": ("on_demand", "always", "off"),
    "stt": ("offline", "openai", "google", "vosk", "whisper", "faster-whisper"),
    "tts": ("espeak", "gtts", "openai", "realtime", "piper"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
    "metrics_by": ("stack", "command", "guild"),
}
"""Settings that know these values only."""
LEAST = {
    "guild_budget_tokens": 0,
    "rate_person": 0,
    "rate_guild": 0,
    "voice_idle_s": 1,
    "voice_health_port": 0,
    "metrics_port": 0,
    "stt_timeout_s": 1,
    "sound_max_s": 1,
    "endpoint_s": 0.1,
    "utterance_max_s": 1,
}
"""Settings that make no sense below these numbers."""

KINDS = {int: "a whole number", float: "a number"}


class ConfigError(ValueError):
    """A setting is missing or makes no sense; the message names it."""


def given(env: Mapping[str, str], kinds: Mapping[str, Any], *, keyless: bool) -> dict[str, Any]:
    """The settings that are set: `DISCORD_API` is `discord_api`. `kinds`: the type of each.
    `keyless`: for who checks no signatures and may do without the public key. Raises ConfigError.
    """
    found = {name: env[name.upper()] for name in kinds if env.get(name.upper())}
    if "discord_public_key" not in found and not keyless:
        raise ConfigError("DISCORD_PUBLIC_KEY is not set")
    if not PUBLIC_KEY(found.get("discord_public_key", "0" * 64)):
        raise ConfigError("DISCORD_PUBLIC_KEY is not 64 hex digits")
    return {name: _typed(name, kinds[name], value) for name, value in found.items()}


def _typed(name: str, kind: Any, value: str) -> Any:
    choices = CHOICES.get(name, (value,))
    if value not in choices:
        raise ConfigError(f"{name.upper()} is none of {', '.join(choices)}: {value!r}")
    if kind not in KINDS:
        return value.strip()
    try:
        found = kind(value)
    except ValueError:
        raise ConfigError(f"{name.upper()} is not {KINDS[kind]}: {value!r}") from None
    if not isfinite(found):
        raise ConfigError(f"{name.upper()} is not {KINDS[kind]}: {value!r}")
    if found < LEAST.get(name, found):
        raise ConfigError(f"{name.upper()} is less than {LEAST[name]}: {value!r}")
    return found
