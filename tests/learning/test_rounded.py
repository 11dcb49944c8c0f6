"""The sentence model in int8: a quarter of the file, nearly the same vectors."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from protege.providers.local import MiniLM, MiniLMInt8, WrongWeights
from protege.providers.local.rounded import FILE, rounded, write
from protege.providers.local.weights import installed, weights
from tests.learning.conftest import Faq


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build ships: the rounded file and the vocabulary, without the original."""
    folder = tmp_path_factory.mktemp("built")
    write(rounded(weights(installed() / "model.safetensors")), folder / FILE)
    shutil.copy(installed() / "vocab.txt", folder)
    return folder


def test_rounded_vectors_are_near_the_originals(embedder: MiniLM, faq: Faq, built: Path) -> None:
    texts = [lesson.input for lesson in faq.lessons] + [question for question, _ in faq.asked]
    found = MiniLMInt8(built).embed(texts)
    cosines = np.einsum("ij,ij->i", found, embedder.embed(texts))
    assert found.dtype == np.float32
    assert cosines.min() > 0.99
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_rounded_vectors_find_the_same_lessons(embedder: MiniLM, faq: Faq, built: Path) -> None:
    small, found = MiniLMInt8(built), []
    for one in (embedder, small):
        taught = one.embed([lesson.input for lesson in faq.lessons])
        asked = one.embed([question for question, _ in faq.asked])
        found.append((asked @ taught.T).argmax(1))
    assert np.mean(found[0] == found[1]) > 0.95


def test_the_built_file_gives_what_rounding_at_load_gives(built: Path) -> None:
    texts = ["How do I reset my password?", "Как сменить пароль?"]
    loaded = MiniLMInt8()
    assert not (installed() / FILE).exists()
    np.testing.assert_array_equal(MiniLMInt8(built).embed(texts), loaded.embed(texts))


def test_the_built_file_is_a_quarter_of_the_original(built: Path) -> None:
    original = (installed() / "model.safetensors").stat().st_size
    assert (built / FILE).stat().st_size < 0.26 * original


def test_vectors_of_both_are_never_mixed() -> None:
    assert MiniLMInt8.id != MiniLM.id


def test_a_damaged_file_is_refused(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "damaged")
    body = bytearray((built / FILE).read_bytes())
    body[len(body) // 2] ^= 1
    (tmp_path / "damaged" / FILE).write_bytes(body)
    with pytest.raises(WrongWeights, match="sha256"):
        MiniLMInt8(tmp_path / "damaged").embed(["hello"])


def test_the_command_of_the_build_writes_the_file(tmp_path: Path) -> None:
    for name in ("model.safetensors", "vocab.txt"):
        (tmp_path / name).symlink_to(installed() / name)
    subprocess.run([sys.executable, "-m", "protege.providers.local.rounded", tmp_path], check=True)
    assert MiniLMInt8(tmp_path).embed(["hello"]).shape == (1, 384)
    assert (tmp_path / FILE).exists()
