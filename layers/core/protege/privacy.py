"""What a person contributed: shown, handed over, deleted.

Deleting leaves a tombstone (`forgetting`), so that neither a training nor a roll-back brings it
back; model versions that hold it are marked as stale, and the next training leaves it out.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from protege.datasets.library import Kept, Library
from protege.datasets.versions import Versions
from protege.errors import Missing
from protege.forgetting import Forgetting
from protege.learning import Lesson
from protege.limits import Limits
from protege.models import WITHDRAWN, Models
from protege.proposals.register import Proposals
from protege.storage import Files, Record, Records

OWNED = {
    "answer": "user",
    "vote": "user",
    "remark": "user",
    "proposal": "author",
    "lesson": "author",
    "duel": "user",
    "ballot": "user",
    "consent": "user",
    "test": "author",
}
"""Kinds of records that are somebody's, and the field that says whose."""
FILES = "file"
SPEECH = "speech"
SAMPLES = 3
LONGEST_FILE = 1 << 20
"""Bytes of an uploaded file that is handed over whole; of larger ones only name and size."""
DERIVED = ("exports/", "archives/", "tests/")
"""Folders of a guild with copies that were made to be handed out; they can be made again."""
OVER = ("done", "failed", "cancelled")
"""States of jobs in which nothing is left to do."""
FOR_MACHINES = ("vector", "embedder")


class Contributions(NamedTuple):
    """What one person contributed to one guild."""

    counts: Mapping[str, int]
    """How many answers asked for, votes, remarks, proposals, lessons, files."""
    samples: list[str]
    versions: Mapping[int, int]
    """How many lessons each model version holds, where it holds any."""
    stale: frozenset[int]
    """Those versions of which they were taken back: held, and not used."""


class Privacy:
    """Every guild's people; `space` is the guild (or private chat) in every call."""

    def __init__(
        self,
        records: Records,
        files: Files,
        models: Models,
        proposals: Proposals,
        library: Library,
        versions: Versions,
        forgetting: Forgetting,
        limits: Limits,
    ) -> None:
        self._records = records
        self._files = files
        self._models = models
        self._proposals = proposals
        self._library = library
        self._versions = versions
        self._forgetting = forgetting
        self._limits = limits

    def contributions(self, space: str, user: str) -> Contributions:
        """How much there is, and some of it."""
        counts = {kind: sum(1 for _ in self._mine(space, user, kind)) for kind in OWNED}
        counts[FILES] = len(self._library.given_by(space, user))
        counts[SPEECH] = sum(1 for key in self._files.names(spoken(space, user)) if _is_text(key))
        proposed = islice(self._mine(space, user, "proposal"), SAMPLES)
        samples = [f"{p.fields['question']} → {p.fields['better']}" for p in proposed]
        held = {n: len(self._held(space, user, n)) for n in self._models.versions(space)}
        held = {n: count for n, count in held.items() if count}
        stale = frozenset(self._models.stale(space)) & held.keys()
        return Contributions(counts, samples, held, stale)

    def export(self, space: str, user: str) -> bytes:
        """All of it as JSON (UTF-8)."""
        found: dict[str, Any] = {
            kind: [_plain(record) for record in self._mine(space, user, kind)] for kind in OWNED
        }
        given = self._library.given_by(space, user)
        found[FILES] = [{**kept._asdict(), "text": self._text(space, kept)} for kept in given]
        found[SPEECH] = [self._said(key) for key in self._files.names(spoken(space, user))]
        found["model_versions"] = {
            f"v{n}": [lesson._asdict() for lesson in self._held(space, user, n)]
            for n in self._models.versions(space)
        }
        return json.dumps(found, ensure_ascii=False, indent=1).encode()

    def delete(self, space: str, user: str) -> None:
        """Delete all of it. What a model version holds is never used again.

        It is forgotten first, so that it stops counting at once, and again at the end, for somebody
        may have approved a correction meanwhile.
        """
        self._forgetting.forget_person(space, user)
        self._mark_versions(space, user)
        for proposal in [p for p in self._proposals.every(space) if p.author == user]:
            self._proposals.remove(space, proposal)
        for about, kind in (("message", "answer"), ("ballot", "duel")):
            self._forget_about(space, about, kind, {r.id for r in self._mine(space, user, kind)})
        for kind in OWNED:
            for record in list(self._mine(space, user, kind)):
                self._records.delete(f"{kind}#{space}", record.id)
        self._library.withdraw(space, user)
        self._versions.withdraw(space, user)
        self._clear_jobs(space, user)
        for folder in DERIVED:
            self._clear(f"guilds/{space}/{folder}")
        self._clear(spoken(space, user))
        self._limits.forget_person(space, user)
        self._forgetting.forget_person(space, user)

    def _mine(self, space: str, user: str, kind: str) -> Iterator[Record]:
        for record in self._records.find(f"{kind}#{space}"):
            if record.fields.get(OWNED[kind]) == user:
                yield record

    def _held(self, space: str, user: str, version: int) -> list[Lesson]:
        return [x for x in self._models.lessons(space, version) if x.author == user]

    def _mark_versions(self, space: str, user: str) -> None:
        for version in self._models.versions(space):
            if self._held(space, user, version):
                self._models.mark_stale(space, version, WITHDRAWN)

    def _forget_about(self, space: str, about: str, kind: str, gone: Collection[str]) -> None:
        """Messages that show these answers are no longer suggested; votes on these duels go."""
        for record in list(self._records.find(f"{about}#{space}")):
            if record.fields[kind] in gone:
                self._records.delete(f"{about}#{space}", record.id)

    def _clear_jobs(self, space: str, user: str) -> None:
        """Working files of jobs that are over hold rows and lessons; their records, what was typed.

        The rows of a job that runs are hidden by the tombstone; nobody can take up a failed one.
        One of theirs that still asks whether to begin is called off.
        """
        for record in list(self._records.find(f"job#{space}")):
            fields, own = dict(record.fields), record.fields["author"] == user
            if own and fields["state"] == "asking":
                fields["state"] = "cancelled"
            if fields["state"] not in OVER:
                continue
            self._clear(f"guilds/{space}/jobs/{record.id}/")
            if own:
                silent = {**fields, "intro": "", "about": ""}
                self._records.put(f"job#{space}", record.id, silent)

    def _clear(self, prefix: str) -> None:
        for key in list(self._files.names(prefix)):
            self._files.delete(key, forever=True)

    def _said(self, key: str) -> dict[str, Any]:
        """What a person said; of sound only that it is there, for it is no text."""
        name = key.rsplit("/", 1)[1]
        try:
            return {"name": name, **(json.loads(self._files.read(key)) if _is_text(key) else {})}
        except Missing:
            return {"name": name}

    def _text(self, space: str, kept: Kept) -> str:
        if kept.size > LONGEST_FILE:
            return ""
        try:
            return self._library.bytes_of(space, kept).decode(errors="replace")
        except Missing:
            return ""


def spoken(space: str, user: str) -> str:
    """Where the voice worker keeps what a person said, if the guild's rules have it do so."""
    return f"guilds/{space}/voice/{user}/"


def _is_text(key: str) -> bool:
    return key.endswith(".json")


def _plain(record: Record) -> dict[str, Any]:
    fields = {n: v for n, v in record.fields.items() if n not in FOR_MACHINES}
    return {"id": record.id, **fields}
