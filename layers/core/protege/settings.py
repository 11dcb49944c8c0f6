"""What trainers decided about teaching: who may correct, and when a correction counts."""

from typing import Any, NamedTuple

from protege.errors import Conflict, Missing
from protege.storage import Record, Records


class Rules(NamedTuple):
    """One guild's rules."""

    corrections: str = "live"
    """`live`: a correction counts at once; `review`: after a trainer approved it."""
    who: str = "everyone"
    """Who may teach: `everyone` or `trainers`."""
    trainer_role: str = ""
    """Discord id of a role that makes trainers, besides the permission “Manage Server”; or none."""
    budget: str = ""
    """Dollars that models may cost in a month, as a number; empty: what the operator allows."""
    budget_tokens: str = ""
    """Tokens that models may use in a month; empty: what the operator allows."""
    rate_person: str = ""
    """Questions a minute that one person may ask; empty: what the operator allows."""
    rate_guild: str = ""
    """The same for all together."""


class Settings:
    """Every guild's rules; `space` is the guild in every call."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def rules(self, space: str) -> Rules:
        """The rules now."""
        return _rules(self._found(space))

    def change(self, space: str, by: str, **changes: str) -> Rules:
        """Change some of the rules. Two who change different ones at once both have their way."""
        while True:
            found = self._found(space)
            rules = _rules(found)._replace(**changes)
            fields: dict[str, Any] = {**rules._asdict(), "by": by}
            try:
                self._records.put("settings", space, fields, expect=found.version if found else 0)
            except Conflict:
                continue
            return rules

    def _found(self, space: str) -> Record | None:
        try:
            return self._records.get("settings", space)
        except Missing:
            return None


def _rules(found: Record | None) -> Rules:
    fields = found.fields if found else {}
    rules = Rules(**{name: fields[name] for name in Rules._fields if name in fields})
    # Who wrote `role` once, for those who may teach, meant nobody to become a trainer by it.
    return rules if rules.who == "everyone" else rules._replace(who="trainers")
