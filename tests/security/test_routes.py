"""Buttons and forms with custom_ids that we never made, pressed by those who may not."""

import itertools
import json
from typing import Any

from protege.commands.inventory import ACTIONS
from protege.ui.declare import Action
from tests.person import GUILD, Person
from tests.security.tally import Attacks

ATTACK = "custom_id tampering"
PRESSED = [action for action in ACTIONS if action.surface in ("button", "modal")]
GUARDED = [action for action in PRESSED if action.needs]
ARGUMENTS = (
    "", ":", "0", "-1", "1", "99999999999999999999", "1.5", "٢", "²", "v1", "1.csv", "1.../x",
    "../../78/models/1", "guilds/78/x", "True", "a" * 60, "\x00", "\n", "{}", "1/2/3", "1:2:3",
    "x/-1", "😀", "@everyone", "m", "a.1300", "tie.1", "78", GUILD, f"{GUILD}/1",
)  # fmt: skip
"""Versions, ids, pages and paths, of nobody and of others."""
MOST = 100


def tried(who: Person, action: Action, route: str) -> str:
    """Press or send it; all that comes of it."""
    start = len(who.discord.calls)
    if action.surface == "button":
        answer = who.press(route)
    else:
        fields = {parameter.name: "hacked" for parameter in action.parameters}
        answer = who.submit({"data": {"custom_id": route}}, **fields)
    return f"{answer}{who.discord.calls[start:]!r}"


def test_who_may_not_is_refused_whatever_the_route_says(ada: Person, attacks: Attacks) -> None:
    """Discord guards commands, but neither buttons nor forms."""
    for action, argument in itertools.product(GUARDED, ("", "1", "a" * 40)):
        for permissions in ("0", str(~32 & 0xFFFF), "", None, "16"):
            ada.permissions = permissions  # type: ignore[assignment]
            told = tried(ada, action, f"{action.name}:{argument}")
            attacks.stopped("Manage Server" in told, (action.name, permissions, told[:200]))
    attacks.stopped(ada.app.queue.receive(wait_s=0, lease_s=1) is None, "it was queued")


def test_no_argument_breaks_an_action(ada: Person, attacks: Attacks) -> None:
    for action, argument in itertools.product(PRESSED, ARGUMENTS):
        route = f"{action.name}:{argument}"
        told = tried(ada, action, route)
        attacks.stopped("went wrong" not in told, (route, told[:300]))


def test_routes_lead_to_nothing_but_declared_actions(ada: Person, attacks: Attacks) -> None:
    """Not to commands, not to forms from a button, not to anything that Python finds."""
    names = {action.name for action in PRESSED}
    inside = ("__init__", "load", "handler", "sys", "os.system", "protege.app", "unknown", "ask")
    commands = [action.name for action in ACTIONS if action.name not in names]
    for name in (*inside, *commands, *(name.upper() for name in names)):
        payload = ada.payload(3, {"custom_id": f"{name}:1", "component_type": 2})
        attacks.stopped("no longer know" in str(ada.hand_in(payload)), name)
    for action in PRESSED:
        kind = 5 if action.surface == "button" else 3
        data: dict[str, Any] = {"custom_id": f"{action.name}:1", "components": []}
        known = {other.name for other in PRESSED if other.surface != action.surface}
        if action.name not in known:
            answer = ada.hand_in(ada.payload(kind, data))
            attacks.stopped("no longer know" in str(answer), (kind, action.name))


def test_a_route_is_as_long_as_discord_makes_it(ada: Person, attacks: Attacks) -> None:
    for length in (MOST + 1, 1_000, 100_000):
        payload = ada.payload(3, {"custom_id": "x" * length, "component_type": 2})
        attacks.stopped(ada.send(json.dumps(payload).encode())[0] == 400, length)
