"""What a guild tells the bot about itself, and which instruction answers follow."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from protege.models import Models
from protege.storage import Records


class Instruction(NamedTuple):
    """`id`: of the interaction that wrote it, as long as every other; ids sort by time."""

    id: str = ""
    text: str = ""


class Instructions:
    """What a guild tells the bot about itself: tone, language, what it is for."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def text(self, space: str) -> str:
        """The instruction now; empty where none was written."""
        return self.latest(space).text

    def latest(self, space: str) -> Instruction:
        """The instruction now; its id tells whether it is newer than another."""
        for record in self._records.find(f"instruction#{space}", newest=True, limit=1):
            return Instruction(record.id, record.fields["text"])
        return Instruction()

    def write(self, space: str, id: str, text: str, author: str) -> None:
        """Replace the instruction. Earlier ones stay on record. `id`: the interaction's."""
        self._records.put(f"instruction#{space}", id.zfill(20), {"text": text, "author": author})


class InForce(NamedTuple):
    """The instruction that answers follow; `tuned` tells what a training made of the guild's own.

    `id`: of the guild's own instruction that it is, or was made from.
    """

    text: str
    id: str
    tuned: Mapping[str, Any]
    version: int


def in_force(instructions: Instructions, models: Models, space: str, version: int) -> InForce:
    """A version's tuned instruction, or the guild's own where that is newer. Raises Missing."""
    latest = instructions.latest(space)
    tuned = models.about(space, version).get("tuned")
    if tuned and latest.id <= tuned["instruction_id"]:
        text = models.instruction(space, version)
        return InForce(text, tuned["instruction_id"], tuned, version)
    return InForce(latest.text, latest.id, {}, version)
