"""Other languages than English, which the model inside sees badly: spelling helps."""

import json
from pathlib import Path

import pytest

from protege.learning import Lesson
from protege.learning.grammar import foreign_share
from protege.learning.index import SPELLING, spelling_share
from protege.learning.model import Model, fit
from protege.learning.wording import words
from protege.providers.local import MiniLM

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("language", "right", "wrong"), [("de", 0.84, 0.04), ("es", 0.93, 0.04)], ids=["de", "es"]
)
def test_taught_questions_are_found_in_their_own_language(
    embedder: MiniLM, language: str, right: float, wrong: float
) -> None:
    """Measured: German 28 of 32 (24 by meaning alone), Spanish 31 (27); one wrong answer each, and
    all 12 untaught questions refused."""
    lessons, asked, untaught = read(HERE / f"faq_{language}.jsonl")
    vectors = embedder.embed([lesson.input for lesson in lessons])
    model = fit(lessons, vectors, embedder_id=embedder.id)
    found = answered(model, embedder, list(asked))
    results = [answer == expected for answer, expected in zip(found, asked.values(), strict=True)]
    missed = results.count(False) - found.count("")
    assert sum(results) >= right * len(asked)
    assert missed <= wrong * len(asked)
    assert answered(model, embedder, untaught).count("") >= 0.9 * len(untaught)


@pytest.mark.parametrize(
    "text",
    [
        "Wie setze ich mein Passwort zurück?",
        "¿Dónde está la factura?",
        "je ne trouve pas la facture",
        "non riesco a trovare il mio conto",
        "onde fica a loja?",
        "hoe kan ik betalen",
        "gdzie jest mój rachunek",
    ],
)
def test_other_languages_in_latin_letters_are_told_from_english(text: str) -> None:
    assert foreign_share(words(text)) > 0.6
    assert spelling_share(text, MiniLM.id) > 2 * SPELLING


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset my password?",
        "where is the shop",
        "refund policy",
        "no, I want it as a present for me",
        "who was in the war?",
    ],
)
def test_english_stays_with_the_embedder(text: str) -> None:
    assert spelling_share(text, MiniLM.id) == SPELLING


def test_an_embedder_of_all_languages_reads_them_all() -> None:
    for text in ("Wie setze ich mein Passwort zurück?", "Как сменить пароль?"):
        assert spelling_share(text, "openai:text-embedding-3-small:1536") == SPELLING


def read(file: Path) -> tuple[list[Lesson], dict[str, str], list[str]]:
    """Lessons, the answers expected of paraphrases, and untaught questions."""
    *taught, last = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    lessons = [Lesson(f"{n:04d}", row["input"], row["good"]) for n, row in enumerate(taught)]
    return lessons, {q: row["good"] for row in taught for q in row["asked"]}, last["asked"]


def answered(model: Model, embedder: MiniLM, questions: list[str]) -> list[str]:
    vectors = embedder.embed(questions)
    found = [model.answer(q, v).lesson for q, v in zip(questions, vectors, strict=True)]
    return [lesson.good if lesson else "" for lesson in found]
