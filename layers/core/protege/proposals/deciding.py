"""What becomes of a proposal when a trainer decides; pure."""

from protege.errors import UserError
from protege.lessons import stamp
from protege.proposals import Decision, Proposal
from protege.text import Text

DECIDED = Text(
    en="That correction is already {how} by {who}.",
    ru="Это исправление уже {how}: {who}.",
)
HOW = {
    "approved": Text("approved", "одобрено"),
    "rejected": Text("rejected", "отклонено"),
}


def decided(proposal: Proposal, decision: Decision, now: float) -> Proposal:
    """The proposal after the decision. `now`: seconds since the epoch.

    Raises UserError that says who was first where somebody has decided already.
    """
    _check(proposal, decision)
    after = proposal._replace(decision=decision.interaction, decided_by=decision.by, decided_at=now)
    if not decision.approve:
        return after._replace(state="rejected", taught="", replaced=proposal.taught)
    better = decision.better or proposal.better
    if proposal.taught and better == proposal.better:
        return after._replace(state="approved")
    return after._replace(
        state="approved",
        better=better,
        proposed=proposal.better if better != proposal.better else "",
        taught=f"{stamp(now)}-{decision.interaction}",
        replaced=proposal.taught,
    )


def _check(proposal: Proposal, decision: Decision) -> None:
    reopened = decision.reopen and proposal.state == "approved"
    if proposal.decided and not reopened:
        who = f"<@{proposal.decided_by}> (<t:{proposal.decided_at:.0f}:R>)"
        raise UserError(DECIDED, how=HOW[proposal.state], who=who)
