"""The same image again: what is built upon, how, and what is compared; the engines are scripts."""

import json
import os
import shutil
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.container.test_engine import HISTORY, INSPECTED, script
from tools.container.checks import of_another
from tools.container.debian import BASE, base, pack
from tools.container.engine import PODMAN, Engine
from tools.container.image import Image, build
from tools.container.report import Report
from tools.container.running import Running

MADE = "id-of-the-base"
EPOCH = "1700000000"
PLAIN: dict[str, Any] = {"Os": "linux", "Config": {"User": "10001"}}
ENGINE = """
echo "$@" >>$HERE/asked; shift
case $1 in
  build) while [ $1 != --iidfile ]; do shift; done; printf sha256:7 >"$2";;
  load) cp $4 $HERE/loaded; touch $HERE/made;;
  image) case $3 in
    *base*) test -e $HERE/made && echo '[{"Id": "id-of-the-base", "Size": 1000000}]';;
    *) cat $HERE/inspect;; esac;;
  history) cat $HERE/history;;
esac
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A podman that has nothing yet; the mmdebstrap makes a file of the time it is given."""
    script(tmp_path, "podman", ENGINE.strip())
    script(tmp_path, "mmdebstrap", 'for last; do :; done; printf $SOURCE_DATE_EPOCH >"$last"')
    script(tmp_path, "dpkg", "echo amd64")
    (tmp_path / "inspect").write_text(INSPECTED % "10001")
    (tmp_path / "history").write_text(HISTORY)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("HERE", str(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.delenv("BASE", raising=False)
    return Engine(PODMAN)


def asked(folder: Path, word: str) -> list[list[str]]:
    """The engine's commands that begin so, word by word."""
    lines = [line.split() for line in (folder / "asked").read_text().splitlines()]
    return [words[1:] for words in lines if words[1] == word]


# ---- built upon ----------------------------------------------------------------------------------


def test_a_base_is_made_once_and_named_by_its_id(engine: Engine, tmp_path: Path) -> None:
    assert [base(engine, EPOCH), base(engine, EPOCH)] == [MADE, MADE]
    assert len(asked(tmp_path, "load")) == 1


def test_a_base_is_made_once_more_where_that_is_wanted(engine: Engine, tmp_path: Path) -> None:
    base(engine, EPOCH)
    assert base(engine, EPOCH, anew=True) == MADE
    assert len(asked(tmp_path, "load")) == 2


def test_a_base_that_is_named_is_taken(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", "python@sha256:1")
    assert base(engine, EPOCH) == "python@sha256:1"


def test_a_base_holds_the_time_that_it_is_given(engine: Engine, tmp_path: Path) -> None:
    base(engine, EPOCH)
    with tarfile.open(tmp_path / "loaded") as archive:
        assert archive.extractfile("layer.tar").read() == EPOCH.encode()  # type: ignore[union-attr]
        about = json.load(archive.extractfile("config.json"))  # type: ignore[arg-type]
        [parts] = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert about["rootfs"]["diff_ids"] == [f"sha256:{sha256(EPOCH.encode()).hexdigest()}"]
    assert (about["created"], about["architecture"]) == ("2023-11-14T22:13:20Z", "amd64")
    assert parts["RepoTags"] == [f"{BASE}:latest"]


def test_the_same_files_make_the_same_base(tmp_path: Path) -> None:
    found = set()
    for written in (1, 2):
        (tmp_path / "files").write_bytes(b"alike")
        os.utime(tmp_path / "files", (written, written))
        pack(tmp_path / "files", tmp_path / "image", 7, "arm64")
        with tarfile.open(tmp_path / "image") as archive:
            found.add(archive.extractfile("config.json").read())  # type: ignore[union-attr]
    assert len(found) == 1


# ---- built ---------------------------------------------------------------------------------------


def test_an_image_is_known_by_what_was_built_not_by_its_name(
    engine: Engine, tmp_path: Path
) -> None:
    image = build(engine)
    [words] = asked(tmp_path, "build")
    assert f"BASE={MADE}" in words and "--no-cache" not in words
    assert words[words.index("--timestamp") + 1] == EPOCH
    assert ["image", "inspect", "sha256:7"] in asked(tmp_path, "image")
    assert (image.base, image.digests) == (MADE, ["sha256:2"])


def test_an_image_that_is_built_anew_takes_nothing_from_before(
    engine: Engine, tmp_path: Path
) -> None:
    build(engine)
    build(engine, anew=True)
    assert "--no-cache" in asked(tmp_path, "build")[1]
    assert len(asked(tmp_path, "load")) == 2


def test_two_that_run_at_the_same_time_have_names_of_their_own(tmp_path: Path) -> None:
    echo = Engine((shutil.which("echo") or "echo",))
    both = [Running(echo, "voice", [], tmp_path / f"{nr}") for nr in range(2)]
    assert len({one.name for one in both}) == 2
    for one in both:
        one.close()


# ---- compared ------------------------------------------------------------------------------------


def image(id: str, *digests: str, said: dict[str, Any] = PLAIN) -> Image:
    return Image(id, "", 1.0, "10001", [], 1.0, 0.0, [], list(digests), said)


def test_an_image_is_the_same_whatever_its_container_was_called() -> None:
    report = Report()
    of_another(report, image("sha256:1", "a", "b"), image("sha256:2", "a", "b"))
    assert report.failed == 0


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (image("sha256:2", "a", "c"), "layer 1:"),
        (image("sha256:2", "a"), "layer 1:"),
        (image("sha256:2", "a", "b", "c"), "layer 2:"),
        (image("sha256:2", "a", "b", said={**PLAIN, "Config": {"User": ""}}), "Config:"),
    ],
)
def test_what_is_not_the_same_again_is_told(
    again: Image, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report()
    of_another(report, image("sha256:1", "a", "b"), again)
    assert report.failed == 1
    assert f"{told} podman image diff sha256:1 sha256:2" in capsys.readouterr().out
