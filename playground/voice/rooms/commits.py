"""Commits as they come from members: taken apart, and what they make of the group.

Source: https://daveprotocol.com/#dave_mls_commit_welcome-28
"""

from collections.abc import Sequence
from typing import NamedTuple

from playground.voice.rooms import framing
from playground.voice.rooms.framing import Reader, Unreadable
from playground.voice.rooms.sender import package_reference


class Wrong(Exception):
    """A key package or a commit that a right client would not send."""


class Opened(NamedTuple):
    """`commit`: its bytes, `message`: what they say; `welcome`: for those whom it adds."""

    commit: bytes
    message: framing.Message
    welcome: framing.Welcome | None


def opened(body: bytes) -> Opened:
    """The body of op 28. Raises Wrong."""
    reader = Reader(body)
    try:
        message = framing.public_message(reader)
        commit, rest = body[: reader.at], reader.rest()
        welcome = framing.welcome(Reader(rest)) if rest else None
    except Unreadable as error:
        raise Wrong(str(error)) from error
    if message.content != framing.COMMIT or message.sender_type != framing.MEMBER:
        raise Wrong("no commit of a member")
    if not message.refs:
        raise Wrong("commit without proposals")
    return Opened(commit, message, welcome)


def owner(key_package: bytes) -> int:
    """Whose key package it is. Raises Wrong."""
    reader = Reader(key_package)
    try:
        found = framing.key_package(reader)
    except Unreadable as error:
        raise Wrong(str(error)) from error
    if reader.rest():
        raise Wrong("more than a key package")
    return int.from_bytes(found.identity, "big")


def welcomes(added: dict[str, bytes], welcome: framing.Welcome | None) -> dict[str, bytes]:
    """Each new member's part of the welcome, by key packages. Raises Wrong for one left out."""
    if not added:
        return {}
    if welcome is None:
        raise Wrong("commit without a welcome for the new members")
    try:
        return {user: welcome.only_for(package_reference(sent)) for user, sent in added.items()}
    except KeyError as error:
        raise Wrong("the welcome leaves somebody out") from error


def grown(leaves: Sequence[str | None], gone: set[str], added: Sequence[str]) -> list[str | None]:
    """The leaves after a commit: new members take the leftmost empty ones.

    Source: RFC 9420, section 12.1.1
    """
    after = [None if user in gone else user for user in leaves]
    for user in added:
        if None in after:
            after[after.index(None)] = user
        else:
            after.append(user)
    return after
