"""Passages of a document that answer a question."""

import pytest

from protege.learning.passages import LONGEST, best_passages, passages
from protege.providers.local import MiniLM

FILLER = "The hall was built of brick. Its roof was mended twice. Nobody remembers the architect. "
HISTORY = [f"In the year {1800 + n} a door was painted, and nothing else. " for n in range(90)]
ENGLISH = (
    "".join(HISTORY[:30])
    + "Tickets cost nine euros for grown-ups and nothing for children. "
    + "".join(HISTORY[30:60])
    + "Dogs have to wait outside, next to the bicycle stand. "
    + "".join(HISTORY[60:])
)
RUSSIAN = (
    "Здание построено из кирпича. Крышу чинили дважды. Об архитекторе ничего не известно.\n" * 15
    + "Билет для взрослого стоит триста рублей.\n"
    + "Вечером на площади играет оркестр, и приходит много народу со всего города.\n" * 15
)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (ENGLISH, "What is the entrance fee?", "nine euros"),
        (ENGLISH, "may I bring my dog?", "wait outside"),
        (RUSSIAN, "Сколько стоят билеты?", "триста рублей"),
    ],
)
def test_the_passage_that_answers_is_found(
    embedder: MiniLM, text: str, question: str, answer: str
) -> None:
    found = best_passages(text, question, embedder, 2)
    assert len(found) == 2
    assert any(answer in passage for passage in found)


def test_passages_come_in_the_order_of_the_text(embedder: MiniLM) -> None:
    found = best_passages(ENGLISH, "tickets for children, and where dogs wait", embedder, 3)
    at = [ENGLISH.index(passage) for passage in found]
    both = " ".join(found)
    assert at == sorted(at)
    assert "Tickets" in both
    assert "Dogs" in both


def test_a_long_text_is_searched_to_its_end(embedder: MiniLM) -> None:
    text = FILLER * 600 + "The secret word is xylophone."
    assert "xylophone" in best_passages(text, "what is the secret word", embedder, 1)[0]


def test_a_short_text_is_one_passage_and_an_empty_one_none(embedder: MiniLM) -> None:
    assert best_passages("One. Two.\nThree", "anything", embedder, 3) == ["One. Two. Three"]
    assert best_passages("  \n ", "anything", embedder, 3) == []


def test_passages_hold_every_word_once_and_are_never_too_long() -> None:
    text = ENGLISH + "x" * 3 * LONGEST
    found = list(passages(text))
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, found)) <= LONGEST
