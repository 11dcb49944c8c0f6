"""The sentence model, once for all tests, and the FAQ that is taught in several of them."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from protege.learning import Lesson
from protege.providers.local import MiniLM

FAQ = Path(__file__).parent / "faq.jsonl"


class Faq(NamedTuple):
    """Written by hand for these tests: 40 answers, each asked for in two other ways."""

    lessons: list[Lesson]
    asked: list[tuple[str, str]]
    """A paraphrase, and the id of the lesson that answers it."""
    untaught: list[str]


@pytest.fixture(scope="session")
def embedder() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="session")
def faq() -> Faq:
    found = Faq([], [], [])
    for number, line in enumerate(FAQ.read_text("utf-8").splitlines()):
        row = json.loads(line)
        if not row["good"]:
            found.untaught.extend(row["asked"])
            continue
        lesson = Lesson(f"{number:04d}", row["input"], row["good"])
        found.lessons.append(lesson)
        found.asked.extend((question, lesson.id) for question in row["asked"])
    return found
