"""The encrypted group of a room: messages to and from its members, and what they owe.

Source: https://daveprotocol.com/#voice-gateway-opcodes
"""

import asyncio
import struct
import time
from collections.abc import Callable, Iterable, Mapping

from playground.voice.rooms.codes import Op
from playground.voice.rooms.commits import Wrong
from playground.voice.rooms.delivery import GRACE_S, Delivery, Letter
from playground.voice.rooms.session import Session
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.transitions import Transitions
from playground.voice.rooms.violations import Violations

NOW = 0
"""The transition that is executed as soon as it is announced."""


class Circle:
    """`members`: of the room, by user; `downgraded`: whoever is alone speaks unencrypted."""

    def __init__(
        self,
        channel: str,
        members: Mapping[str, Session],
        settings: Settings,
        violations: Violations,
    ) -> None:
        self.group = Delivery(int(channel))
        self.downgraded = False
        self._channel = channel
        self._members = members
        self._settings = settings
        self._violations = violations
        self._transitions = Transitions()
        self._timers: set[asyncio.TimerHandle] = set()

    def enter(self, session: Session, others: Iterable[Session]) -> None:
        """Somebody came, and must send a key package."""
        if self.downgraded and others:
            self.downgraded = False
            for other in others:
                self._prepare_epoch(other)
        session.tell_binary(Op.EXTERNAL_SENDER, self.group.sender.package())
        self._expect_key_package(session)

    def leave(self, user: str) -> None:
        """Somebody went: they must not hear what comes."""
        for id in self._transitions.gone(user):
            self._execute(id)
        if not self._members:
            self.group.forget()
            self.downgraded = False
        elif len(self._members) > 1 or not self.group.epoch or self._settings.alone == "keep":
            self._deliver(self.group.withdraw(user))
        else:
            self._reset(next(iter(self._members.values())))

    def key_package(self, session: Session, body: bytes) -> None:
        """Op 26."""
        if self.downgraded:
            return
        try:
            self._deliver(self.group.offer(session.user, body))
        except Wrong as error:
            self._violations.note(session.user, "bad key package", str(error))

    def commit(self, session: Session, body: bytes) -> None:
        """Op 28: the first good one wins."""
        try:
            settled = self.group.commit(session.user, body, GRACE_S + session.lag_s)
        except Wrong as error:
            self._violations.note(session.user, "bad commit", str(error))
            return
        if settled is None:
            return
        id = self._transitions.begin([*settled.old, *settled.welcomes])
        head = struct.pack(">H", id)
        for user in settled.old:
            self._tell_binary(user, Op.ANNOUNCE_COMMIT, head + settled.commit)
        for user, welcome in settled.welcomes.items():
            self._tell_binary(user, Op.WELCOME, head + welcome)
        self._after(self._settings.ready_s + self._slowest(), lambda: self._overdue(id))

    def ready(self, session: Session, id: int) -> None:
        """Op 23: once all are ready, op 22."""
        if not self._transitions.known(id):
            self._violations.note(session.user, "ready for a transition nobody announced", str(id))
        if self._transitions.ready(session.user, id):
            self._execute(id)

    def invalid(self, session: Session, id: int) -> None:
        """Op 31: take them out of the group; they come again with a new key package."""
        self._violations.note(session.user, "could not process a commit or welcome", str(id))
        self._deliver(self.group.withdraw(session.user))
        if self._transitions.ready(session.user, id):
            self._execute(id)
        self._expect_key_package(session)

    def settled(self, user: str) -> bool:
        """Whether somebody has had the time to use the keys that are in force."""
        session = self._members.get(user)
        executed = session.executed_at if session else 0.0
        since = time.monotonic() - executed
        quiet = not self._transitions.running and not self.group.proposals
        return bool(executed) and quiet and since > self._settings.crossing_s

    def close(self) -> None:
        """Expect nothing any more."""
        for timer in self._timers:
            timer.cancel()

    def _reset(self, left: Session) -> None:
        """Only one is left: their group ends, so that nobody keeps an old one.

        Source: https://daveprotocol.com/#sole-member-reset
        """
        self.group.forget()
        self.downgraded = self._settings.alone == "downgrade"
        left.executed_at = 0.0
        if not self.downgraded:
            self._prepare_epoch(left)
        version = 0 if self.downgraded else left.dave
        left.tell(Op.PREPARE_TRANSITION, {"transition_id": NOW, "protocol_version": version})

    def _prepare_epoch(self, session: Session) -> None:
        about = {"transition_id": NOW, "epoch": 1, "protocol_version": session.dave}
        session.tell(Op.PREPARE_EPOCH, about)
        self._expect_key_package(session)

    def _deliver(self, letters: list[Letter]) -> None:
        for letter in letters:
            self._tell_binary(letter.to, Op.PROPOSALS, letter.body)
        if letters:
            wait = self._settings.commit_s + self._slowest()
            self._after(wait, lambda: self._uncommitted(wait))

    def _uncommitted(self, wait: float) -> None:
        since = time.monotonic() - wait
        if len(self._members) > 1 and any(p.at <= since for p in self.group.proposals.values()):
            self._violations.note("", "nobody committed to the proposals", self._channel)

    def _expect_key_package(self, session: Session) -> None:
        group = self.group

        def look() -> None:
            known = session.user in group.pending or session.user in group.leaves
            if self._members.get(session.user) is session and not (known or self.downgraded):
                self._violations.note(session.user, "no key package")

        self._after(self._settings.key_package_s + session.lag_s, look)

    def _overdue(self, id: int) -> None:
        late = self._transitions.late(id)
        for user in late:
            self._violations.note(user, "not ready for a transition in time", f"op 23, {id}")
        if late:
            self._execute(id)

    def _execute(self, id: int) -> None:
        self._transitions.end(id)
        for user in self.group.members:
            session = self._members.get(user)
            if session is not None:
                session.executed_at = time.monotonic() + session.lag_s
                session.tell(Op.EXECUTE_TRANSITION, {"transition_id": id})

    def _slowest(self) -> float:
        return max((member.lag_s for member in self._members.values()), default=0.0)

    def _tell_binary(self, user: str, op: Op, body: bytes) -> None:
        session = self._members.get(user)
        if session is not None:
            session.tell_binary(op, body)

    def _after(self, seconds: float, deed: Callable[[], None]) -> None:
        def run() -> None:
            self._timers.discard(timer)
            deed()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)
