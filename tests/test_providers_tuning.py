"""Fine-tuning by OpenAI's API: the official SDK against a scripted server."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from protege.config import Config
from protege.errors import Missing, Unavailable, UserError
from protege.providers.openai.tuning import OpenAITuner, elsewhere
from protege.providers.tuning import Order, Point
from tests.scripted import Asked, Said, Scripted, refused, said, scripted

BASE = "gpt-4.1-mini-2025-04-14"
ROWS = b'{"messages": []}\n' * 10


def order(name: str = "protege-job1-0", **changes: Any) -> Order:
    found = Order(name, "sft", "", lambda: iter([ROWS, ROWS]), None, 0, "guilds/77/jobs/job1/")
    return found._replace(**changes)


class Provider:
    """Files and jobs as lists; everything else is up to the test."""

    def __init__(self, server: Scripted, *, metadata: bool = True) -> None:
        self.files: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.created: list[dict[str, Any]] = []
        self._metadata = metadata
        server.routes = {
            "POST /files": self._file,
            "GET /files": lambda asked: listed(self.files),
            "POST /fine_tuning/jobs": self.job,
            "GET /fine_tuning/jobs": lambda asked: listed(self.jobs),
        }

    def _file(self, asked: Asked) -> Said:
        name = asked.body.split(b'filename="')[1].split(b'"')[0].decode()
        size = len(asked.body.split(b"\r\n\r\n", 2)[2].rsplit(b"\r\n--", 1)[0])
        rows = asked.body.count(b"messages")
        self.files.append(
            {"id": f"file-{len(self.files)}", "filename": name, "bytes": rows * 17, "raw": size}
        )
        return said(self.files[-1])

    def job(self, asked: Asked) -> Said:
        self.created.append(asked.json)
        kept = {"metadata": asked.json["metadata"]} if self._metadata else {}
        self.jobs.append(a_job(f"ftjob-{len(self.jobs)}", suffix=asked.json["suffix"], **kept))
        return said(self.jobs[-1])


def listed(found: list[dict[str, Any]]) -> Said:
    return said({"object": "list", "data": found, "has_more": False})


def a_job(id: str = "ftjob-0", status: str = "queued", **about: Any) -> dict[str, Any]:
    return {"id": id, "status": status, "training_file": "file-0", "model": BASE, **about}


def metrics(step: int, loss: float, **about: Any) -> dict[str, Any]:
    data = {"step": step, "train_loss": loss, **about}
    return {"id": f"e{step}", "type": "metrics", "message": "Step", "data": data}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as it:
        yield it


def config(server: Scripted, **env: str) -> Config:
    base = {"DISCORD_PUBLIC_KEY": "0" * 64, "FINE_TUNING_MODEL": BASE}
    return Config.read({**base, "OPENAI_BASE_URL": server.url, **env})


@pytest.fixture
def tuner(server: Scripted) -> Iterator[OpenAITuner]:
    made = OpenAITuner(config(server), lambda: "sk-test")
    yield made
    made.close()


# ---- beginning -----------------------------------------------------------------------------------


def test_the_rows_are_uploaded_and_the_job_carries_our_name(
    tuner: OpenAITuner, server: Scripted
) -> None:
    provider = Provider(server)
    assert tuner.begin(order(validation=lambda: iter([ROWS]), epochs=3)) == "ftjob-0"
    assert [(f["filename"], f["raw"]) for f in provider.files] == [
        ("protege-job1-0-training.jsonl", 2 * len(ROWS)),
        ("protege-job1-0-validation.jsonl", len(ROWS)),
    ]
    [created] = provider.created
    assert created["model"] == BASE and created["suffix"] == "protege-job1-0"
    assert (created["training_file"], created["validation_file"]) == ("file-0", "file-1")
    supervised = {"hyperparameters": {"n_epochs": 3}}
    assert created["method"] == {"type": "supervised", "supervised": supervised}


def test_preferences_are_trained_by_dpo(tuner: OpenAITuner, server: Scripted) -> None:
    provider = Provider(server)
    tuner.begin(order(method="preference", base="other-model"))
    assert provider.created[0]["method"] == {"type": "dpo", "dpo": {"hyperparameters": {}}}
    assert provider.created[0]["model"] == "other-model"


@pytest.mark.parametrize("metadata", [True, False])
def test_the_same_order_begins_one_job(
    tuner: OpenAITuner, server: Scripted, metadata: bool
) -> None:
    provider = Provider(server, metadata=metadata)
    first = tuner.begin(order())
    assert tuner.begin(order()) == first
    assert tuner.begin(order("protege-job1-1")) != first
    assert len(provider.created) == 2


def test_a_file_that_was_uploaded_before_a_crash_is_used(
    tuner: OpenAITuner, server: Scripted
) -> None:
    provider = Provider(server)
    server.routes["POST /fine_tuning/jobs"] = refused(500)
    with pytest.raises(Unavailable):
        tuner.begin(order())
    server.routes["POST /fine_tuning/jobs"] = provider.job
    assert tuner.begin(order()) == "ftjob-0"
    assert len(provider.files) == 1


UPLOAD = """
import resource, sys
from protege.config import Config
from protege.errors import UserError
from protege.providers.openai.tuning import OpenAITuner
from protege.providers.tuning import Order
url, base, chunks = sys.argv[1:]
env = {"DISCORD_PUBLIC_KEY": "0" * 64, "FINE_TUNING_MODEL": base, "OPENAI_BASE_URL": url}
tuner, used = OpenAITuner(Config.read(env), lambda: "k"), []
for count in (1, int(chunks)):
    rows = lambda: (b"x" * (1 << 20) for _ in range(count))
    tuner.begin(Order(f"big-{count}", "sft", "", rows, None, 0, ""))
    used.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(used[1] - used[0])
