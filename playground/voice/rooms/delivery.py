"""The delivery service of one encrypted group: who is in it, what is proposed, which commit wins.

Source: https://daveprotocol.com/#mls-group-changes and #voice-gateway-commit-validity
"""

import time
from typing import Literal, NamedTuple

from playground.voice.rooms import commits, framing
from playground.voice.rooms.commits import Wrong
from playground.voice.rooms.framing import opaque
from playground.voice.rooms.sender import ExternalSender

APPEND, REVOKE = b"\x00", b"\x01"
GRACE_S = 0.5
"""A commit need not cover what was proposed less than this before it came."""


class Letter(NamedTuple):
    """A list of proposals, or of revoked ones, for one member: the body of op 27."""

    to: str
    body: bytes


class Proposal(NamedTuple):
    """What is proposed in this epoch. `at`: monotonic seconds."""

    kind: Literal["add", "remove"]
    user: str
    message: bytes
    at: float


class Settled(NamedTuple):
    """A commit that won: for `old` members the commit, for the new ones their welcome."""

    commit: bytes
    old: tuple[str, ...]
    welcomes: dict[str, bytes]


class Delivery:
    """Knows the group from outside; the secrets never pass here. `epoch` 0: no group yet.

    As long as there is none, everybody who sent a key package holds a group of their own and may
    commit; the first commit makes the group.
    """

    def __init__(self, group: int) -> None:
        self.sender = ExternalSender(group)
        self.epoch = 0
        self.leaves: list[str | None] = []
        self.pending: dict[str, bytes] = {}
        self.proposals: dict[bytes, Proposal] = {}
        self._revoked: set[bytes] = set()
        self._ended_at = float("-inf")

    @property
    def members(self) -> list[str]:
        """Who may commit: the members that nobody proposed to remove."""
        if not self.epoch:
            return list(self.pending)
        going = {p.user for p in self.proposals.values() if p.kind == "remove"}
        return [user for user in self.leaves if user is not None and user not in going]

    def forget(self) -> None:
        """No group any more; everybody must send a new key package."""
        self._ended_at = time.monotonic() if self.epoch else self._ended_at
        self.epoch, self.leaves = 0, []
        self.pending.clear()
        self.proposals.clear()
        self._revoked.clear()

    def offer(self, user: str, key_package: bytes) -> list[Letter]:
        """A key package came: propose its owner. Raises Wrong."""
        if commits.owner(key_package) != int(user):
            raise Wrong("the key package is not its sender's")
        letters = self._revoke(user)
        if user in self.leaves and user in self.members:
            letters += self._remove(user)
        held = [p.message for p in self.proposals.values()] if not self.epoch else []
        self.pending[user] = key_package
        letters += self._propose("add", user)
        return letters + ([_append(user, *held)] if held else [])

    def withdraw(self, user: str) -> list[Letter]:
        """Somebody left (or must be added anew): revoke or propose what that takes."""
        letters = self._revoke(user)
        self.pending.pop(user, None)
        if user in self.leaves and user in self.members:
            letters += self._remove(user)
        if self.epoch and not self.members:
            return self._begin_anew()
        return letters

    def commit(self, user: str, body: bytes, grace_s: float = GRACE_S) -> Settled | None:
        """A commit came: what to tell whom, None where another one was faster. Raises Wrong."""
        found = commits.opened(body)
        since = time.monotonic() - grace_s
        if found.message.epoch < self.epoch:
            return None
        try:
            self._check_sender(user, found.message)
            covers = self._covers(user, set(found.message.refs), since)
        except Wrong:
            if self._ended_at > since:  # it was meant for the group that was here before
                return None
            raise
        return self._settle(user, found) if covers else None

    def _check_sender(self, user: str, message: framing.Message) -> None:
        if message.epoch > self.epoch:
            raise Wrong(f"commit for epoch {message.epoch} in epoch {self.epoch}")
        if message.group != self.sender.group:
            raise Wrong("commit for another group")
        if user not in self.members:
            raise Wrong("commit of somebody who is no member")
        if message.sender != (self.leaves.index(user) if self.epoch else 0):
            raise Wrong("commit in somebody else's name")

    def _covers(self, user: str, found: set[bytes], since: float) -> bool:
        """Whether all proposals are in it; False where it crossed a proposal on its way."""
        mine = {
            ref: proposal
            for ref, proposal in self.proposals.items()
            if self.epoch or proposal.user != user  # nobody is proposed to themselves
        }
        if found - mine.keys() - self._revoked:
            raise Wrong("commit of what nobody proposed")
        missing = mine.keys() - found
        if any(mine[ref].at < since for ref in missing):
            raise Wrong("commit does not cover the proposals")
        return not missing and found <= mine.keys()

    def _settle(self, user: str, found: commits.Opened) -> Settled:
        done = [self.proposals[ref] for ref in found.message.refs]
        added = {p.user: self.pending[p.user] for p in done if p.kind == "add"}
        welcomes = commits.welcomes(added, found.welcome)
        gone = {p.user for p in done if p.kind == "remove"}
        before = self.leaves if self.epoch else [user]
        self.leaves = commits.grown(before, gone, list(added))
        for newcomer in (*added, user):
            self.pending.pop(newcomer, None)
        self.epoch += 1
        self.proposals.clear()
        self._revoked.clear()
        stayed = tuple(u for u in before if u is not None and u not in gone)
        return Settled(found.commit, stayed, welcomes)

    def _propose(self, kind: Literal["add", "remove"], user: str) -> list[Letter]:
        if kind == "add":
            message, ref = self.sender.add(self.epoch, self.pending[user])
        else:
            message, ref = self.sender.remove(self.epoch, self.leaves.index(user))
        self.proposals[ref] = Proposal(kind, user, message, time.monotonic())
        return [_append(to, message) for to in self.members if to != user]

    def _remove(self, user: str) -> list[Letter]:
        return self._propose("remove", user)

    def _revoke(self, user: str) -> list[Letter]:
        """Take back the proposal to add somebody."""
        refs = [r for r, p in self.proposals.items() if (p.kind, p.user) == ("add", user)]
        for ref in refs:
            del self.proposals[ref]
            self._revoked.add(ref)
        body = REVOKE + opaque(b"".join(opaque(ref) for ref in refs))
        return [Letter(to, body) for to in self.members if refs and to != user]

    def _begin_anew(self) -> list[Letter]:
        """All members went before they could add those who wait."""
        waiting = dict(self.pending)
        self.forget()
        return [letter for user, sent in waiting.items() for letter in self.offer(user, sent)]


def _append(to: str, *messages: bytes) -> Letter:
    return Letter(to, APPEND + opaque(b"".join(messages)))
