"""What models cost."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from protege.config import ConfigError
from protege.providers import Usage

MILLION = 1_000_000


class Price(NamedTuple):
    """Dollars for a million tokens. `training`: None where nobody told us; `minute`: of sound."""

    input: float
    output: float
    training: float | None = None
    minute: float = 0.0

    def of(self, usage: Usage) -> float:
        """Dollars for a call."""
        tokens = (usage.input * self.input + usage.output * self.output) / MILLION
        return tokens + usage.seconds / 60 * self.minute


DEFAULTS = {
    "gpt-6-luna": Price(0.10, 0.50),
    "gpt-6.1-terra": Price(1.0, 5.0),
    "gpt-6.1-sol": Price(2.0, 10.0),
    "gpt-6-astra": Price(10.0, 50.0),
    "tts-1": Price(15.0, 0.0),
    "tts-1-hd": Price(30.0, 0.0),
    "gpt-4o-mini-tts": Price(0.60, 12.0),
    "gpt-4o-mini-tts-2025-12-15": Price(0.60, 12.0),
    "gpt-transcribe": Price(0.0, 0.0, minute=0.0045),
    "gpt-realtime-2.1": Price(4.0, 64.0),
    "gpt-realtime-2.1-mini": Price(0.60, 20.0),
}
"""As OpenAI's price list had them on 2026-11-21. Of `tts-1` a letter counts as a token; of a
realtime model, which speaks, all that it makes counts as sound (its text would be cheaper).
"""
FORM = (
    'MODEL_PRICES is not like {"model": {"in": 0.1, "out": 0.5, "training": 3}} '
    'or {"model": {"minute": 0.0045}}'
)


class Prices:
    """Prices by a model's id, or by how it begins (`ft:gpt-4.1-mini` for all made of that)."""

    def __init__(self, prices: Mapping[str, Price]) -> None:
        self._prices = prices

    @classmethod
    def read(cls, setting: str) -> "Prices":
        """The setting MODEL_PRICES (JSON, may be empty) over the defaults. Raises ConfigError."""
        try:
            given = json.loads(setting or "{}")
            prices = {model: _price(about) for model, about in given.items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ConfigError(FORM) from None
        return cls({**DEFAULTS, **prices})

    def of(self, model: str) -> Price | None:
        """The price of a model; None where it is not known: prices are never guessed."""
        if model in self._prices:
            return self._prices[model]
        starts = [name for name in self._prices if model.startswith(f"{name}:")]
        return self._prices[max(starts, key=len)] if starts else None

    def cost(self, model: str, usage: Usage) -> float | None:
        """Dollars for a call of a model; None where its price is not known."""
        price = self.of(model)
        return price.of(usage) if price else None


def _price(about: Mapping[str, float]) -> Price:
    """By tokens, by the minute, or both; one of the two must be told."""
    training, minute = about.get("training"), float(about.get("minute", 0.0))
    if "minute" in about and "in" not in about and "out" not in about:
        return Price(0.0, 0.0, minute=minute)
    return Price(
        float(about["in"]),
        float(about["out"]),
        None if training is None else float(training),
        minute,
    )
