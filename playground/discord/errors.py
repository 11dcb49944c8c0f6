"""Discord's error answers.

Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec

P = ParamSpec("P")

MESSAGES = {
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    10065: "Unknown Voice State",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50159: "Voice messages do not support additional content.",
    50160: "Voice messages must have a single audio attachment.",
    50161: "Voice messages must have supporting metadata.",
    50109: "The request body contains invalid JSON.",
}


class ApiError(Exception):
    """An error answer: HTTP status, Discord's code, and for 50035 the faults by field."""

    def __init__(self, status: int, code: int, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code} {MESSAGES.get(code, '')} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The JSON that Discord answers."""
        message = MESSAGES.get(self.code) or f"{self.status}: {HTTPStatus(self.status).phrase}"
        found: dict[str, Any] = {"message": message, "code": self.code}
        return {**found, "errors": self.errors} if self.errors else found


class Faults:
    """Collects what is wrong with a body, field by field; then answers all of it at once."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def add(self, path: str, code: str, message: str) -> None:
        """`path`: fields and indices joined by dots, such as `components.0.label`."""
        place = self._found
        for step in path.split("."):
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: str, value: Any, least: int, most: int) -> None:
        """A string of `least` to `most` characters, or absent."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(path, "BASE_TYPE_BAD_TYPE", "Only a string is allowed.")
        elif not least <= len(value) <= most:
            self.add(path, *_length_fault(least, most, len(value) > most))

    def count(self, path: str, value: list[Any], least: int, most: int) -> None:
        """A list of `least` to `most` items."""
        if not least <= len(value) <= most:
            self.add(path, *_length_fault(least, most, len(value) > most))

    def check(self, holds: bool, path: str, message: str, code: str = "BASE_TYPE_BAD_TYPE") -> None:
        """Add a fault unless `holds`."""
        if not holds:
            self.add(path, code, message)

    def answer(self) -> None:
        """Raises ApiError (50035) when anything was wrong."""
        if self._found:
            raise ApiError(400, 50035, self._found)


def typed(check: Callable[P, None]) -> Callable[P, None]:
    """A check that trips over a value of another type than it expects has found a fault, too."""

    @wraps(check)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            check(*args, **kwargs)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            found = {"code": "BASE_TYPE_BAD_TYPE", "message": f"A field has a wrong type: {error}"}
            raise ApiError(400, 50035, {"_errors": [found]}) from error

    return checked


def _length_fault(least: int, most: int, long: bool) -> tuple[str, str]:
    if least and most:
        return "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
    if long:
        return "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
    return "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length."
