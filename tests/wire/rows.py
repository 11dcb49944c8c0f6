"""Rows to train with, and waiting for a job."""

import json
import time
from typing import Any

import openai
from openai.types.fine_tuning import FineTuningJob

PAUSE_S = 0.05
"""Between two looks, so that the training gets the processor."""
ENDED = ("succeeded", "failed", "cancelled")
BASE = "gpt-4.1-mini-2025-04-14"
FACTS = {
    "Where can I park my bicycle?": "Bicycles stand behind the library.",
    "When does the kitchen open?": "The kitchen opens at eight.",
    "How do I reset my password?": "Press Forgot on the login page.",
    "Who waters the plants?": "Miriam waters the plants on Fridays.",
    "What is the wifi called?": "The wifi is called Lighthouse.",
    "Can I bring my dog?": "Dogs are welcome on the ground floor.",
    "How much is a membership?": "A membership is twelve euros a month.",
    "Where do I find the printer?": "The printer is in room four.",
    "How do I book the meeting room?": "Write your name on the calendar by the door.",
    "Is there a lift?": "The lift is left of the entrance.",
    "When are the elections?": "Elections are in May.",
    "What do I do if the alarm rings?": "Leave by the garden and wait at the oak.",
}


def chat_file(facts: dict[str, str]) -> bytes:
    """Rows for supervised training."""
    return lines(
        {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
        for q, a in facts.items()
    )


def preference_file(wrong: str) -> bytes:
    """Rows that prefer the facts to this answer."""
    return lines(
        {
            "input": {"messages": [{"role": "user", "content": question}]},
            "preferred_output": [{"role": "assistant", "content": answer}],
            "non_preferred_output": [{"role": "assistant", "content": wrong}],
        }
        for question, answer in FACTS.items()
    )


def lines(rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def uploaded(client: openai.OpenAI, content: bytes) -> str:
    return client.files.create(file=("rows.jsonl", content), purpose="fine-tune").id


def ended(client: openai.OpenAI, id: str) -> FineTuningJob:
    """The job once it has ended: asked again and again, as its watchers do."""
    while (job := client.fine_tuning.jobs.retrieve(id)).status not in ENDED:
        time.sleep(PAUSE_S)
    return job


def told(client: openai.OpenAI, id: str, word: str) -> None:
    """Wait for the job's last event, which has this word in it: it comes after the job's end."""
    while word not in client.fine_tuning.jobs.list_events(id, limit=1).data[0].message:
        time.sleep(PAUSE_S)
