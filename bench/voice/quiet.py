"""Who listens to the line where nothing that it tells matters."""

from voice_worker.line import Message


class Nobody:
    """`Events`, all of them passed over."""

    def heard(self, guild: str, user: str, pcm: bytes, at: float) -> None:
        """A frame."""

    async def people(self, guild: str, channel: str, people: frozenset[str]) -> None:
        """Who is there."""

    async def moved(self, guild: str, channel: str) -> None:
        """To another channel."""

    async def left(self, guild: str, why: str) -> None:
        """The channel."""

    async def message(self, message: Message) -> None:
        """Something written."""
