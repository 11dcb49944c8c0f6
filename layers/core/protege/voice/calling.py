"""Asking the voice worker for something; one is started where none runs."""

from collections.abc import Callable

from protege.storage import Launcher, Queue
from protege.text import Text
from protege.voice.orders import Order
from protege.voice.presence import Presence, State

NOT_HERE = Text(
    "I am in no voice channel. `/join` brings me into yours.",
    "Я не в голосовом канале. Позовите меня в свой: `/join`.",
)


class Calling:
    """`mode`: the setting VOICE. `where`: the voice channel a person sits in, "" for none."""

    def __init__(
        self,
        mode: str,
        presence: Presence,
        queue: Callable[[], Queue],
        launcher: Callable[[], Launcher | None],
        where: Callable[[str, str], str],
    ) -> None:
        """`queue`, `launcher`: opened when first needed; no launcher: somebody else starts it."""
        self.mode = mode
        self.where = where
        self._presence = presence
        self._queue = queue
        self._launcher = launcher

    def outlook(self, *, join: bool) -> State:
        """What `send` would answer now, without doing it.

        Raises Unavailable, and ConfigError where a worker would have to be started and cannot.
        """
        if self.mode == "off":
            return "off"
        state = self._presence.state()
        if state == "off" and join:
            self._launcher()
            return "starting"
        return state

    def send(self, order: Order) -> State:
        """Queue the order; start a worker where none runs and it is to join.

        `off`: voice is off, or none runs and there is nothing to leave or to speak into; then
        nothing was queued. The same interaction's order is queued once. Raises Unavailable,
        ConfigError.
        """
        state = self.outlook(join=order.do == "join")
        if state == "off":
            return "off"
        self._queue().put(order.body(), group=order.guild, once=order.interaction)
        return "running" if state == "running" else self._start()

    def keep(self) -> None:
        """Start a worker where one is always to run, and none does. Raises Unavailable."""
        if self.mode == "always" and self._presence.state() == "off":
            self._start()

    def _start(self) -> State:
        launcher = self._launcher()
        if launcher is not None and self._presence.claim():
            try:
                launcher.start()
            except Exception:
                self._presence.unclaim()
                raise
        return "starting"
