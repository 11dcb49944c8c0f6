"""A question that is broken off, as a spoken one is when somebody interrupts."""

from collections.abc import Generator
from pathlib import Path

import pytest

from protege.app import App
from protege.asking import Asking, Question
from protege.chat import Chat
from protege.providers import Completion, Prompt, Usage
from tests.person import Person, configured, snowflake
from tests.recorder import Recorder

SAID = ("The dome ", "opens at nine. ", "And it closes at five.")


class Talkative:
    """A model that counts how much of its answer was taken, and whether it was let finish."""

    model = "gpt-6-luna"
    can_complete = False
    written = 0
    closed = False

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        try:
            for piece in SAID:
                self.written += 1
                yield piece
        finally:
            self.closed = True
        return Usage(100, 10)

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        raise NotImplementedError


@pytest.fixture
def model() -> Talkative:
    return Talkative()


@pytest.fixture
def app(discord: Recorder, tmp_path: Path, model: Talkative) -> App:
    app = configured(discord, str(tmp_path))
    know = app.models, app.embedder, app.instructions
    app.chat = Chat(model, *know, app.answers, app.spending)
    return app


def asked(app: App) -> Asking:
    question = Question(snowflake(), "77", "42", "When does it open?", "en-US")
    return Asking(app.chat, question)


def test_an_answer_that_is_broken_off_stops_the_model_and_is_paid_for_as_far_as_it_got(
    app: App, model: Talkative
) -> None:
    pieces = asked(app).pieces()
    assert next(pieces) == SAID[0]
    pieces.close()
    spent = app.spending.month("77")
    assert model.written == 1 and model.closed
    assert 0 < spent.tokens_out < 10 and 0 < spent.tokens_in < 100


def test_a_whole_answer_costs_what_the_model_says(app: App) -> None:
    assert asked(app).whole() == "".join(SAID)
    assert app.spending.month("77")[1:3] == (100, 10)


def test_what_was_said_until_then_can_be_rated_and_corrected(app: App, ada: Person) -> None:
    asking = asked(app)
    pieces = asking.pieces()
    next(pieces)
    pieces.close()
    asking.remember()
    assert app.answers.given("77", asking.question.id).text == SAID[0].strip()
    ada.press(f"thumb_up:{asking.question.id}")
    assert "helped" in ada.sees
