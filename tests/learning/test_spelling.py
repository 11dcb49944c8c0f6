"""Likeness in spelling: n-grams, normalised texts."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protege.learning.ngrams import NOTHING_SEEN, Postings, grams, rarity
from protege.learning.wording import draw, latin_share, normalise


def alike(taught: list[str], question: str) -> list[float]:
    rare = rarity([grams(text) for text in taught])
    index = Postings.of([rare.weigh(grams(text)) for text in taught])
    return [float(one) for one in index.likeness(rare.weigh(grams(question)))]


def test_inflected_words_are_alike() -> None:
    found = alike(["Как сменить пароль?", "Где скачать приложение?"], "смена пароля")
    assert found[0] > 0.3
    assert found[1] == 0


def test_case_and_yo_make_no_difference() -> None:
    assert alike(["Ещё один ЁЖ"], "еще ОДИН еж?") == pytest.approx([1])


def test_words_of_grammar_count_little() -> None:
    refund, password = alike(["how do I get a refund", "reset password"], "how do I get a password")
    assert password > 2 * refund


def test_rows_added_later_are_found_like_rows_indexed_at_once() -> None:
    texts = ["first question", "second question", "смена пароля", ""]
    weighed = [NOTHING_SEEN.weigh(grams(text)) for text in texts]
    grown = Postings.of(weighed[:1]).extended(Postings.of(weighed[1:]))
    asked = NOTHING_SEEN.weigh(grams("the second question about a пароль"))
    assert grown.likeness(asked).tolist() == Postings.of(weighed).likeness(asked).tolist()


def test_an_empty_index_and_an_empty_question_are_no_error() -> None:
    assert alike([], "question") == []
    assert alike(["question"], "") == [0]


def test_hashes_and_draws_are_the_same_in_every_process() -> None:
    code = (
        "from protege.learning.ngrams import grams; from protege.learning.wording import draw;"
        "print(grams('Как сменить пароль?').hashes.sum(), draw('Как сменить пароль?'))"
    )
    run = [sys.executable, "-c", code]
    other = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    here = grams("Как сменить пароль?").hashes.sum(), draw("как сменить  пароль")
    assert other == [str(number) for number in here]


LETTERS_AND_MARKS = st.text(st.characters(categories=["L", "N", "P", "Z", "S"]))


@given(LETTERS_AND_MARKS)
def test_a_normalised_text_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(), st.text())
def test_likeness_is_between_nothing_and_the_same(one: str, other: str) -> None:
    [found] = alike([one], other)
    assert -1e-6 <= found <= 1 + 1e-5


@pytest.mark.parametrize(("one", "other"), [("?!", ""), ("a", "b"), ("дом", "том")])
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_texts_that_a_person_takes_for_the_same_are_the_same() -> None:
    texts = ["Ещё  РАЗ?", "еще раз", "«Ещё раз»!", "\uff25ще раз".replace("\uff25", "Е")]
    assert len({normalise(text) for text in texts}) == 1


def test_the_share_of_latin_letters_decides_what_the_embedder_can_read() -> None:
    assert latin_share("How much is 5 €?") == 1
    assert latin_share("Сколько стоит?") == 0
    assert latin_share("как сделать deploy") == pytest.approx(6 / 16)
    assert latin_share("12:30") == 1
    assert np.isclose(latin_share("naïve façade"), 1)
