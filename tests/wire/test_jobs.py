"""The life of a job: listed, cancelled, found again after a restart, told by a webhook."""

import base64
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import islice

import openai
import pytest

from playground.openai import OpenAIServer, Webhook
from tests.wire.rows import BASE, FACTS, PAUSE_S, chat_file, ended, preference_file, told, uploaded

SECRET = "whsec_" + base64.b64encode(b"sixteen bytes or more").decode()


def test_jobs_are_listed_in_pages_and_found_by_metadata(client):
    file = uploaded(client, chat_file(FACTS))
    jobs = [
        client.fine_tuning.jobs.create(model=BASE, training_file=file, metadata={"nr": str(n)})
        for n in range(3)
    ]
    newest_first = [job.id for job in reversed(jobs)]
    assert [job.id for job in client.fine_tuning.jobs.list(limit=2)] == newest_first
    page = client.fine_tuning.jobs.list(limit=2)
    assert len(page.data) == 2 and page.has_more
    [found] = client.fine_tuning.jobs.list(metadata={"nr": "1"})
    assert found.id == jobs[1].id
    with pytest.raises(openai.BadRequestError):
        client.fine_tuning.jobs.list(after="ftjob-0")
    for job in jobs:
        assert ended(client, job.id).status == "succeeded"


def test_events_come_newest_first_in_pages_without_gaps(client):
    job = client.fine_tuning.jobs.create(
        model=BASE, training_file=uploaded(client, chat_file(FACTS))
    )
    told(client, job.id, "completed")
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=7))
    assert events[-1].message == f"Created fine-tuning job: {job.id}"
    assert events[0].message == "The job has successfully completed"
    assert len({event.id for event in events}) == len(events) > 14


def test_checkpoints_answer_too(client):
    job = client.fine_tuning.jobs.create(
        model=BASE, training_file=uploaded(client, chat_file(FACTS))
    )
    job = ended(client, job.id)
    last, middle, first = client.fine_tuning.jobs.checkpoints.list(job.id)
    assert last.fine_tuned_model_checkpoint == job.fine_tuned_model
    assert last.metrics.train_loss < first.metrics.train_loss
    model = middle.fine_tuned_model_checkpoint
    assert model == f"{job.fine_tuned_model}:ckpt-step-{middle.step_number}"
    question, answer = next(iter(FACTS.items()))
    assert client.responses.create(model=model, input=question).output_text == answer


def test_the_results_are_a_table_of_all_steps(client):
    job = client.fine_tuning.jobs.create(
        model=BASE, training_file=uploaded(client, chat_file(FACTS))
    )
    job = ended(client, job.id)
    lines = client.files.content(job.result_files[0]).text.splitlines()
    assert lines[0] == "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
    assert [line.split(",")[0] for line in lines[1:]] == [str(n) for n in range(1, len(lines))]


def test_a_cancelled_job_stays_cancelled(tmp_path):
    with OpenAIServer(tmp_path, seconds=60) as server, _client(server) as client:
        file = uploaded(client, chat_file(FACTS))
        job = client.fine_tuning.jobs.create(model=BASE, training_file=file)
        assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
        with pytest.raises(openai.BadRequestError, match="already been cancelled"):
            client.fine_tuning.jobs.cancel(job.id)
        with pytest.raises(openai.BadRequestError, match="only reinforcement"):
            client.fine_tuning.jobs.pause(job.id)
        assert client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model is None


def test_a_training_goes_on_after_a_restart_of_the_server(tmp_path):
    with OpenAIServer(tmp_path, seconds=8) as server, _client(server) as client:
        file = uploaded(client, chat_file(FACTS))
        job = client.fine_tuning.jobs.create(model=BASE, training_file=file)
        while not _steps(client, job.id):
            time.sleep(PAUSE_S)
    with OpenAIServer(tmp_path) as server, _client(server) as client:
        job = ended(client, job.id)
        assert job.status == "succeeded"
        steps = [data["step"] for data in _steps(client, job.id)]
        assert steps == list(range(1, len(steps) + 1))
        question, answer = next(iter(FACTS.items()))
        said = client.responses.create(model=job.fine_tuned_model, input=question)
        assert said.output_text == answer


def test_a_tuned_model_can_be_tuned_further(client):
    file = uploaded(client, chat_file(FACTS))
    first = ended(client, client.fine_tuning.jobs.create(model=BASE, training_file=file).id)
    dpo = uploaded(client, preference_file("Ask somebody else."))
    second = client.fine_tuning.jobs.create(
        model=first.fine_tuned_model, training_file=dpo, method={"type": "dpo"}, suffix="better"
    )
    second = ended(client, second.id)
    assert f"{second.fine_tuned_model}".startswith(f"ft:{BASE}:protege:better:")
    assert client.models.delete(first.fine_tuned_model).deleted
    question, answer = next(iter(FACTS.items()))
    said = client.responses.create(model=second.fine_tuned_model, input=question)
    assert said.output_text == answer
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model=first.fine_tuned_model, input=question)


def test_the_end_of_a_job_is_told_until_it_is_heard(tmp_path):
    with _listening(refuse=2) as (url, heard, done):
        webhook = Webhook(url, SECRET)
        with OpenAIServer(tmp_path, webhook=webhook) as server, _client(server) as client:
            file = uploaded(client, chat_file(FACTS))
            job = client.fine_tuning.jobs.create(model=BASE, training_file=file)
            assert done.wait(60)
            assert len(heard) == 3
            assert len({headers["webhook-id"] for headers, _ in heard}) == 1
            headers, body = heard[-1]
            event = client.webhooks.unwrap(body, headers, secret=SECRET)
            assert (event.type, event.data.id) == ("fine_tuning.job.succeeded", job.id)
            with pytest.raises(openai.InvalidWebhookSignatureError):
                client.webhooks.unwrap(body + b" ", headers, secret=SECRET)


@pytest.mark.parametrize("kind", ["failed", "cancelled"])
def test_other_ends_are_told_too(tmp_path, kind):
    with _listening() as (url, heard, done):
        server = OpenAIServer(tmp_path, webhook=Webhook(url, SECRET), seconds=60)
        with server, _client(server) as client:
            facts = dict(islice(FACTS.items(), 12 if kind == "cancelled" else 3))
            file = uploaded(client, chat_file(facts))
            job = client.fine_tuning.jobs.create(model=BASE, training_file=file)
            if kind == "cancelled":
                client.fine_tuning.jobs.cancel(job.id)
            assert done.wait(60)
            headers, body = heard[0]
            event = client.webhooks.unwrap(body, headers, secret=SECRET)
            assert event.type == f"fine_tuning.job.{kind}"


def _client(server):
    return openai.OpenAI(api_key="sk-test", base_url=server.base_url, max_retries=0, timeout=60)


def _steps(client, id):
    events = list(client.fine_tuning.jobs.list_events(id, limit=100))
    return [event.data for event in reversed(events) if event.type == "metrics"]


class _listening:
    """A server that hears webhooks; it refuses the first ones."""

    def __init__(self, refuse=0):
        heard, done = [], threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
                fine = len(heard) > refuse
                self.send_response(204 if fine else 503)
                self.end_headers()
                if fine:
                    done.set()

            def log_message(self, *args):
                pass

        self._heard, self._done = heard, done
        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        url = f"http://127.0.0.1:{self._server.server_port}/webhooks/openai"
        return url, self._heard, self._done

    def __exit__(self, *error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
