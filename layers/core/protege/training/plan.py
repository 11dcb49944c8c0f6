"""Which steps each method of training consists of."""

from protege.training.job import Job

LEARN = ("snapshot", "validate", "embed", "fit", "gate")
PROVIDED = (*LEARN, "begin", "follow", "prove", "evaluate", "publish")
METHODS = {
    "lessons": (*LEARN, "evaluate", "publish"),
    "tuned": (*LEARN, "tune", "evaluate", "publish"),
    "sft": PROVIDED,
    "preference": PROVIDED,
    "bedrock": PROVIDED,
}
TUNED_BY = {"sft": "openai", "preference": "openai", "bedrock": "bedrock"}
"""Which provider's fine-tuning a method uses."""
VOTED = ("preference",)
"""Methods that also learn from votes."""
PAID = ("tuned", *TUNED_BY)
"""Methods that may cost money: they begin when a person has agreed to the price."""
DONE = "done"


def steps_of(job: Job) -> tuple[str, ...]:
    """Names of the job's steps in their order."""
    return tuple(job.plan) or METHODS[job.method]


def next_step(job: Job) -> str:
    """What follows the job's current step; `DONE` after the last."""
    steps = steps_of(job)
    after = steps.index(job.step) + 1
    return steps[after] if after < len(steps) else DONE
