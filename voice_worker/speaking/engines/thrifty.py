"""A voice that costs something, for guilds that have not spent their budget."""

from collections.abc import Callable, Iterator

from voice_worker.speaking.manner import Engine, Manner


class Thrifty:
    """An engine that asks before each text; what is cached was paid for and never comes here."""

    def __init__(self, engine: Engine, check: Callable[[], None]) -> None:
        """`check`: raises UserError where nothing more may be spent; called in the thread that
        speaks, where `spending.payer` is known."""
        self._engine = engine
        self._check = check

    @property
    def name(self) -> str:
        """The engine's."""
        return self._engine.name

    def synthesize(self, text: str, manner: Manner) -> Iterator[bytes]:
        """As the engine does. Raises also what `check` raises."""
        self._check()
        yield from self._engine.synthesize(text, manner)