"""


def test_a_large_file_is_uploaded_in_flat_memory(server: Scripted) -> None:
    provider = Provider(server)
    command = [sys.executable, "-c", UPLOAD, server.url, BASE, "64"]
    grown_kb = int(subprocess.check_output(command))
    assert [file["raw"] for file in provider.files] == [1 << 20, 64 << 20]
    assert grown_kb < 8 << 10


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (refused(403), "not available to you.*2026-05-07.*2027-01-06.*lessons"),
        (refused(404), "no fine-tuning API"),
        (refused(404, "model_not_found"), f"has no `{BASE}`"),
        (refused(401), "OPENAI_API_KEY"),
        (refused(429, "insufficient_quota"), "credit"),
        (refused(400, message="Training file has 9 examples"), "“Training file has 9 examples”"),
    ],
)
def test_a_refusal_tells_the_way_out(
    tuner: OpenAITuner, server: Scripted, refusal: Said, words: str
) -> None:
    Provider(server)
    server.routes["POST /fine_tuning/jobs"] = refusal
    with pytest.raises(UserError, match=words) as found:
        tuner.begin(order())
    assert found.value.to("ru") != found.value.to("en")


def test_without_a_model_to_start_from_nothing_is_uploaded(server: Scripted) -> None:
    tuner = OpenAITuner(config(server)._replace(fine_tuning_model=""), lambda: "k")
    with pytest.raises(UserError, match="FINE_TUNING_MODEL"):
        tuner.begin(order())
    assert tuner.base == "" and server.requests == []


# ---- following -----------------------------------------------------------------------------------


def test_a_running_job_shows_its_losses_in_order(tuner: OpenAITuner, server: Scripted) -> None:
    told = {"id": "e0", "type": "message", "message": "begun", "data": None}
    events = [metrics(20, 0.5, total_steps=80, valid_loss=0.6), metrics(10, 1.5), told]
    server.routes = {
        "GET /fine_tuning/jobs/ftjob-0": said(a_job(status="running")),
        "GET /fine_tuning/jobs/ftjob-0/events": listed(events),
    }
    seen = tuner.look("ftjob-0")
    assert (seen.state, seen.share, seen.over) == ("running", 0.25, False)
    assert seen.points == (Point(10, 1.5), Point(20, 0.5, 0.6))
    assert not [asked for asked in server.requests if asked.method == "DELETE"]


def test_a_server_that_tells_by_checkpoints_has_a_curve_too(
    tuner: OpenAITuner, server: Scripted
) -> None:
    about = {"id": "c", "step_number": 7, "metrics": {"train_loss": 0.25}}
    server.routes = {
        "GET /fine_tuning/jobs/ftjob-0": said(a_job(status="running")),
        "GET /fine_tuning/jobs/ftjob-0/events": listed([]),
        "GET /fine_tuning/jobs/ftjob-0/checkpoints": listed([about]),
    }
    assert tuner.look("ftjob-0").points == (Point(7, 0.25),)


def test_a_server_without_events_is_followed_all_the_same(
    tuner: OpenAITuner, server: Scripted
) -> None:
    server.routes = {"GET /fine_tuning/jobs/ftjob-0": said(a_job(status="validating_files"))}
    seen = tuner.look("ftjob-0")
    assert (seen.state, seen.points, seen.share) == ("waiting", (), None)


def test_a_job_that_is_done_names_its_model_and_leaves_no_files(
    tuner: OpenAITuner, server: Scripted
) -> None:
    done = a_job(
        status="succeeded", fine_tuned_model="ft:x", trained_tokens=900, validation_file="file-1"
    )
    server.routes = {"GET /fine_tuning/jobs/ftjob-0": said(done)}
    seen = tuner.look("ftjob-0")
    assert (seen.state, seen.model, seen.tokens, seen.share) == ("done", "ft:x", 900, 1.0)
    deleted = [asked.path for asked in server.requests if asked.method == "DELETE"]
    assert deleted == ["/files/file-0", "/files/file-1"]
    assert tuner.serve("protege-job1", seen.model) == "ft:x"


def test_a_job_that_failed_says_why(tuner: OpenAITuner, server: Scripted) -> None:
    error = {"code": "invalid_training_file", "message": "Line 3\nis no JSON"}
    server.routes = {"GET /fine_tuning/jobs/ftjob-0": said(a_job(status="failed", error=error))}
    seen = tuner.look("ftjob-0")
    assert seen.state == "failed" and seen.why is not None
    assert "“Line 3 is no JSON”" in seen.why.to("en") and "Line 3" in seen.why.to("ru")


def test_a_job_that_nobody_knows_is_missing(tuner: OpenAITuner, server: Scripted) -> None:
    with pytest.raises(Missing):
        tuner.look("ftjob-9")


def test_a_provider_that_is_down_is_unavailable(tuner: OpenAITuner, server: Scripted) -> None:
    server.routes = {"GET /fine_tuning/jobs/ftjob-0": refused(503)}
    with pytest.raises(Unavailable):
        tuner.look("ftjob-0")


def test_what_is_over_or_gone_is_cancelled_and_removed_without_complaint(
    tuner: OpenAITuner, server: Scripted
) -> None:
    server.routes = {"POST /fine_tuning/jobs/ftjob-0/cancel": refused(400)}
    tuner.cancel("ftjob-0")
    tuner.cancel("ftjob-9")
    tuner.remove("ft:x")
    assert [a.method for a in server.requests] == ["POST", "POST", "DELETE"]


# ---- elsewhere -----------------------------------------------------------------------------------


def test_another_fine_tuning_api_has_its_own_address_and_key(server: Scripted) -> None:
    about = config(server, FINE_TUNING_BASE_URL=server.url, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    tuner = OpenAITuner(about, lambda: "other-key")
    provider = Provider(server)
    assert tuner.provider == "tuning" and tuner.begin(order(epochs=2)) == "ftjob-0"
    [created] = provider.created
    assert created["hyperparameters"] == {"n_epochs": 2} and "method" not in created
    assert server.requests[0].headers["authorization"] == "Bearer other-key"
    server.routes["POST /fine_tuning/jobs"] = refused(403)
    with pytest.raises(UserError, match="does not let us use"):
        tuner.begin(order("protege-job2-0"))
    tuner.close()
    chat = elsewhere(about)
    assert (chat.openai_base_url, chat.openai_api, chat.openai_effort) == (server.url, "chat", "-")


def test_a_job_whose_answer_was_lost_is_found_and_not_begun_twice(
    tuner: OpenAITuner, server: Scripted
) -> None:
    provider = Provider(server)

    def lost(asked: Asked) -> Said:
        provider.job(asked)
        return refused(502)

    server.routes["POST /fine_tuning/jobs"] = lost
    with pytest.raises(Unavailable):
        tuner.begin(order())
    assert tuner.begin(order()) == "ftjob-0"
    assert len(provider.created) == 1, "what is paid for is asked for once"
