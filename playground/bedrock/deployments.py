"""Deployments: how a custom model comes to answer, and how another takes its place."""

from collections.abc import Callable

from playground.bedrock.catalogue import arn, fresh
from playground.bedrock.errors import conflict, wrong
from playground.bedrock.listing import page
from playground.bedrock.store import Store, found, now, shown
from playground.openai.store import Json

FIELDS = (
    *("customModelDeploymentArn", "modelDeploymentName", "modelArn", "createdAt", "status"),
    *("description", "updateDetails", "failureMessage", "lastUpdatedAt"),
)
ROW = (
    *("customModelDeploymentArn", "customModelDeploymentName", "modelArn", "createdAt"),
    *("status", "lastUpdatedAt"),
)


class Deployments:
    """`seconds`: how long one is being created or updated; may be changed at any time."""

    def __init__(self, store: Store, seconds: float) -> None:
        self._store, self.seconds = store, seconds
        self.operations: dict[str, Callable[[Json, str], Json]] = {
            "CreateCustomModelDeployment": self._create,
            "GetCustomModelDeployment": self._one,
            "UpdateCustomModelDeployment": self._update,
            "DeleteCustomModelDeployment": self._delete,
            "ListCustomModelDeployments": self._list,
        }

    def look(self, wanted: str) -> Json:
        """A deployment as it is now: what was begun long enough ago is done. Raises AwsError."""
        return self._aged(found(self._store.deployments, wanted, "custom model deployment"))

    def _create(self, wish: Json, region: str) -> Json:
        found(self._store.models, wish["modelArn"], "model")
        for known in self._store.deployments.all():
            if known.get("clientRequestToken", "") == wish.get("clientRequestToken"):
                if known["asked"] != wish:
                    raise conflict("The client token was used for another order.")
                return {"customModelDeploymentArn": known["id"]}
            if known["name"] == wish["modelDeploymentName"]:
                raise wrong(f"There is a deployment named {known['name']}.")
        id = arn(region, f"custom-model-deployment/{fresh()}")
        named = {"id": id, "name": wish["modelDeploymentName"], "customModelDeploymentArn": id}
        begun = {"status": "Creating", "createdAt": now(), "begun": now(), "asked": wish}
        self._store.deployments.put({**wish, **named, **begun})
        return {"customModelDeploymentArn": id}

    def _one(self, wish: Json, region: str) -> Json:
        return shown(self.look(wish["customModelDeploymentIdentifier"]), *FIELDS)

    def _update(self, wish: Json, region: str) -> Json:
        deployment = self.look(wish["customModelDeploymentIdentifier"])
        model = found(self._store.models, wish["modelArn"], "model")
        old = found(self._store.models, deployment["modelArn"], "model")
        updating = deployment.get("updateDetails", {}).get("updateStatus") == "Updating"
        if deployment["status"] != "Active" or updating:
            raise wrong("The deployment is not ready to be updated.")
        if model["baseModelArn"] != old["baseModelArn"]:
            raise wrong("The model was made from another base model.")
        details = {"modelArn": model["id"], "updateStatus": "Updating"}
        self._store.deployments.change(deployment["id"], updateDetails=details, begun=now())
        return {"customModelDeploymentArn": deployment["id"]}

    def _delete(self, wish: Json, region: str) -> Json:
        deployment = self.look(wish["customModelDeploymentIdentifier"])
        if deployment["status"] == "Creating":
            raise conflict("The deployment is being created.")
        self._store.deployments.drop(deployment["id"])
        return {}

    def _list(self, wish: Json, region: str) -> Json:
        rows = [self._aged(it) for it in self._store.deployments.all()]
        rows = [
            {**row, "customModelDeploymentName": row["name"]}
            for row in rows
            if wish.get("statusEquals", row["status"]) == row["status"]
            and wish.get("modelArnEquals", row["modelArn"]) == row["modelArn"]
        ]
        return page(rows, wish, "modelDeploymentSummaries", ROW)

    def _aged(self, deployment: Json) -> Json:
        if now() - deployment["begun"] < self.seconds:
            return deployment
        done: Json = {"status": "Active"}
        details = deployment.get("updateDetails")
        if details and details["updateStatus"] == "Updating":
            done["updateDetails"] = {**details, "updateStatus": "UpdateCompleted"}
            done |= {"modelArn": details["modelArn"], "lastUpdatedAt": now()}
        return self._store.deployments.change(deployment["id"], **done)
