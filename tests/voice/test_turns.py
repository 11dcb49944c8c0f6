"""Who has the floor."""

from hypothesis import given
from hypothesis import strategies as st

from voice_worker.turns import RESUME_S, Deed, Turns

ADA, BOB = "42", "43"


def talking() -> Turns:
    turns = Turns()
    turns.speaks()
    return turns


def test_a_person_who_may_interrupts_the_bot() -> None:
    turns = talking()
    assert turns.began(ADA, 1.0, may=True) == "hush"
    assert turns.hushed and not turns.speaking
    turns.ended(ADA, 2.0)
    assert turns.words(ADA, "stop", 2.2) == "drop"
    assert not turns.hushed and not turns.speaking


def test_a_person_who_may_not_is_spoken_over() -> None:
    turns = talking()
    assert turns.began(BOB, 1.0, may=False) == "nothing"
    assert turns.speaking
    assert turns.words(BOB, "anything", 2.0) == "nothing"


def test_a_cough_makes_it_go_on() -> None:
    turns = talking()
    turns.began(ADA, 1.0, may=True)
    turns.ended(ADA, 1.2)
    assert turns.words(ADA, " ", 1.5) == "resume"
    assert turns.speaking


def test_without_words_it_goes_on_after_a_while() -> None:
    turns = talking()
    turns.began(ADA, 1.0, may=True)
    assert turns.tick(1.0 + RESUME_S) == "nothing", "they still speak"
    turns.ended(ADA, 9.0)
    assert turns.tick(8.9 + RESUME_S) == "nothing"
    assert turns.tick(9.0 + RESUME_S) == "resume"
    assert turns.tick(99.0) == "nothing"


def test_two_who_interrupt_are_both_waited_for() -> None:
    turns = talking()
    assert turns.began(ADA, 1.0, may=True) == "hush"
    assert turns.began(BOB, 1.1, may=True) == "nothing", "it is silent already"
    turns.ended(ADA, 1.5)
    assert turns.words(ADA, "", 1.6) == "nothing", "the other may still say something"
    turns.ended(BOB, 1.7)
    assert turns.words(BOB, "wait", 1.8) == "drop"


def test_who_leaves_no_longer_interrupts() -> None:
    turns = talking()
    turns.began(ADA, 1.0, may=True)
    assert turns.gone(ADA) == "resume"
    assert turns.heard == frozenset()


def test_a_bot_that_has_nothing_to_say_is_not_interrupted() -> None:
    turns = Turns()
    assert turns.began(ADA, 1.0, may=True) == "nothing"
    turns.speaks()
    turns.spoke()
    assert turns.began(BOB, 2.0, may=True) == "nothing"
    assert turns.heard == {ADA, BOB}


def test_being_hushed_is_not_having_said_it_all() -> None:
    turns = talking()
    turns.began(ADA, 1.0, may=True)
    turns.spoke()
    turns.ended(ADA, 1.1)
    assert turns.words(ADA, "", 1.2) == "resume"


WHO = st.sampled_from([ADA, BOB])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("began"), WHO, st.booleans()),
        st.tuples(st.just("ended"), WHO, st.just(False)),
        st.tuples(st.just("words"), WHO, st.booleans()),
        st.tuples(st.just("gone"), WHO, st.just(False)),
        st.tuples(st.sampled_from(["speaks", "spoke", "tick"]), st.just(ADA), st.just(False)),
    ),
    max_size=60,
)


def step(turns: Turns, what: str, who: str, flag: bool, now: float) -> Deed:
    """Tell it one thing."""
    match what:
        case "began":
            return turns.began(who, now, may=flag)
        case "words":
            return turns.words(who, "yes" if flag else "", now)
        case "gone":
            return turns.gone(who)
        case "tick":
            return turns.tick(now)
    {"ended": lambda: turns.ended(who, now), "speaks": turns.speaks, "spoke": turns.spoke}[what]()
    return "nothing"


@given(STEPS)
def test_hush_is_always_settled(steps: list[tuple[str, str, bool]]) -> None:
    """Every `hush` is followed by one `resume` or `drop` (or something new to say) before the next;
    without a hush there is neither; in the end silence settles it."""
    turns, hushed, now = Turns(), False, 0.0
    for what, who, flag in steps:
        now += 0.1
        deed = step(turns, what, who, flag, now)
        assert deed == "nothing" or (deed == "hush") != hushed
        hushed = turns.hushed
        assert hushed or deed != "hush"
        assert not hushed or deed not in ("resume", "drop")
    for who in (ADA, BOB):
        turns.ended(who, now)
    assert (turns.tick(now + RESUME_S + 0.01) == "resume") == hushed
