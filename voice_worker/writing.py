"""A text while it is being written: whoever reads it aloud follows, from any letter on."""

import asyncio
from collections.abc import AsyncIterator


class Writing:
    """For the thread of one loop."""

    def __init__(self, text: str = "", *, over: bool = False) -> None:
        self.text = text
        """As much as there is."""
        self.over = over
        """Whether nothing is added any more."""
        self._news = asyncio.Event()

    def add(self, piece: str) -> None:
        """Write on; what comes after the end is lost."""
        if not self.over:
            self.text += piece
            self._tell()

    def end(self) -> None:
        """That was all."""
        self.over = True
        self._tell()

    async def read(self, start: int = 0) -> AsyncIterator[str]:
        """All from a letter on, as it comes."""
        while True:
            news, piece = self._news, self.text[start:]
            start += len(piece)
            if piece:
                yield piece
            elif self.over:
                return
            else:
                await news.wait()

    async def whole(self) -> str:
        """The text once it is over."""
        while not self.over:
            await self._news.wait()
        return self.text

    def _tell(self) -> None:
        """Each piece of news has an event of its own: who waits for the next misses none."""
        self._news.set()
        self._news = asyncio.Event()


def written(text: str) -> Writing:
    """A text that is whole from the beginning."""
    return Writing(text, over=True)
