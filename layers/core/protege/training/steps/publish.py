"""The last step: the drafts become a version, and the version the active one."""

from typing import Any

from protege.chat import in_force
from protege.errors import Conflict
from protege.lineage import Move
from protege.models import Pointer
from protege.promotion import may_replace
from protege.training.job import Job
from protege.training.plan import DONE
from protege.training.steps.desks import MODEL
from protege.training.steps.paying import clear
from protege.training.steps.workshop import Workshop


def publish(shop: Workshop, job: Job) -> Job:
    """Write the version; make it the active one unless it is worse than that one is.

    `report["activated"]` says which. Should another job have become active meanwhile, this one
    begins again on top of it; a version that was written already stays as a candidate.
    """
    version = shop.models.reserve(job.space, f"{job.id}@{job.revision}")
    now = shop.models.pointer(job.space)
    if now != Pointer(job.parent, job.revision) and now.version != version:
        return _again(shop, job)
    drafts = shop.desks.of(job).folder + MODEL
    said, about = _instruction(shop, job), _about(shop, job)
    shop.models.publish(job.space, version, said, about, drafts=drafts)
    activated = may_replace(job.parent, job.report)
    try:
        if activated:
            _activate(shop, job, version)
    except Conflict:
        return _again(shop, job)
    shop.desks.clear(job)
    clear(shop, job)
    report = {**job.report, "activated": activated}
    return shop.jobs.save(job, state="ending", step=DONE, version=version, report=report)


def _again(shop: Workshop, job: Job) -> Job:
    shop.desks.clear(job)
    return shop.jobs.save(job, step="snapshot", done=0, total=0, scratch={})


def _activate(shop: Workshop, job: Job, version: int) -> None:
    chat = job.report.get("chat") or {}
    move = Move(job.id, job.author, "trained", chat.get("model", ""))
    try:
        shop.models.activate(job.space, version, job.revision, move)
    except Conflict:
        if shop.models.pointer(job.space).version != version:
            raise


def _instruction(shop: Workshop, job: Job) -> dict[str, bytes]:
    """What this job tuned, else what is in force now."""
    if job.report.get("tuned"):
        return {"instruction.md": job.report["tuning"]["now"].encode()}
    now = in_force(shop.instructions, shop.models, job.space, job.parent)
    return {"instruction.md": now.text.encode()}


def _about(shop: Workshop, job: Job) -> dict[str, Any]:
    """The manifest; a tuned instruction is handed on to versions that only learn more."""
    embedder = shop.embedder()
    now = in_force(shop.instructions, shop.models, job.space, job.parent)
    return {
        "job": job.id,
        "method": job.method,
        "parent": job.parent,
        "author": job.author,
        "embedder": embedder.id,
        "dims": embedder.dims,
        **({"tuned": now.tuned} if now.tuned else {}),
        **job.report,
    }
