"""Long replies."""

from hypothesis import given
from hypothesis import strategies as st

from protege.discord.parts import parts, split
from protege.discord.reply import Button, Reply


def test_a_short_reply_stays_one() -> None:
    reply = Reply("hello", (Button("a:b", "press"),))
    assert parts(reply) == [reply]


def test_a_long_reply_is_cut_at_sentence_ends_and_keeps_its_buttons_last() -> None:
    reply = Reply("One sentence of some length. " * 150, (Button("a:b", "press"),), answer="7")
    first, *others = parts(reply)
    assert len(others) == 2 and first.content.endswith(".") and not first.buttons
    assert others[-1].buttons == reply.buttons
    assert all(part.answer == "7" and len(part.content) <= 2000 for part in [first, *others])


def test_a_very_long_reply_is_attached_in_full() -> None:
    content = "Слово за словом. " * 1000
    [only] = parts(Reply(content))
    assert only.files[0].body.decode() == content and len(only.content) <= 2000


def test_a_code_block_that_is_cut_is_closed_and_opened_again() -> None:
    pieces = split("```\n" + "x = 1\n" * 500 + "```")
    assert len(pieces) > 1
    assert all(piece.count("```") == 2 and len(piece) <= 2000 for piece in pieces)


@given(st.text(min_size=1, max_size=9000))
def test_no_text_is_lost_or_too_long(text: str) -> None:
    pieces = split(text)
    assert all(len(piece) <= 2000 for piece in pieces)
    if "```" not in text:
        assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(["```", "\n", "word ", "x" * 700]), max_size=30))
def test_cutting_ends_whatever_the_fences(bits: list[str]) -> None:
    assert all(len(piece) <= 2000 for piece in split("".join(bits)))
