"""Configured models that end soon, told to operators before they do."""

from collections.abc import Callable, Iterable
from datetime import date

from protege.journal import note
from protege.text import Text

SPEECH: dict[str, date] = dict.fromkeys(
    (
        *("tts-1", "tts-1-hd", "gpt-4o-mini-tts"),
        *("gpt-4o-mini-tts-2025-03-20", "gpt-4o-mini-tts-2025-12-15"),
    ),
    date(2027, 1, 6),
)
"""OpenAI's speech models and their last day: `GET /models` tells it of others only.
Source: the SDK's own documentation of `audio.speech.create`, and
https://developers.openai.com/api/docs/deprecations"""
USUAL_SPEECH = {"openai": "gpt-4o-mini-tts", "realtime": "gpt-realtime-2.1-mini"}
"""Model that speaks where `TTS` names one of these, and `TTS_MODEL` none."""
NOTICE_DAYS = 90
"""How long before a model's end it is told."""
ENDS = Text(
    "The provider shuts the model `{model}` down on {day}: an operator has to choose another.",
    "Провайдер отключает модель `{model}` {day}: оператору нужно выбрать другую.",
)


def endings(
    models: Iterable[str], shutdown: Callable[[str], date | None], today: date
) -> list[Text]:
    """What to tell of those that end within `NOTICE_DAYS` or have ended; it is logged, too."""
    found = []
    for model in sorted(set(filter(None, models))):
        day = shutdown(model)
        if day and (day - today).days <= NOTICE_DAYS:
            note("model ends", model=model, day=day.isoformat())
            about = {"model": model, "day": day.isoformat()}
            found.append(Text(ENDS.en.format(**about), ENDS.ru.format(**about)))
    return found
