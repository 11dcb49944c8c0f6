"""A group and its members without a network between them."""

from playground.voice.client.group import Group
from playground.voice.rooms.delivery import Delivery, Settled

CHANNEL = "927310423890473011"


class Club:
    """A group with its members, and nothing between them: letters arrive when `deliver` is called.

    `commits`: what members would send, newest last.
    """

    def __init__(self, *users: str) -> None:
        self.delivery = Delivery(int(CHANNEL))
        self.groups: dict[str, Group] = {}
        self.commits: list[tuple[str, bytes]] = []
        for user in users:
            self.enter(user)

    def enter(self, user: str) -> None:
        """Somebody comes and sends a key package."""
        self.groups[user] = group = Group(user, CHANNEL, 1, 1)
        for other in self.groups:
            self.groups[other].known = self.groups.keys() - {other}
        package = group.key_package()
        group.external_sender(self.delivery.sender.package())
        self.deliver(self.delivery.offer(user, package))

    def leave(self, user: str) -> None:
        """Somebody goes."""
        del self.groups[user]
        self.deliver(self.delivery.withdraw(user))

    def deliver(self, letters):
        """Members answer proposals with commits."""
        for to, body in letters:
            commit = self.groups[to].proposals(body)
            if commit is not None:
                self.commits.append((to, commit))

    def settle(self, user: str) -> Settled:
        """The newest commit of somebody wins; all take it."""
        body = next(body for who, body in reversed(self.commits) if who == user)
        settled = self.delivery.commit(user, body)
        assert settled is not None
        self.take(settled)
        return settled

    def take(self, settled: Settled) -> None:
        """All process commit or welcome."""
        for user in settled.old:
            self.groups[user].commit(settled.commit)
        for user, welcome in settled.welcomes.items():
            self.groups[user].welcome(welcome)
        for group in self.groups.values():
            group.execute()

    def all_hear_all(self) -> bool:
        """Whether each can open what each of the others says."""
        frame = bytes(range(60))
        for user, group in self.groups.items():
            sealed = group.encrypt(frame)
            assert sealed is not None
            for other in self.groups.keys() - {user}:
                if self.groups[other].decrypt(user, sealed) != frame:
                    return False
        return True
