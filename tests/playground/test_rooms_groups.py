"""The delivery of encrypted groups to members who use Discord's own library."""

import pytest

from playground.voice.client.group import Group, Refused
from playground.voice.rooms import framing
from playground.voice.rooms.commits import Wrong
from playground.voice.rooms.delivery import REVOKE, Delivery
from playground.voice.rooms.framing import Reader
from tests.playground.club import CHANNEL, Club

A, B, C, D = "111", "222", "333", "444"


@pytest.mark.parametrize("winner", [A, B])
def test_either_of_two_newcomers_may_make_the_group(winner: str):
    club = Club(A, B)
    assert {who for who, _ in club.commits} == {A, B}
    club.settle(winner)
    assert club.delivery.epoch == 1
    assert club.delivery.leaves == [winner, *({A, B} - {winner})]
    assert club.all_hear_all()


def test_the_slower_commit_of_an_epoch_is_dropped_without_a_word():
    club = Club(A, B)
    slower = next(body for who, body in club.commits if who == B)
    club.settle(A)
    assert club.delivery.commit(B, slower) is None
    assert club.all_hear_all()


def test_a_commit_that_crossed_a_proposal_does_not_win():
    club = Club(A, B)
    early = next(body for who, body in club.commits if who == A)
    club.enter(C)
    assert club.delivery.commit(A, early) is None
    club.settle(A)
    assert set(club.delivery.leaves) == {A, B, C}
    assert club.all_hear_all()


def test_who_leaves_before_the_group_is_made_is_revoked():
    club = Club(A, B, C)
    del club.groups[B]
    letters = club.delivery.withdraw(B)
    assert {to for to, body in letters if body.startswith(REVOKE)} == {A, C}
    club.deliver(letters)
    club.settle(A)
    assert set(club.delivery.leaves) == {A, C}
    assert club.all_hear_all()


def test_who_leaves_is_removed_and_the_leaf_is_used_again():
    club = Club(A, B, C)
    club.settle(A)
    at = club.delivery.leaves.index(B)
    club.leave(B)
    club.settle(C)
    assert club.delivery.leaves[at] is None
    club.enter(D)
    club.settle(A)
    assert club.delivery.leaves[at] == D
    assert club.all_hear_all()


def test_one_commit_removes_and_adds_the_same_person():
    club = Club(A, B, C)
    club.settle(A)
    club.deliver(club.delivery.withdraw(B))
    club.enter(B)
    club.settle(C)
    assert sorted(user for user in club.delivery.leaves if user) == [A, B, C]
    assert club.all_hear_all()


def test_when_all_members_go_those_who_wait_make_a_group_of_their_own():
    club = Club(A, B)
    club.settle(A)
    club.enter(C)
    club.enter(D)
    club.commits.clear()
    del club.groups[A], club.groups[B]
    club.delivery.withdraw(A)
    club.deliver(club.delivery.withdraw(B))
    club.settle(C)
    assert club.delivery.epoch == 1
    assert club.all_hear_all()


def test_each_new_member_gets_their_own_part_of_the_welcome_only():
    club = Club(A, B, C)
    settled = club.settle(A)
    parts = [framing.welcome(Reader(body)) for body in settled.welcomes.values()]
    assert [len(part.secrets) for part in parts] == [1, 1]
    assert len({*parts[0].secrets, *parts[1].secrets}) == 2


def test_a_commit_that_leaves_out_an_old_proposal_is_wrong():
    club = Club(A, B)
    early = next(body for who, body in club.commits if who == A)
    club.enter(C)
    with pytest.raises(Wrong, match="does not cover"):
        club.delivery.commit(A, early, grace_s=-1)


def test_a_commit_without_its_welcome_is_wrong():
    club = Club(A, B)
    body = next(body for who, body in club.commits if who == A)
    reader = Reader(body)
    framing.public_message(reader)
    with pytest.raises(Wrong, match="welcome"):
        club.delivery.commit(A, body[: reader.at])


def test_a_commit_in_somebody_elses_name_is_wrong():
    club = Club(A, B, C)
    club.settle(A)
    club.enter(D)
    body = next(body for who, body in reversed(club.commits) if who == A)
    with pytest.raises(Wrong, match="somebody else"):
        club.delivery.commit(B, body)


def test_a_commit_of_a_later_epoch_is_wrong():
    club = Club(A, B)
    club.settle(A)
    club.enter(C)
    other = Club()
    with pytest.raises(Wrong, match="epoch 1 in epoch 0"):
        other.delivery.commit(A, club.commits[-1][1])


@pytest.mark.parametrize("cut", [0, 1, 7, 40, 200])
def test_a_commit_cut_short_is_wrong(cut: int):
    club = Club(A, B)
    with pytest.raises(Wrong):
        club.delivery.commit(A, club.commits[0][1][:cut])


def test_a_key_package_of_somebody_else_is_wrong():
    package = Group(B, CHANNEL, 1, 1).key_package()
    with pytest.raises(Wrong, match="not its sender"):
        Delivery(int(CHANNEL)).offer(A, package)


def test_a_key_package_with_something_behind_it_is_wrong():
    package = Group(A, CHANNEL, 1, 1).key_package()
    with pytest.raises(Wrong, match="more than"):
        Delivery(int(CHANNEL)).offer(A, package + b"\0")


def test_a_member_refuses_a_welcome_with_a_stranger_in_it():
    club = Club(A, B, C)
    settled = club.delivery.commit(A, next(b for who, b in reversed(club.commits) if who == A))
    assert settled is not None
    club.groups[B].known = {A}
    with pytest.raises(Refused):
        club.groups[B].welcome(settled.welcomes[B])
