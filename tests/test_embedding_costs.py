"""Whose money an embedding provider's tokens are: the guild's whose text was read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protege.app import App
from protege.providers.local import MiniLM
from tests.learning.embedding_server import EmbeddingServer, serving
from tests.person import Person, configured
from tests.recorder import Recorder

TOKENS = 7
"""What the server counts for a text."""
ROWS = "".join(
    f'{{"input": "{question}", "output": "Ask {name}."}}\n'
    for question, name in (("How do I reset my password?", "Eve"), ("When do you open?", "Bob"))
)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddingServer]:
    with serving(MiniLM()) as it:
        yield it


@pytest.fixture
def paying(discord: Recorder, tmp_path: Path, server: EmbeddingServer) -> App:
    return configured(
        discord,
        str(tmp_path),
        EMBEDDER="openai:text-embedding-3-small",
        EMBEDDER_DIMS="384",
        OPENAI_BASE_URL=server.base_url,
        OPENAI_API_KEY="sk-test",
        MODEL_PRICES='{"text-embedding-3-small": {"in": 0.5, "out": 0}}',
    )


def test_a_question_is_paid_by_the_guild_that_asked_it(paying: App, discord: Recorder) -> None:
    Person(paying, discord).slash("ask", question="How do I reset my password?")
    spent = paying.spending.month("77")
    assert (spent.tokens_in, spent.unpriced_tokens) == (TOKENS, 0)
    assert spent.dollars == pytest.approx(0.5 * TOKENS / 1e6)


def test_a_training_is_paid_by_its_guild_and_by_no_other(paying: App, discord: Recorder) -> None:
    ada, bob = Person(paying, discord), Person(paying, discord)
    bob.guild = "78"
    ada.slash("train", attachment=ada.upload("rows.jsonl", ROWS))
    trained = paying.spending.month("77").tokens_in
    assert trained >= 2 * TOKENS
    bob.slash("ask", question="When do you open?")
    assert paying.spending.month("78").tokens_in == TOKENS
    assert paying.spending.month("77").tokens_in == trained
