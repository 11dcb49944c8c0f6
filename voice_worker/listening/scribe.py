"""Speech to text in processes of their own: they may crash, and are started again."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from protege.providers.hearing import HEARD_HZ
from voice_worker.listening.ear import Ear

ANSWER_S = 30.0
"""Longest wait for the words after the last of the sound."""


class Figures(NamedTuple):
    """What became of utterances, and how long their words took after the last sound (seconds)."""

    heard: int = 0
    failed: int = 0
    dropped: int = 0
    seconds: float = 0.0
    """Of sound, in all."""
    wait_s: float = 0.0
    """In all; divided by `heard` it is the mean."""
    starts: int = 0
    """How often a process was started."""


class Scribe:
    """Begin an utterance under an id, feed it sound, end it and get its words.

    `env`: what the processes read their settings from; `processes`: how many share the work;
    `answer_s`: how long one may take after an utterance's end before it is taken for stuck.
    """

    def __init__(
        self,
        env: Mapping[str, str] | None = None,
        *,
        processes: int = 1,
        answer_s: float = ANSWER_S,
    ) -> None:
        given = dict(os.environ if env is None else env)
        given.pop("DISCORD_BOT_TOKEN", None)  # engines are other people's code, and need it not
        self._ears = [Ear(given) for _ in range(processes)]
        self._where: dict[str, tuple[Ear, int]] = {}
        self._answer_s = answer_s
        self._figures = Figures()
        self.model = ""
        """Id of the engine's model, by which its use is priced; known once it is started."""

    @property
    def busy(self) -> int:
        """Utterances that are under way."""
        return len(self._where)

    @property
    def metrics(self) -> Figures:
        """Since the beginning."""
        return self._figures._replace(starts=sum(ear.starts for ear in self._ears))

    async def start(self) -> None:
        """Start the processes. Raises ConfigError where the engine lacks what it needs."""
        await asyncio.gather(*(ear.start() for ear in self._ears))
        self.model = self._ears[0].model

    async def begin(self, id: str, language: str, hints: Sequence[str] = ()) -> None:
        """Expect an utterance; a process that is gone is started again.

        Raises Unavailable where that fails, and ValueError for an id that is in use.
        """
        if id in self._where:
            raise ValueError(f"{id} is being heard")
        ear = min(self._ears, key=lambda ear: ear.load)
        await ear.start()
        self._where[id] = ear, ear.begin(language, hints)

    def feed(self, id: str, pcm: bytes) -> None:
        """Further sound (16 kHz mono s16le). Returns at once; of no utterance, it is dropped."""
        if id in self._where:
            ear, number = self._where[id]
            ear.feed(number, pcm)
            self._add(seconds=len(pcm) / 2 / HEARD_HZ)

    async def end(self, id: str) -> str:
        """The words; empty where there were none. Raises UserError, and Unavailable where its
        process crashed or does not answer, KeyError for an id that was not begun."""
        ear, number = self._where.pop(id)
        began = time.monotonic()
        try:
            words = await ear.words(number, self._answer_s)
        except BaseException:
            self._add(failed=1)
            raise
        self._add(heard=1, wait_s=time.monotonic() - began)
        return words

    def drop(self, id: str) -> None:
        """An utterance whose words nobody needs; of no utterance, nothing."""
        if id in self._where:
            ear, number = self._where.pop(id)
            ear.drop(number)
            self._add(dropped=1)

    async def close(self) -> None:
        """Stop the processes; what is under way fails with Unavailable."""
        self._where.clear()
        await asyncio.gather(*(ear.close() for ear in self._ears))

    def _add(self, **more: float) -> None:
        now = self._figures._asdict()
        self._figures = Figures(**{**now, **{name: now[name] + by for name, by in more.items()}})
