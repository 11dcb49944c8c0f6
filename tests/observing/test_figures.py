"""`make serve`: GET /metrics, of both its processes, on a port that only this machine can reach."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from playground.bot import free_port
from protege import metrics
from protege.config import Config, ConfigError
from protege.metrics.totals import Totals
from protege.server.figures import hand_over, shown


def get(port: int, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        found: str = answer.read().decode()
        return found


@pytest.mark.usefixtures("lines")
def test_the_numbers_of_endpoint_and_worker_are_shown_together(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), metrics_port=free_port())
    worker = Totals("command")
    with shown(config) as port:
        assert get(port) == ""
        metrics.count("Interactions", command="ask")
        worker.add({"AnswerMs": 20}, "ask", "77")
        hand_over(config, worker)
        found = get(port)
        with pytest.raises(urllib.error.HTTPError) as missing:
            get(port, "/interactions")
        missing.value.close()
    assert 'protege_interactions_total{command="ask"} 1' in found
    assert 'protege_answer_seconds_count{command="ask"} 1' in found
    assert missing.value.code == 404 and "77" not in found
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "closed with the server"


@pytest.mark.usefixtures("lines")
def test_a_half_written_file_is_passed_over(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), metrics_port=free_port())
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics/worker.json").write_text('{"Errors||": [1')
    with shown(config) as port:
        assert get(port) == ""


@pytest.mark.usefixtures("lines")
def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=str(port)), shown(Config(metrics_port=port)):
            raise AssertionError("it cannot be shown")


@pytest.mark.usefixtures("lines")
def test_without_a_port_nothing_is_shown_nor_written(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path))
    with shown(config) as port:
        hand_over(config, Totals("command"))
    assert port == 0 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("setting", ["LOG_LEVEL=LOUD", "METRICS_BY=person", "METRICS_PORT=-1"])
def test_a_setting_that_makes_no_sense_is_named(setting: str) -> None:
    name, _, value = setting.partition("=")
    with pytest.raises(ConfigError, match=name):
        Config.read({name: value}, keyless=True)
