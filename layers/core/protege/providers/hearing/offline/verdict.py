"""What was said, decided from what the searches found. Pure.

Scores are natural logarithms of probabilities. All senones are scored in every frame, so that the
paths of two searches through the same sound can be compared. The limits were found with 27 taught
questions and 75 others, read by three of flite's voices, with twelve noises, and (other languages)
with 18 Russian questions and 12 others, read by Festival's voice.
"""

from difflib import SequenceMatcher
from typing import NamedTuple

CLEARLY = 0.9
"""So much a frame a taught sentence scores above free speech where it was said."""
RATHER, RELATED = 0.45, 0.4
"""Or so much, if free speech sounds somewhat like it (share of letters in common) ..."""
HARDLY, ALIKE = -0.7, 0.7
"""... or even so much below, if it sounds much like it."""
OTHER_LANGUAGE = -1.3
"""The same against a loop of phones, which knows no words and fits whatever is said."""
FILLER_SHARE = 0.3
"""Of all that is no silence; above it, it is no speech."""
DULL, DOUBTFUL = -4.6, 0.3
"""Score a frame, and mean probability of a word, below both of which it is no speech (music)."""
LEAST_SAID_S = 0.2


class Found(NamedTuple):
    """What a search found. All counts are frames of 10 ms."""

    text: str = ""
    score: float = float("-inf")
    """Of the whole path."""
    frames: int = 1
    said: int = 0
    """Frames of words ..."""
    filler: int = 0
    """... and of fillers: breath, cough, noise."""
    fit: float = 0.0
    """Score of the words' sounds, a frame."""
    sureness: float = 0.0
    """Geometric mean of the words' probabilities."""

    def above(self, other: "Found") -> float:
        """How much better a frame this path is than another's."""
        return (self.score - other.score) / self.frames


def taught(hint: Found, free: Found) -> bool:
    """Whether the hint was said, rather than the free speech that was found."""
    if not free.text:
        return False
    above = hint.above(free)
    alike = SequenceMatcher(None, hint.text, free.text, autojunk=False).ratio()
    limits = ((CLEARLY, 0.0), (RATHER, RELATED), (HARDLY, ALIKE))
    return any(above >= least and alike >= like for least, like in limits)


def taught_abroad(hint: Found, phones: Found) -> bool:
    """Whether the hint was said, in a language of which there is no free model."""
    return hint.above(phones) >= OTHER_LANGUAGE


def speech(free: Found) -> bool:
    """Whether it was speech at all that a free search found words in."""
    if free.said < LEAST_SAID_S * 100 or free.filler > FILLER_SHARE * (free.said + free.filler):
        return False
    return free.fit > DULL or free.sureness > DOUBTFUL
