"""Deployments: a stable name under which one model answers, and later another.

https://docs.aws.amazon.com/bedrock/latest/userguide/deploy-custom-model-on-demand.html
"""

from typing import Any

from protege.errors import Missing, Unavailable, UserError
from protege.providers.bedrock.clients import faults
from protege.providers.refusals import NOT_SERVED, quoting

COMING = "the deployment is on its way"


def serve(bedrock: Any, name: str, model: str) -> str:
    """One look, and the next step towards `model` answering under `name`; the deployment's ARN.

    Raises Unavailable while it is on its way, UserError where it failed.
    """
    try:
        with faults(name):
            found = bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=name)
    except Missing:
        bedrock.create_custom_model_deployment(
            modelDeploymentName=name, modelArn=model, clientRequestToken=name
        )
        raise Unavailable(COMING) from None
    match _there(found, model):
        case "Active":
            return str(found["customModelDeploymentArn"])
        case "Failed":
            raise UserError(quoting(NOT_SERVED, found.get("failureMessage", "")))
        case "other":
            bedrock.update_custom_model_deployment(
                modelArn=model, customModelDeploymentIdentifier=name
            )
    raise Unavailable(COMING)


def _there(found: dict[str, Any], model: str) -> str:
    """`Active` with this model, `other` with another, `Failed`, or whatever is under way."""
    update = found.get("updateDetails") or {}
    status, wanted = update.get("updateStatus"), update.get("modelArn")
    if found["status"] != "Active" or status == "Updating":
        return "Failed" if found["status"] == "Failed" else "under way"
    if status == "UpdateFailed" and wanted == model:
        return "Failed"
    answers = wanted if status == "UpdateCompleted" else found["modelArn"]
    return "Active" if answers == model else "other"
