"""How strict and how unkind the rooms are; tests change these while they run."""

from dataclasses import dataclass
from typing import Literal

from playground.voice.rooms.cipher import MODES
from playground.voice.rooms.pace import AHEAD


@dataclass(eq=False)
class Settings:
    """Seconds unless the name says otherwise."""

    heartbeat_s: float = 13.75
    """How often clients must send a heartbeat; half as much again is forgiven."""
    answer_s: float = 0.005
    """After which heartbeats and discovery are answered; Discord is never immediate."""
    dave: int = 1
    """The version of the end-to-end encryption that is demanded; 0: none."""
    modes: tuple[str, ...] = MODES
    ahead: int = AHEAD
    """So many frames may come too early at once."""
    ready_s: float = 5.0
    """How long a client may prepare a transition."""
    key_package_s: float = 5.0
    commit_s: float = 5.0
    """How long a group may take to commit to what was proposed."""
    crossing_s: float = 0.3
    """What crossed an announcement on its way is forgiven for so long."""
    resume_s: float = 15.0
    """How long a cut connection may be resumed."""
    busiest: int = 240
    """Messages in ten seconds that are taken before 4021."""
    alone: Literal["reset", "downgrade", "keep"] = "reset"
    """What becomes of a group that shrinks to one: a new group, no encryption, or nothing."""
    loss: float = 0.0
    """Share of packets that get lost on their way to people."""
    jitter_ms: float = 0.0
    """Packets come late by up to so many milliseconds."""
    padding: int = 0
    """Every twentieth packet is padded with up to so many bytes."""
    ext_words: int = 2
    """Words of the header extension that each packet carries."""
    forwards: bool = True
    """Whether the server passes packets on at all."""
