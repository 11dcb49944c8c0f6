"""The bot's turn to speak: people interrupt it, and what turns out to be no words does not."""

import asyncio

from voice_worker.sentences import Sentences
from voice_worker.speaking.manner import Manner
from voice_worker.speaking.mouth import Mouth
from voice_worker.speaking.speech import Said
from voice_worker.turns import Deed, Turns
from voice_worker.writing import Writing


class Floor:
    """One call's. For the thread of one loop; speeches come one after another."""

    def __init__(self, mouth: Mouth, turns: Turns) -> None:
        self.interruptions = 0
        self._mouth = mouth
        self._turns = turns
        self._next = asyncio.Lock()
        self._verdict: asyncio.Future[Deed] | None = None
        self._speaking = False
        self._closed = False
        self.waiting = 0
        """Speeches that are under way or wait for their turn."""

    @property
    def speaking(self) -> bool:
        """Whether there is something being said, or hushed until it is clear whether to go on."""
        return self._speaking

    async def speak(self, writing: Writing, manner: Manner, *, most: int = 0) -> Said:
        """Say a text as it is written, after what is being said; where it was hushed for nothing,
        the rest of it too. Raises as `Mouth.say`.
        """
        self.waiting += 1
        try:
            async with self._next:
                return await self._turn(writing, manner, most)
        finally:
            self.waiting -= 1

    async def _turn(self, writing: Writing, manner: Manner, most: int) -> Said:
        if self._closed:
            return Said("", False)
        self._verdict, self._speaking = None, True
        self._turns.speaks()
        try:
            return await self._all(writing, manner, most)
        finally:
            self._speaking = False
            self._turns.spoke()

    async def _all(self, writing: Writing, manner: Manner, most: int) -> Said:
        start, told = 0, ""
        while True:
            said = await self._mouth.say(writing.read(start), manner, most=most)
            told = f"{told} {said.spoken}".strip()
            if said.whole or self._closed or await self._settled() == "drop":
                return said._replace(spoken=told)
            start = after(writing.text, start, said.spoken)

    async def _settled(self) -> Deed:
        """`resume` where it fell silent for nothing, else `drop`."""
        deed: Deed = "drop"
        while self._verdict:
            verdict = self._verdict
            deed = await verdict
            if self._verdict is verdict:
                self._verdict = None
        return deed

    # ---- what people do --------------------------------------------------------------------------

    def began(self, user: str, at: float) -> None:
        """Somebody who may be heard speaks (`at`: seconds of the loop's clock)."""
        self._do(self._turns.began(user, at, may=True))

    def ended(self, user: str, at: float) -> None:
        """They stopped."""
        self._turns.ended(user, at)

    def words(self, user: str, text: str, at: float) -> None:
        """What they said turned out to be this."""
        self._do(self._turns.words(user, text, at))

    def gone(self, user: str) -> None:
        """They left, or are not heard any more."""
        self._do(self._turns.gone(user))

    def tick(self, now: float) -> None:
        """Time passes."""
        self._do(self._turns.tick(now))

    def close(self) -> None:
        """Be silent at once, and for ever."""
        self._closed = True
        self._mouth.hush()
        self._judge("drop")

    def _do(self, deed: Deed) -> None:
        if deed == "hush":
            self.interruptions += 1
            self._fall_silent()
        elif deed != "nothing":
            settled = self._verdict is None or self._verdict.done()
            if deed == "drop" and settled and self._speaking:
                self._fall_silent()  # it had gone on: the words came late
            self._judge(deed)

    def _fall_silent(self) -> None:
        self._verdict = asyncio.get_running_loop().create_future()
        self._mouth.hush()

    def _judge(self, deed: Deed) -> None:
        if self._verdict and not self._verdict.done():
            self._verdict.set_result(deed)
        if not self._speaking:  # it had said all before they began
            self._turns.spoke()


def after(text: str, start: int, spoken: str) -> int:
    """Where in a text to go on, when from `start` on these words of it were heard: at the beginning
    of the first sentence that was not heard whole.
    """
    sentences, heard = Sentences(), spoken
    for sentence in (*sentences.push(text[start:]), *sentences.end()):
        if not heard.startswith(sentence):
            return text.index(sentence, start)
        heard = heard[len(sentence) :].lstrip()
        start = text.index(sentence, start) + len(sentence)
    return start
