"""A provider's training is looked at now and then, until it is over."""

from typing import TYPE_CHECKING, Any

from protege.errors import Missing, Unavailable, UserError
from protege.providers import Usage
from protege.spending import TRAINING
from protege.text import Text
from protege.training.job import Job
from protege.training.plan import TUNED_BY, next_step
from protege.training.steps.workshop import Workshop

if TYPE_CHECKING:
    from protege.providers.tuning import Progress, Tuner

FIRST_WAIT_S, LONGEST_WAIT_S = 10, 300
GROWTH = 1.5
"""Each wait is so many times the one before: a short training is soon seen to be over."""
PATIENCE_S = 6 * 3600
"""How long a provider may be out of reach."""
POINTS_KEPT = 400
"""Points of the curve that are kept on record: as many as the picture is wide, about."""
LOST = Text(
    "The provider does not know the training `{job}` any more. “Try again” in /jobs begins it "
    "anew.",
    "Провайдер больше не знает обучения `{job}`. «Повторить» в /jobs начнёт его заново.",
)
UNREACHABLE = Text(
    "The provider could not be reached for six hours; its training may still go on. “Try again” in "
    "/jobs goes on from there and begins nothing twice.",
    "Провайдер не отвечает уже шесть часов; обучение у него, возможно, продолжается. «Повторить» "
    "в /jobs продолжит с этого места и ничего не начнёт дважды.",
)
STOPPED = Text(
    "The training was cancelled at the provider. “Try again” in /jobs begins it anew.",
    "Обучение отменили на стороне провайдера. «Повторить» в /jobs начнёт его заново.",
)
REFUSED = Text(
    "The provider's training failed, and it did not say why. “Try again” in /jobs begins it anew.",
    "Обучение у провайдера не удалось, причину он не назвал. «Повторить» в /jobs начнёт заново.",
)


def follow(shop: Workshop, job: Job) -> Job:
    """One look. Raises UserError where the provider's training came to nothing."""
    if job.report.get("chat"):
        return shop.jobs.save(job, step=next_step(job))
    tuner = shop.tuner(TUNED_BY[job.method])
    try:
        seen = tuner.look(job.provider_job)
        if seen.state == "done":
            return _made(shop, job, tuner, seen)
        if not seen.over:
            _within_budget(shop, job, tuner)
    except Missing:
        raise _to_begin_anew(shop, job, UserError(LOST, job=job.provider_job)) from None
    except Unavailable:
        return out_of_reach(shop, job)
    if seen.over:
        why = STOPPED if seen.state == "cancelled" else seen.why or REFUSED
        raise _to_begin_anew(shop, job, UserError(why))
    return _waiting(shop, job, seen)


def _made(shop: Workshop, job: Job, tuner: "Tuner", seen: "Progress") -> Job:
    """Note what it cost, once, and let the new model answer.

    Each version is served under a name of its own: an older one stays what it was.
    """
    tokens = seen.tokens or job.estimate.get("tokens", 0)  # Bedrock does not tell
    usage = Usage(tokens, 0)
    shop.spending.note(job.space, TRAINING, tuner.base, usage, once=job.provider_job)
    served = tuner.serve(f"protege-{job.id}", seen.model)
    chat = {"provider": tuner.provider, "model": served, "made": seen.model, "base": tuner.base}
    return shop.jobs.save(
        job,
        step=next_step(job),
        done=0,
        total=0,
        scratch={},
        wait_s=0,
        points=_thinned(seen) or job.points,
        cost=_cost(job, tokens),
        report={**job.report, "chat": chat},
    )


def _waiting(shop: Workshop, job: Job, seen: "Progress") -> Job:
    looks = job.scratch.get("looks", 0) + 1
    changes: dict[str, Any] = {} if seen.share is None else {"done": round(seen.share * 1000)}
    return shop.jobs.save(
        job,
        **changes,
        total=1000,
        points=_thinned(seen) or job.points,
        scratch={"looks": looks, "since": shop.now(), "state": seen.state},
        wait_s=_wait(looks),
    )


def out_of_reach(shop: Workshop, job: Job) -> Job:
    """The provider is down: that is no reason to give up what is, or may be, paid for.

    Raises UserError after PATIENCE_S.
    """
    since = job.scratch.get("since", shop.now())
    if shop.now() - since > PATIENCE_S:
        shop.jobs.save(job, scratch={**job.scratch, "since": shop.now()})
        raise UserError(UNREACHABLE)
    looks = job.scratch.get("looks", 0) + 1
    scratch = {**job.scratch, "looks": looks, "since": since}
    return shop.jobs.save(job, scratch=scratch, wait_s=_wait(looks))


def _within_budget(shop: Workshop, job: Job, tuner: "Tuner") -> None:
    """What is spent on other things meanwhile may leave nothing for this."""
    try:
        shop.spending.check(job.space)
    except UserError as over:
        tuner.cancel(job.provider_job)
        raise _to_begin_anew(shop, job, over) from None


def _to_begin_anew(shop: Workshop, job: Job, why: UserError) -> UserError:
    """A training that is over cannot be taken up: the next try begins another."""
    report = {**job.report, "tries": job.report.get("tries", 0) + 1}
    shop.jobs.save(job, step="begin", provider_job="", scratch={}, wait_s=0, report=report)
    return why


def _wait(looks: int) -> int:
    return min(LONGEST_WAIT_S, round(FIRST_WAIT_S * GROWTH**looks))


def _thinned(seen: "Progress") -> list[list[float | None]]:
    """Points evenly left out where there are too many, never the last."""
    points = [list(point) for point in seen.points]
    every = -(-len(points) // POINTS_KEPT) or 1
    return points[::-1][::every][::-1]


def _cost(job: Job, tokens: int) -> dict[str, Any]:
    price = job.estimate.get("usd_per_token")
    return {"tokens": tokens, "usd": None if price is None else tokens * price}
