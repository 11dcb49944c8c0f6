"""The step that fits the gate: from which score on a question counts as taught."""

import json

from protege.learning.artefact import Artefact, about
from protege.learning.fitting import Probe, Trial, probe, rehearsing, threshold
from protege.training.job import Job
from protege.training.plan import next_step
from protege.training.steps import drafts
from protege.training.steps.workshop import Workshop

PIECE = 100
"""Lessons asked at once: some seconds where 100,000 are known."""


def gate(shop: Workshop, job: Job) -> Job:
    """Ask the next lessons; `scratch["which"]` of the two models the gate is of."""
    desk, which = shop.desks.of(job), job.scratch.get("which", "final")
    known = drafts.knowledge(desk, shop.embedder())
    asked, rows = desk.keep(f"gate-{which}", lambda: rehearsing(known, drafts.heads(desk), which))
    probes = probe(asked, rows[job.done : job.done + PIECE])
    name = f"probes-{which}-"
    desk.write(f"{name}{job.done:04d}.json", json.dumps(probes).encode())
    done = min(job.done + PIECE, len(rows))
    if done < len(rows):
        return shop.jobs.save(job, done=done, total=len(rows))
    every = [Probe(*one) for draft in desk.names(name) for one in json.loads(desk.read(draft))]
    scratch = {**job.scratch, which: threshold(asked, every)}
    if which == "final":
        return shop.jobs.save(job, done=0, total=0, scratch={**scratch, "which": "trial"})
    found = Artefact(known, scratch["final"], Trial(None, scratch["trial"]))
    desk.write(drafts.FIT, about(found))
    return shop.jobs.save(job, step=next_step(job), done=0, total=0, scratch={})
