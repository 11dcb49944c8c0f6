"""Configured models that end soon, told to operators before they do."""

from collections.abc import Callable, Iterable
from datetime import date

from protege.journal import note
from protege.text import Text

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
