"""Where somebody's utterances begin and end. Pure: told of frames and of the time, it says so."""

from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple

from voice_worker.audio import FRAME_S, HEARD_FRAME
from voice_worker.listening.vad import Voice

ONSET = 3
"""Voiced frames that begin an utterance ..."""
ONSET_OF = 5
"""... among so many in a row: a click is no word."""
STALL_S = 0.2
"""How much longer to wait where sound breaks off without silence: packets are late or lost, as
Discord's clients end every speech with silence.
Source: https://docs.discord.com/developers/topics/voice-connections#voice-data-interpolation
"""


class Began(NamedTuple):
    """Somebody speaks. `at`: when the frame came that showed it; `pcm`: what was heard so far, from
    the pre-roll on (16 kHz mono s16le)."""

    at: float
    pcm: bytes


class More(NamedTuple):
    """They go on."""

    pcm: bytes


class Ended(NamedTuple):
    """They stopped. `at`: when their last voiced frame came; `seconds`: of sound that was handed
    out; `why`: they are silent, or it was as long as it may be and goes on in another utterance."""

    at: float
    seconds: float
    why: Literal["silence", "cap"]


Event = Began | More | Ended


class Utterances:
    """One speaker's. Every frame is handed out at most once, those of an utterance without gaps.

    `endpoint_s`: silence that ends an utterance; `longest_s`: its most; `preroll_s`: how much of
    what came before belongs to it; `voiced`: tells whether a frame holds a voice.
    """

    def __init__(
        self,
        endpoint_s: float,
        longest_s: float,
        preroll_s: float = 0.3,
        *,
        voiced: Callable[[bytes], bool] | None = None,
    ) -> None:
        self._endpoint_s = endpoint_s
        self._longest = max(ONSET_OF, round(longest_s / FRAME_S))
        self._voiced = voiced or Voice()
        before = max(ONSET_OF, round(preroll_s / FRAME_S))
        self._before: deque[bytes] = deque(maxlen=min(before, self._longest))
        self._recent: deque[bool] = deque(maxlen=ONSET_OF)
        self._rest = b""
        self._frames = 0
        self._quiet = 0
        self._voiced_at = 0.0
        self._came_at = float("-inf")

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._frames > 0

    def push(self, pcm: bytes, at: float) -> list[Event]:
        """Sound that came at `at` (seconds, of any clock that does not run backwards). What is no
        whole frame of 20 ms waits for the rest of it."""
        events = self.tick(at - FRAME_S)  # the time since then is in the sound
        self._came_at = max(self._came_at, at)
        self._rest += pcm
        whole = len(self._rest) - len(self._rest) % HEARD_FRAME
        for start in range(0, whole, HEARD_FRAME):
            events += self._frame(self._rest[start : start + HEARD_FRAME], at)
        self._rest = self._rest[whole:]
        return events

    def tick(self, now: float) -> list[Event]:
        """Whether the silence lasts long enough by now, where nothing comes any more."""
        gap_s = now - self._came_at
        if gap_s >= self._endpoint_s + STALL_S:  # what lies that far back is no pre-roll
            self._before.clear()
            self._recent.clear()
        patience_s = self._endpoint_s + (0.0 if self._quiet else STALL_S)
        over = self.speaking and self._quiet * FRAME_S + gap_s >= patience_s
        return [self._end("silence")] if over else []

    def _frame(self, frame: bytes, at: float) -> list[Event]:
        voiced = self._voiced(frame)
        if voiced:
            self._voiced_at = at
        self._quiet = 0 if voiced else self._quiet + 1
        return self._within(frame) if self.speaking else self._outside(frame, voiced, at)

    def _outside(self, frame: bytes, voiced: bool, at: float) -> list[Event]:
        self._before.append(frame)
        self._recent.append(voiced)
        if not voiced or sum(self._recent) < ONSET:
            return []
        pcm, self._frames = b"".join(self._before), len(self._before)
        self._before.clear()
        return [Began(at, pcm), *self._capped()]

    def _within(self, frame: bytes) -> list[Event]:
        self._frames += 1
        if self._quiet * FRAME_S >= self._endpoint_s:
            return [More(frame), self._end("silence")]
        return [More(frame), *self._capped()]

    def _capped(self) -> list[Event]:
        return [self._end("cap")] if self._frames >= self._longest else []

    def _end(self, why: Literal["silence", "cap"]) -> Ended:
        seconds, self._frames = self._frames * FRAME_S, 0
        self._recent.clear()
        return Ended(self._voiced_at, seconds, why)
