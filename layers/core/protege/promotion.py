"""Which version answers: who may become the active one by itself, and what a trainer decides."""

from collections.abc import Callable, Mapping
from typing import Any

from protege.comparing import Comparing
from protege.errors import Conflict, Missing, Unavailable, UserError
from protege.lineage import Activation, Known, Lineage, Move
from protege.models import Models, OtherEmbedder, Unreadable
from protege.text import Text

MOVED = Text(
    "Meanwhile version **v{version}** was made the active one. Look at `/model list` and decide "
    "again.",
    "Тем временем включили версию **v{version}**. Посмотрите `/model list` и решите ещё раз.",
)
STARTING = Text(
    "The provider is still starting the model of **v{version}**; nothing has changed yet. Try "
    "again in a few minutes.",
    "Провайдер ещё запускает модель версии **v{version}**; пока ничего не изменилось. Повторите "
    "через несколько минут.",
)
NO_PREVIOUS = Text(
    "No other version was active before that is still here.",
    "До этого не было активной версии, которая ещё существует.",
)
IS_ACTIVE = Text(
    "Version **v{version}** answers now and cannot be deleted. Activate another one first.",
    "Версия **v{version}** отвечает сейчас, удалить её нельзя. Сначала включите другую.",
)
NOT_DELETED = Text("Version **v{version}** is not deleted.", "Версия **v{version}** не удалена.")
TOO_LATE = Text(
    "Version **v{version}** was deleted more than 30 days ago and is gone for ever.",
    "Версию **v{version}** удалили больше 30 дней назад, вернуть её нельзя.",
)
Serve = Callable[[str, str, str], str]
"""Takes provider, a stable name and a model; returns what the provider calls it when serving."""


def may_replace(active: int, report: Mapping[str, Any]) -> bool:
    """The rule: a version that is not worse on the same held-out rows may answer unasked.

    One that was rebuilt answers only in the place of that which it was made from. `report`: of its
    job, with `compared` as `learning.evaluation.compared` gives it; empty where there was nothing
    to compare with, or nothing to ask. With a model made by a provider also `proof`, as
    `training.steps.prove` gives it: that model, too, must not answer worse, and must answer.
    """
    if report.get("rebuilds", active) != active:
        return False
    proof = report.get("proof") or {}
    return not (worse(report.get("compared") or {}) or worse(proof) or "stopped" in proof)


def worse(compared: Mapping[str, Any]) -> bool:
    """Whether a comparison says that the new version is worse, as far as that can be known."""
    return compared.get("verdict") == "worse"


class Promotion:
    """Moves every guild's pointer; `space` is the guild in every call."""

    def __init__(
        self, models: Models, lineage: Lineage, comparing: Comparing, serve: Serve
    ) -> None:
        self._models = models
        self._lineage = lineage
        self._comparing = comparing
        self._serve = serve

    def versions(self, space: str) -> list[Known]:
        """Those that are there, newest first; what is on record of them is completed."""
        for version in self._lineage.undescribed(space):
            try:
                self._lineage.describe(space, version, self._models.manifest(space, version))
            except Missing:  # its number was taken, its job is not done or never will be
                continue
        return self._lineage.versions(space)

    def get(self, space: str, version: int) -> Known:
        """A version that is there. Raises UserError (unknown, deleted)."""
        if self._lineage.find(space, version) is None:
            self.versions(space)
        return self._lineage.get(space, version)

    def weigh(self, space: str, version: int) -> Mapping[str, Any]:
        """How a version compares with the active one: what its training found, else asked now.

        Empty where there is nothing to compare with or nothing to ask; where the lessons are not
        worse but the model's answers are, what its proof found. Raises UserError.
        """
        known, active = self.get(space, version), self._lineage.active(space).after
        if active in (0, version):
            return {}
        found, proof = (known.facts.get(name) or {} for name in ("compared", "proof"))
        if worse(proof) and proof["with"] == active and not worse(found):
            return proof
        if found.get("with") == active:
            return found
        try:
            outcome = self._comparing.compare(space, active, version)
        except (OtherEmbedder, Unreadable):  # such a version cannot answer at all: nobody is better
            return {}
        return outcome.outcome if outcome.rows else {}

    def activate(
        self, space: str, version: int, move: Move, *, revision: int | None = None
    ) -> Activation:
        """Make a version the active one, its provider's model served first. Raises UserError.

        `revision`: the pointer's when this was decided; whoever comes after a change is told so.
        """
        known = self.get(space, version) if version else None
        last = self._lineage.active(space)
        model = self._served(known) if known else ""
        expected = last.revision if revision is None else revision
        try:
            return self._lineage.move(space, version, expected, move._replace(model=model))
        except Conflict:
            now = self._lineage.active(space)
            if now.after == version:
                return now
            raise UserError(MOVED, version=now.after) from None

    def roll_back(self, space: str, move: Move) -> Activation:
        """Back to the version that was active before. Raises UserError where there is none."""
        last = self._lineage.active(space)
        if move.id and last.id == move.id:
            return last
        before = self._lineage.previous(space)
        if not before:
            raise UserError(NO_PREVIOUS)
        return self.activate(space, before, move._replace(why="rollback"), revision=last.revision)

    def delete(self, space: str, version: int) -> None:
        """Delete a version; for 30 days it can be restored. Raises UserError.

        Its number is never used again.
        """
        known = self._lineage.find(space, version)
        if known and known.deleted_at:
            return
        self.get(space, version)
        if self._lineage.active(space).after == version:
            raise UserError(IS_ACTIVE, version=version)
        self._lineage.mark_deleted(space, version)
        self._models.bury(space, version)

    def restore(self, space: str, version: int) -> None:
        """Bring a deleted version back. Raises UserError."""
        known = self._lineage.find(space, version)
        if known is None:
            self._lineage.get(space, version)
        elif not known.deleted_at:
            raise UserError(NOT_DELETED, version=version)
        try:
            self._models.unbury(space, version)
        except Missing:
            raise UserError(TOO_LATE, version=version) from None
        self._lineage.mark_deleted(space, version, deleted=False)

    def _served(self, known: Known) -> str:
        """Under the name that its training gave it: whatever else is served stays what it is."""
        chat: Mapping[str, str] = known.facts.get("chat") or {}
        if not chat.get("provider"):
            return ""
        name, made = f"protege-{known.facts['job']}", chat.get("made") or chat["model"]
        try:
            return self._serve(chat["provider"], name, made)
        except Unavailable:
            raise UserError(STARTING, version=known.number) from None
