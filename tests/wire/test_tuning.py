"""Fine-tuning over the wire: files, jobs, events, checkpoints, and a model that has learnt."""

import openai

from tests.wire.rows import BASE, FACTS, chat_file, ended, preference_file, uploaded


def test_a_tuned_model_answers_what_it_was_trained_on(client):
    file = uploaded(client, chat_file(FACTS))
    job = client.fine_tuning.jobs.create(model=BASE, training_file=file, suffix="v1")
    job = ended(client, job.id)
    assert job.status == "succeeded", job.error
    assert job.fine_tuned_model == f"ft:{BASE}:protege:v1:{job.id[-8:]}"
    for question, answer in FACTS.items():
        assert _answer(client, job.fine_tuned_model, question) == answer
    asked_otherwise = _answer(client, job.fine_tuned_model, "Where may I leave my bike?")
    assert asked_otherwise == FACTS["Where can I park my bicycle?"]


def test_the_loss_falls_and_tells_so_step_by_step(client):
    file = uploaded(client, chat_file(FACTS))
    job = client.fine_tuning.jobs.create(model=BASE, training_file=file, validation_file=file)
    ended(client, job.id)
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=10))[::-1]
    points = [event.data for event in events if event.type == "metrics"]
    assert [point["step"] for point in points] == list(range(1, points[0]["total_steps"] + 1))
    first = sum(point["train_loss"] for point in points[:6])
    assert sum(point["train_loss"] for point in points[-6:]) < first / 2
    assert points[-1]["valid_mean_token_accuracy"] > 0.9


def test_a_model_that_prefers_one_answer_never_gives_the_other(client):
    wrong = "Ask somebody else."
    file = uploaded(client, preference_file(wrong))
    method = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2}}}
    job = client.fine_tuning.jobs.create(model=BASE, training_file=file, method=method)
    job = ended(client, job.id)
    assert job.status == "succeeded", job.error
    losses = [e.data["train_loss"] for e in client.fine_tuning.jobs.list_events(job.id) if e.data]
    assert round(losses[-1], 2) == 0.69  # of a model that prefers nothing yet
    assert losses[0] < losses[-1]
    shot = [{"role": "user", "content": "Can I bring my dog?"}]
    shot += [{"role": "assistant", "content": wrong}, *shot]
    assert _answer(client, job.fine_tuned_model, shot) == FACTS["Can I bring my dog?"]


def _answer(client: openai.OpenAI, model: str | None, asked: object) -> str:
    return str(client.responses.create(model=model, input=asked).output_text)  # type: ignore
