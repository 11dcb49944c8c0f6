"""Finding an engine, and hearing what it says; the engines here are scripts."""

from pathlib import Path

import pytest

from tools.container.checks import of_image
from tools.container.engine import Engine, Failed, found, said
from tools.container.image import seen
from tools.container.report import Report

INSPECTED = """[{"Id": "sha256:1", "Size": 5000000, "Config": {"User": "%s"},
 "RootFS": {"Layers": ["sha256:2"]}, "Healthcheck": {"Test": ["CMD", "voice_worker.probe"]}}]"""
HISTORY = "40.6 MB\tapt-get install\n1.5kB\tRUN true\n2GB\tCOPY all\n0 B\tENV"


def script(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)


def inspected(folder: Path, user: str) -> Engine:
    """An engine that has one image."""
    (folder / "inspect").write_text(INSPECTED % user)
    (folder / "history").write_text(HISTORY)
    script(
        folder,
        "podman",
        f"case $1 in image) /bin/cat {folder}/inspect;; *) /bin/cat {folder}/history;; esac",
    )
    return Engine((str(folder / "podman"),))


def test_docker_is_taken_where_its_daemon_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script(tmp_path, "docker", "exit 0")
    script(tmp_path, "podman", "exit 0")
    engine = found()
    assert engine is not None and engine.name == "docker"


def test_podman_is_taken_where_docker_has_no_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script(tmp_path, "docker", "exit 1")
    script(tmp_path, "podman", "exit 0")
    engine = found()
    assert engine is not None and engine.name == "podman"


def test_there_may_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script(tmp_path, "podman", "exit 125")
    assert found() is None


def test_what_a_failing_engine_says_is_told(tmp_path: Path) -> None:
    script(tmp_path, "engine", "echo no such image >&2", "exit 1")
    with pytest.raises(Failed, match="no such image"):
        said([str(tmp_path / "engine")])
    with pytest.raises(Failed, match="No such file"):
        said([str(tmp_path / "missing")])


def test_an_image_is_seen_as_it_is(tmp_path: Path) -> None:
    image = seen(inspected(tmp_path, "10001:10001"), "voice")
    assert (image.user, image.mb, image.digests) == ("10001:10001", 5.0, ["sha256:2"])
    assert [mb for mb, _ in image.layers] == [2000.0, 40.6, 0.0015, 0.0]


@pytest.mark.parametrize(("user", "failed"), [("10001:10001", 0), ("", 1), ("root", 1), ("0:0", 1)])
def test_an_image_that_runs_as_root_is_refused(tmp_path: Path, user: str, failed: int) -> None:
    report = Report()
    of_image(report, seen(inspected(tmp_path, user), "voice"))
    assert report.failed == failed


def test_a_check_that_fails_is_counted_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    with report.trying("joins") as told:
        told("after 1 s")
    with report.trying("speaks"):
        raise Failed("nothing was heard")
    assert report.end("here") == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0][:2] == ["ok", "joins"]
    assert lines[1] == ["FAIL", "speaks", "nothing", "was", "heard"]
