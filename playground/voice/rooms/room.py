"""One voice channel while people are in it: who hears of whom, and their encrypted group."""

import asyncio
import struct
import time
from collections.abc import Callable

from playground.voice.rooms.codes import Op
from playground.voice.rooms.delivery import GRACE_S, Delivery, Letter, Wrong
from playground.voice.rooms.session import Session
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.transitions import Transitions
from playground.voice.rooms.violations import Violations

NOW = 0
"""The transition that is executed as soon as it is announced."""


class Room:
    """`members`: those whose connection is complete, by user. `group`: of the encrypted ones."""

    def __init__(self, channel: str, settings: Settings, violations: Violations) -> None:
        self.channel = channel
        self.members: dict[str, Session] = {}
        self.group = Delivery(int(channel))
        self.downgraded = False
        self._settings = settings
        self._violations = violations
        self._transitions = Transitions()
        self._timers: set[asyncio.TimerHandle] = set()

    def enter(self, session: Session) -> None:
        """Somebody's connection is complete: they and the others hear of each other."""
        others = [m for m in self.members.values() if m.user != session.user]
        self.members[session.user] = session
        if others:
            session.tell(Op.CLIENTS_CONNECT, {"user_ids": [other.user for other in others]})
            session.crowded_at = time.monotonic()
        for other in others:
            self._is_not_alone(other)
            other.tell(Op.CLIENTS_CONNECT, {"user_ids": [session.user]})
            if other.speaking is not None:
                session.tell(Op.SPEAKING, _speaking(other))
        if session.dave:
            self._regroup(others)
            session.tell_binary(Op.EXTERNAL_SENDER, self.group.sender.package())
            self._expect_key_package(session)

    def leave(self, session: Session) -> None:
        """Somebody is gone; nothing happens for a session that was replaced."""
        if self.members.get(session.user) is not session:
            return
        del self.members[session.user]
        for other in self.members.values():
            other.tell(Op.CLIENT_DISCONNECT, {"user_id": session.user})
        for id in self._transitions.gone(session.user):
            self._execute(id)
        self._shrink(session.user)

    def speaks(self, session: Session, flags: int) -> None:
        """Op 5: tell the others."""
        session.speaking = flags
        for other in self.members.values():
            if other is not session:
                other.tell(Op.SPEAKING, _speaking(session))

    def key_package(self, session: Session, body: bytes) -> None:
        """Op 26."""
        if self.downgraded and len(self.members) == 1:
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
        session = self.members.get(user)
        executed = session.executed_at if session else 0.0
        since = time.monotonic() - executed
        quiet = not self._transitions.running and not self.group.proposals
        return bool(executed) and quiet and since > self._settings.crossing_s

    def close(self) -> None:
        """Cancel what is waited for."""
        for timer in self._timers:
            timer.cancel()

    def _is_not_alone(self, member: Session) -> None:
        if member.crowded_at is None:
            told = time.monotonic() + member.lag_s
            member.crowded_at = told + self._settings.crossing_s

    def _regroup(self, others: list[Session]) -> None:
        """Encryption begins anew for somebody who was alone without it."""
        if self.downgraded and others:
            self.downgraded = False
            for other in others:
                self._prepare_epoch(other)

    def _shrink(self, user: str) -> None:
        alone = len(self.members) == 1 and self.group.epoch > 0
        for left in self.members.values() if len(self.members) == 1 else ():
            left.crowded_at = None
        if not self.members:
            self.group.forget()
            self.downgraded = False
        elif not alone or self._settings.alone == "keep":
            self._deliver(self.group.withdraw(user))
        else:
            self._reset(next(iter(self.members.values())))

    def _reset(self, left: Session) -> None:
        """Only one is left: their group ends, so that nobody keeps an old one.

        Source: https://daveprotocol.com/#sole-member-reset
        """
        self.group.forget()
        self.downgraded = self._settings.alone == "downgrade"
        if not self.downgraded:
            self._prepare_epoch(left)
        version = 0 if self.downgraded else left.dave
        left.executed_at = 0.0
        about = {"transition_id": NOW, "protocol_version": version}
        left.tell(Op.PREPARE_TRANSITION, about)

    def _prepare_epoch(self, session: Session) -> None:
        about = {"transition_id": NOW, "epoch": 1, "protocol_version": session.dave}
        session.tell(Op.PREPARE_EPOCH, about)
        self._expect_key_package(session)

    def _deliver(self, letters: list[Letter]) -> None:
        for letter in letters:
            self._tell_binary(letter.to, Op.PROPOSALS, letter.body)
        if letters:
            epoch = self.group.epoch
            wait = self._settings.commit_s + self._slowest()
            self._after(wait, lambda: self._uncommitted(epoch, wait))

    def _uncommitted(self, epoch: int, wait: float) -> None:
        waiting = [p for p in self.group.proposals.values() if p.at <= time.monotonic() - wait]
        if self.group.epoch == epoch and waiting and len(self.members) > 1:
            self._violations.note("", "nobody committed to the proposals", self.channel)

    def _expect_key_package(self, session: Session) -> None:
        def look() -> None:
            known = (*self.group.pending, *(u for u in self.group.leaves if u))
            if self.members.get(session.user) is session and session.user not in known:
                self._violations.note(session.user, "no key package")

        if not (self.downgraded and len(self.members) == 1):
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
            session = self.members.get(user)
            if session is not None:
                session.executed_at = time.monotonic() + session.lag_s
                session.tell(Op.EXECUTE_TRANSITION, {"transition_id": id})

    def _slowest(self) -> float:
        return max((member.lag_s for member in self.members.values()), default=0.0)

    def _tell_binary(self, user: str, op: Op, body: bytes) -> None:
        session = self.members.get(user)
        if session is not None:
            session.tell_binary(op, body)

    def _after(self, seconds: float, deed: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def run() -> None:
            self._timers.discard(timer)
            deed()

        timer = loop.call_later(seconds, run)
        self._timers.add(timer)


def _speaking(session: Session) -> dict[str, object]:
    return {"user_id": session.user, "ssrc": session.ssrc, "speaking": session.speaking}
