"""What is counted: numbers by command and guild, never what people wrote nor who they are.

`count` from anywhere; where the numbers go is the way in's choice (`send_to`): on Lambda to
CloudWatch (`emf`), on one machine to sums in memory (`totals`).
"""

from collections.abc import Mapping
from typing import Literal, Protocol

from protege.journal import PRIVATE, note, now_about

Unit = Literal["Count", "Milliseconds", "None"]
UNITS: dict[str, Unit] = {
    "Interactions": "Count",
    "AckMs": "Milliseconds",
    "AnswerMs": "Milliseconds",
    "Errors": "Count",
    "ColdStarts": "Count",
    "DeadLettered": "Count",
    "Limited": "Count",
    "TokensIn": "Count",
    "TokensOut": "Count",
    "Dollars": "None",
    "VoiceMinutes": "Count",
    "VoiceCalls": "Count",
    "VoiceUtterances": "Count",
    "VoiceFirstSoundMs": "Milliseconds",
}
"""Every metric that there is. `AckMs`: from the request to our answer; `AnswerMs`: from the moment
that Discord gave the interaction its id until the last part of the answer was delivered; `Dollars`:
as estimated by `providers.prices`; `VoiceMinutes`: that a voice worker has been up."""
BY_COMMAND = frozenset({"Interactions", "AckMs", "AnswerMs", "Errors"})
"""Those that are also kept for each command. Not all: CloudWatch asks a price for each pair."""


class Sink(Protocol):
    """Where numbers go."""

    def add(self, values: Mapping[str, float], command: str, guild: str) -> None:
        """More, by metric; never raises."""

    def note(self, event: str, values: Mapping[str, float], fields: Mapping[str, object]) -> None:
        """The same of what is a line of the log as well; `fields` name command and guild."""

    def flush(self) -> None:
        """Hand on what was added."""


class Nowhere:
    """Until a way in chooses, nothing is kept."""

    def add(self, values: Mapping[str, float], command: str, guild: str) -> None:
        """Forget them."""

    def note(self, event: str, values: Mapping[str, float], fields: Mapping[str, object]) -> None:
        """Only the line."""
        note(event, **fields)

    def flush(self) -> None:
        """Nothing to do."""


_sink: Sink = Nowhere()


def send_to(sink: Sink) -> None:
    """From now on numbers of this process go there."""
    global _sink
    _sink = sink


def count(name: str, value: float = 1, *, command: str = "", guild: str = "") -> None:
    """Add to a metric. `name`: one of UNITS, else KeyError; `value`: in its unit.

    `command`, `guild`: where they are empty, those of `journal.about`. A guild may be a private
    chat's space.
    """
    UNITS[name]
    about = now_about()
    command = command or str(about.get("command", ""))
    count_all({name: value}, command, guild or str(about.get("guild", "")))


def spent(guild: str, tokens_in: float, tokens_out: float, dollars: float) -> None:
    """What models used for a guild; what is nothing is not counted."""
    for name, value in (("TokensIn", tokens_in), ("TokensOut", tokens_out), ("Dollars", dollars)):
        if value:
            count(name, value, guild=guild)


def count_all(values: Mapping[str, float], command: str, guild: str) -> None:
    """Add to several metrics at once."""
    _sink.add(values, command, "private" if guild[:3] == PRIVATE else guild)


def note_all(event: str, values: Mapping[str, float], fields: Mapping[str, object]) -> None:
    """Log that something happened and count it: one line for both, where lines are counted.

    `fields`: of the line; `command` and `guild` among them.
    """
    _sink.note(event, values, fields)


def flush() -> None:
    """Hand on what was counted: at the end of an invocation, also of one that failed."""
    _sink.flush()
