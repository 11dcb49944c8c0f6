"""Which answers an interaction may get.

Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Sequence
from typing import Any

from playground.discord.errors import Faults, typed
from playground.discord.files import Upload
from playground.discord.rules.forms import check_form
from playground.discord.rules.messages import check_message
from playground.discord.sessions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Session

Json = dict[str, Any]
MESSAGE, THINKING, LATER_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: (MESSAGE, THINKING, FORM),
    COMPONENT: (MESSAGE, THINKING, LATER_UPDATE, UPDATE, FORM),
    AUTOCOMPLETE: (CHOICES,),
    MODAL: (MESSAGE, THINKING),
}
FORM_UNDER_MESSAGE = (*ALLOWED[MODAL], LATER_UPDATE, UPDATE)
"""A form that a button opened may also change the button's message."""


@typed
def check_answer(session: Session, answer: Any, uploads: Sequence[Upload] = ()) -> None:
    """Raises ApiError (50035)."""
    faults = Faults()
    kind = answer.get("type") if isinstance(answer, dict) else None
    under = session.kind == MODAL and session.message
    allowed = FORM_UNDER_MESSAGE if under else ALLOWED[session.kind]
    faults.check(
        kind in allowed,
        "type",
        f"Response type {kind} is not valid for this interaction: one of {allowed} is.",
        "INTERACTION_RESPONSE_TYPE_INVALID",
    )
    faults.answer()
    data = answer.get("data") or {}
    if kind in (MESSAGE, UPDATE):
        check_message(data, uploads, editing=kind == UPDATE)
    elif kind == FORM:
        check_form(data)
    elif kind == CHOICES:
        _check_choices(faults, data.get("choices") or [])


def _check_choices(faults: Faults, choices: list[Json]) -> None:
    faults.count("data.choices", choices, 0, 25)
    for number, choice in enumerate(choices):
        at = f"data.choices.{number}"
        faults.length(f"{at}.name", choice.get("name", ""), 1, 100)
        if isinstance(choice.get("value"), str):
            faults.length(f"{at}.value", choice["value"], 0, 100)
    faults.answer()
