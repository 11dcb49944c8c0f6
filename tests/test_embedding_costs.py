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
LONG = "\n".join(f"Line {n} tells nothing of interest to anybody at all. " * 8 for n in range(60))


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


def used_up(app: App, discord: Recorder) -> Person:
    """Somebody on a server whose budget is used up, after one row was learnt."""
    ada = Person(app, discord)
    ada.slash("train", data="When do you open? => At nine.")
    ada.slash("settings", budget_tokens=1)
    return ada


def test_what_was_taught_and_is_taught_goes_on_over_the_budget(
    paying: App, discord: Recorder
) -> None:
    ada = used_up(paying, discord)
    ada.slash("ask", question="When do you open?", file=ada.upload("long.txt", LONG))
    assert "At nine." in ada.sees, "without looking into the file"
    form = ada.press(ada.buttons[2])
    ada.submit(form, better="At ten.")
    ada.slash("ask", question="When do you open?")
    assert "At ten." in ada.sees


def test_a_long_file_is_not_read_over_the_budget(paying: App, discord: Recorder) -> None:
    ada = used_up(paying, discord)
    before = paying.spending.month("77").tokens_in
    ada.slash("ask", question="Who cooks here?", file=ada.upload("long.txt", LONG))
    assert "budget of this server is 1 tokens" in ada.sees
    assert paying.spending.month("77").tokens_in == before + TOKENS, "the question alone"


def test_a_test_is_not_begun_over_the_budget(paying: App, discord: Recorder) -> None:
    ada = used_up(paying, discord)
    before = paying.spending.month("77").tokens_in
    ada.slash("test", attachment=ada.upload("rows.jsonl", ROWS))
    assert "budget of this server is 1 tokens" in ada.sees
    assert paying.spending.month("77").tokens_in == before


def test_a_training_over_the_budget_ends_and_goes_on_when_there_is_one_again(
    paying: App, discord: Recorder
) -> None:
    ada = used_up(paying, discord)
    before = paying.spending.month("77").tokens_in
    ada.slash("train", attachment=ada.upload("rows.jsonl", ROWS))
    assert "budget of this server is 1 tokens" in ada.sees
    assert paying.spending.month("77").tokens_in == before
    assert paying.models.pointer("77").version == 1
    ada.slash("settings", budget_tokens=1_000_000)
    failed = next(job for job in paying.jobs.latest("77", 9) if job.state == "failed")
    ada.press(f"retry_job:{failed.id}")
    assert paying.models.pointer("77").version == 2
    ada.slash("ask", question="How do I reset my password?")
    assert "Ask Eve." in ada.sees
