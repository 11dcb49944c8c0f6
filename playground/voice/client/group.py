"""A person's part of the encrypted group, by Discord's own library.

Source: https://daveprotocol.com/#protocol-overview
"""

import dave

AUDIO = dave.MediaType.audio


class Refused(Exception):
    """A commit or a welcome that the group does not take."""


class Group:
    """`known`: ids of the others in the channel. Receives with a new key from the commit on, sends
    with it from `execute` on.
    """

    def __init__(self, user: str, channel: str, version: int, ssrc: int) -> None:
        self.user = user
        self.known: set[str] = set()
        self.ready = False
        self._version, self._channel, self._ssrc = version, int(channel), ssrc
        self._session = dave.Session(lambda source, reason: None)
        self._key = dave.SignatureKeyPair.generate(version)
        self._encryptor = dave.Encryptor()
        self._encryptor.assign_ssrc_to_codec(ssrc, dave.Codec.opus)
        self._decryptors: dict[str, dave.Decryptor] = {}

    def key_package(self) -> bytes:
        """Begin anew; what lets others add us."""
        self._session.init(self._version, self._channel, self.user, self._key)
        package = self._session.get_marshalled_key_package()
        if package is None:
            raise Refused("no key package")
        return package

    def external_sender(self, body: bytes) -> None:
        """Whose proposals to take."""
        self._session.set_external_sender(body)

    def proposals(self, body: bytes) -> bytes | None:
        """Our commit, where there is something to commit to."""
        return self._session.process_proposals(body, self._everybody())

    def commit(self, body: bytes) -> None:
        """The group goes on. Raises Refused."""
        roster = self._session.process_commit(body)
        if roster is dave.RejectType.failed:
            raise Refused("commit")
        if isinstance(roster, dict):
            self._take_keys()

    def welcome(self, body: bytes) -> None:
        """We are in a group. Raises Refused."""
        if self._session.process_welcome(body, self._everybody()) is None:
            raise Refused("welcome")
        self._take_keys()

    def execute(self) -> None:
        """Send with the new key."""
        self._encryptor.set_key_ratchet(self._session.get_key_ratchet(self.user))
        self.ready = self._session.has_established_group()

    def pause(self) -> None:
        """There is nobody to encrypt for; a new group may come."""
        self.ready = False
        self._encryptor.set_key_ratchet(None)
        self._decryptors.clear()

    def encrypt(self, frame: bytes) -> bytes | None:
        """A frame for the others; None while there is no key."""
        return self._encryptor.encrypt(AUDIO, self._ssrc, frame) if self.ready else None

    def decrypt(self, user: str, frame: bytes) -> bytes | None:
        """A frame of somebody; None where no key of theirs opens it."""
        decryptor = self._decryptors.get(user)
        return None if decryptor is None else decryptor.decrypt(AUDIO, frame)

    def trial(self, frame: bytes) -> tuple[str, bytes] | None:
        """A frame of who knows whom, with its speaker: the authentication tag tells."""
        for user in self._decryptors:
            opened = self.decrypt(user, frame)  # once only: a second time it is taken for a replay
            if opened is not None:
                return user, opened
        return None

    def gone(self, user: str) -> None:
        """Somebody left."""
        self.known.discard(user)
        self._decryptors.pop(user, None)

    def _everybody(self) -> set[str]:
        return {*self.known, self.user}

    def _take_keys(self) -> None:
        for user in self.known:
            ratchet = self._session.get_key_ratchet(user)
            if ratchet is not None:
                decryptor = self._decryptors.setdefault(user, dave.Decryptor())
                decryptor.transition_to_key_ratchet(ratchet)
