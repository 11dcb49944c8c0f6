"""One answer on its way: a thread writes it, the loop reads it, and may call it off."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from protege.asking import Asking, Question
from protege.chat import Chat
from protege.errors import Unavailable, UserError
from protege.journal import trouble
from protege.text import Text
from voice_worker.writing import Writing

WRITERS = ThreadPoolExecutor(64, "answer")
"""Threads of their own: a model may take a minute, and the queue, storage and Discord must not wait
for so many of them. An answer beyond these waits for its turn."""
DOWN = Text(
    "A service that I need does not answer right now. Please ask again in a minute.",
    "Служба, которая мне нужна, сейчас не отвечает. Спросите, пожалуйста, ещё раз через минуту.",
)


class Answering:
    """For one question. To be made and used on the loop."""

    def __init__(self, chat: Chat, question: Question, *, remembers: bool = True) -> None:
        """`remembers`: whether it may be kept, so that it can be rated and corrected."""
        self.question = question
        self.remembers = remembers
        self.writing = Writing()
        self.sorry = ""
        """What to say where there is no (whole) answer, in the question's language."""
        self.whole = False
        """Whether the answer came to its end."""
        self._chat = chat
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._asking: Asking | None = None

    def stop(self) -> None:
        """Write no further; what has come is remembered. Of a model that takes its time nobody
        waits for the next piece."""
        self._stopped.set()
        self.writing.end()

    async def remembered(self) -> bool:
        """Remember as much as has come; whether there is anything. Raises Unavailable."""
        asking = self._asking
        found = bool(self.remembers and asking and asking.answer)
        if asking and found:
            await asyncio.to_thread(asking.remember)
        return found

    async def run(self) -> None:
        """Until the answer is whole, called off, or there is none: then `sorry` says why."""
        try:
            await self._loop.run_in_executor(WRITERS, self._write)
        except UserError as error:
            self.sorry = error.to(self.question.locale)
        except Exception as error:
            self._fail(error)
        finally:
            self.stop()  # where the loop calls us off, the thread is to end, too

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Unavailable):
            trouble("answer", error, guild=self.question.space)
        self.sorry = DOWN.to(self.question.locale)

    def _write(self) -> None:
        """In a thread: chat blocks."""
        asking = self._asking = Asking(self._chat, self.question)
        try:
            self._follow(asking)
        finally:
            if asking.answer and self.remembers:
                asking.remember()

    def _follow(self, asking: Asking) -> None:
        for piece in (pieces := asking.pieces()):
            if self._stopped.is_set():
                pieces.close()
                return
            self._loop.call_soon_threadsafe(self.writing.add, piece)
        self.whole = True
