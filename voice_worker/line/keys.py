"""The end-to-end keys of one voice session: what we seal with, and one decryptor per person.

The library (disnake) speaks DAVE for sending only; here is what it leaves out. Whoever receives
takes a new key as soon as a change of the group is announced, and keeps the old one for 10 s:
senders switch later, each at its own time. Source: https://daveprotocol.com/#sender-key-rotation
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import dave
from disnake.voice_client import DaveState

from voice_worker.audio import SILENCE

if TYPE_CHECKING:
    from voice_worker.line.session import Session


class Keys(DaveState):
    """For several threads: the loop changes keys, one thread seals, another opens."""

    def __init__(self, session: "Session", changed: Callable[[], None]) -> None:
        super().__init__(cast(Any, session))
        self._guard = threading.RLock()
        self._changed = changed
        self._opens: dict[int, dave.Decryptor] = {}
        self._coming: dict[int, frozenset[int]] = {}
        self._reached: frozenset[int] = frozenset()
        self.version = 0
        """The protocol's version that is in force or announced; 0: no end-to-end encryption."""

    # What the library calls.

    async def reinit_state(self, version: int) -> None:
        await super().reinit_state(version)
        self.version = version
        if self._encryptor is None:  # the group may begin later, with op 24
            self._encryptor = dave.Encryptor()
            self._encryptor.assign_ssrc_to_codec(self.vc.ssrc, dave.Codec.opus)
        self._changed()

    async def prepare_epoch(self, epoch: int, version: int) -> None:
        self.version = version
        await super().prepare_epoch(epoch, version)

    async def prepare_transition(self, transition_id: int, version: int) -> None:
        with self._guard:
            self.version = version
            for user in self.others:
                self._expect(user, version)
            grouped = version > 0 and self._session.has_established_group()
            self._coming[transition_id] = self.others if grouped else frozenset()
        await super().prepare_transition(transition_id, version)

    def execute_transition(self, transition_id: int) -> None:
        with self._guard:
            super().execute_transition(transition_id)
            self._reached = self._coming.pop(transition_id, self._reached)
        self._changed()

    def add_recognized_user(self, user_id: int) -> None:
        with self._guard:
            super().add_recognized_user(user_id)
        self._changed()

    def remove_recognized_user(self, user_id: int) -> None:
        with self._guard:
            super().remove_recognized_user(user_id)
            self._opens.pop(user_id, None)
        self._changed()

    # What we need.

    @property
    def ready(self) -> bool:
        """Whether speech has a sense: our key is in force, and somebody who is there has it."""
        with self._guard:
            return self.can_encrypt() and not self._reached.isdisjoint(self.others)

    @property
    def others(self) -> frozenset[int]:
        """Everybody else that the voice server told us of, bots too."""
        with self._guard:
            return frozenset(self._recognized_users - {self._self_id})

    def seal(self, frame: bytes) -> bytes | None:
        """`frame`, encrypted; None where no key is in force: never the frame itself. Silence is
        returned as it is, as everybody does.
        """
        if frame == SILENCE:
            return frame
        with self._guard:
            return self.encrypt(frame) if self.can_encrypt() else None

    def open(self, user: int, frame: bytes) -> bytes | None:
        """What `user` sealed; None where it is not theirs, or the key is not here."""
        with self._guard:
            decryptor = self._opens.get(user)
            if decryptor is None:
                return frame if self.version == 0 else None
            return decryptor.decrypt(dave.MediaType.audio, frame)

    def whose(self, frame: bytes) -> tuple[int, bytes] | None:
        """Whose key opens `frame`, and what is in it: its authentication tag tells the speaker. (A
        frame can be opened only once.)
        """
        with self._guard:
            users = self._opens if self.version else ()
            opened = ((user, self.open(user, frame)) for user in users)
            return next(((user, plain) for user, plain in opened if plain is not None), None)

    def _expect(self, user: int, version: int) -> None:
        """Take `user`'s next key beside the one in force."""
        decryptor = self._opens.setdefault(user, dave.Decryptor())
        decryptor.transition_to_passthrough_mode(version == 0)
        if version and self._session.has_established_group():
            ratchet = self._session.get_key_ratchet(str(user))
            if ratchet is not None:
                decryptor.transition_to_key_ratchet(ratchet)
