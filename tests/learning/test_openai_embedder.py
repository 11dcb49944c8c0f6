"""Vectors from a server that speaks OpenAI's `/embeddings`, asked by the official SDK."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protege.app import App
from protege.config import Config, ConfigError
from protege.errors import Unavailable, UserError
from protege.learning import Lesson
from protege.learning.model import fit
from protege.providers import Usage
from protege.providers.local import MiniLM
from protege.providers.openai.embeddings import BATCH, OpenAIEmbedder
from tests.learning.embedding_server import EmbeddingServer, serving

MODEL = "text-embedding-3-small"


class Asking:
    """An embedder at a server, and what it told of."""

    def __init__(self, server: EmbeddingServer) -> None:
        self.server = server
        self.waits: list[float] = []
        self.used: list[tuple[str, Usage]] = []

    def embedder(self, model: str = "bge-m3", **settings: Any) -> OpenAIEmbedder:
        about = {"openai_base_url": self.server.base_url, "openai_timeout_s": 120, **settings}
        config = Config("0" * 64, **about)
        return OpenAIEmbedder(
            config,
            "key",
            model,
            used=lambda model, usage: self.used.append((model, usage)),
            sleep=self.waits.append,
        )


@pytest.fixture
def asking(embedder: MiniLM) -> Iterator[Asking]:
    with serving(embedder) as server:
        yield Asking(server)


def test_rows_are_of_unit_length_and_in_the_order_of_the_texts(
    asking: Asking, embedder: MiniLM
) -> None:
    texts = ["How do I reset my password?", "Where is the shop?", "thanks"]
    with asking.embedder() as remote:
        found = remote.embed(texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, embedder.embed(texts), atol=1e-6)


def test_dims_of_a_model_we_do_not_know_are_found_out_once(asking: Asking) -> None:
    with asking.embedder() as remote:
        assert remote.id == "openai:bge-m3:384"
        assert remote.dims == 384
    assert len(asking.server.requests) == 1


def test_a_known_models_id_needs_no_request(asking: Asking) -> None:
    with asking.embedder(MODEL) as remote:
        assert remote.id == "openai:text-embedding-3-small:1536"
    assert asking.server.requests == []


def test_fewer_dims_are_asked_for_by_the_setting_only(asking: Asking) -> None:
    with asking.embedder(embedder_dims=64) as remote, asking.embedder() as whole:
        assert remote.embed(["hello"]).shape == (1, 64)
        assert np.linalg.norm(remote.embed(["hello"])) == pytest.approx(1)
        assert whole.embed(["hello"]).shape == (1, 384)
    assert "dimensions" not in asking.server.requests[-1]


def test_a_server_that_ignores_the_dims_is_told_to_the_operator(asking: Asking) -> None:
    asking.server.ignores_dims = True
    with (
        asking.embedder(embedder_dims=64) as remote,
        pytest.raises(UserError, match="384 numbers instead of 64"),
    ):
        remote.embed(["hello"])


def test_many_texts_go_in_batches(asking: Asking) -> None:
    with asking.embedder(MODEL, embedder_dims=384) as remote:
        found = remote.embed([f"text {n}" for n in range(BATCH + 1)])
    assert found.shape == (BATCH + 1, 384)
    assert [len(body["input"]) for body in asking.server.requests] == [BATCH, 1]
    assert asking.used == [(MODEL, Usage(7 * BATCH)), (MODEL, Usage(7))]


def test_long_texts_go_in_smaller_batches_and_are_cut(asking: Asking) -> None:
    texts = ["щ" * 5000] * 63
    with asking.embedder(MODEL, embedder_dims=384) as remote:
        remote.embed(texts)
    assert [len(body["input"]) for body in asking.server.requests] == [62, 1]
    assert {len(text) for body in asking.server.requests for text in body["input"]} == {2000}


def test_no_texts_have_no_vectors_and_an_empty_text_has_one(asking: Asking) -> None:
    with asking.embedder() as remote:
        assert remote.embed([]).shape == (0, 384)
        assert remote.embed(["", " \n"]).shape == (2, 384)
    assert all(text for body in asking.server.requests for text in body["input"])


def test_passing_trouble_is_waited_out_as_long_as_the_server_says(asking: Asking) -> None:
    asking.server.trouble = [(429, {"Retry-After": "3"}), (503, {})]
    with asking.embedder(MODEL, embedder_dims=384) as remote:
        assert remote.embed(["hello"]).shape == (1, 384)
    assert asking.waits == [3.0, 1.0]


def test_lasting_trouble_is_unavailable(asking: Asking) -> None:
    asking.server.trouble = [(500, {})] * 3
    with asking.embedder(MODEL) as remote, pytest.raises(Unavailable):
        remote.embed(["hello"])
    assert len(asking.server.requests) == 3


def test_a_long_wait_is_left_to_the_queue(asking: Asking) -> None:
    asking.server.trouble = [(429, {"Retry-After": "120"})]
    with asking.embedder(MODEL) as remote, pytest.raises(Unavailable):
        remote.embed(["hello"])
    assert asking.waits == []


@pytest.mark.parametrize(("status", "named"), [(401, "OPENAI_API_KEY"), (404, "bge-m3")])
def test_a_refusal_says_what_to_look_at(asking: Asking, status: int, named: str) -> None:
    asking.server.trouble = [(status, {})]
    with asking.embedder() as remote, pytest.raises(UserError, match=named):
        remote.embed(["hello"])


def test_a_missing_row_is_trouble_and_not_another_texts_row(asking: Asking) -> None:
    asking.server.drops_a_row = True
    with asking.embedder(MODEL, embedder_dims=384) as remote, pytest.raises(Unavailable):
        remote.embed(["hello", "world"])


def test_a_server_that_is_down_is_unavailable(asking: Asking) -> None:
    nobody = {"openai_base_url": "http://127.0.0.1:9/v1"}
    with asking.embedder(MODEL, **nobody) as remote, pytest.raises(Unavailable):
        remote.embed(["hello"])
    assert len(asking.waits) == 2 and not asking.server.requests


def test_a_model_taught_through_it_answers(asking: Asking) -> None:
    with asking.embedder() as remote:
        lessons = [Lesson("1", "How do I reset my password?", "Press Forgot.")]
        model = fit(lessons, remote.embed([lessons[0].input]), embedder_id=remote.id)
        verdict = model.answer("password reset how", remote.embed(["password reset how"]))
    assert verdict.lesson == lessons[0]
    assert model.embedder_id == "openai:bge-m3:384"


@pytest.mark.parametrize(
    ("setting", "id"),
    [
        ("minilm", "all-MiniLM-L6-v2:53aa5117"),
        ("minilm-int8", "all-MiniLM-L6-v2-int8:cc005f1f"),
        ("openai:text-embedding-3-large", "openai:text-embedding-3-large:3072"),
    ],
)
def test_the_setting_chooses_the_embedder(setting: str, id: str, tmp_path: Path) -> None:
    config = Config("0" * 64, embedder=setting, openai_api_key="k", data_dir=str(tmp_path))
    assert App(config, {}).models.current("1").model.embedder_id == id


def test_an_embedder_that_we_do_not_have_is_refused_by_name(tmp_path: Path) -> None:
    config = Config("0" * 64, embedder="bert", data_dir=str(tmp_path))
    with pytest.raises(ConfigError, match=r"EMBEDDER .*bert"):
        App(config, {}).models.current("1")
