"""Jobs and custom models."""

import re
from collections.abc import Callable

from playground.bedrock.catalogue import BASES, arn, base_arn, fresh
from playground.bedrock.errors import conflict, wrong
from playground.bedrock.listing import page
from playground.bedrock.store import Store, found, now, shown
from playground.bedrock.training import PHASES, Trainer
from playground.openai.store import Json

BOUNDS = {
    "epochCount": (1, 10),
    "batchSize": (1, 1024),
    "learningRate": (1e-7, 1e-1),
    "learningRateWarmupSteps": (0, 250),
}
DATA = ("trainingDataConfig", "validationDataConfig", "outputDataConfig")
JOB = (
    *("jobArn", "jobName", "outputModelName", "outputModelArn", "clientRequestToken", "roleArn"),
    *("status", "statusDetails", "failureMessage", "creationTime", "lastModifiedTime", "endTime"),
    *("baseModelArn", "hyperParameters", *DATA, "customizationType"),
    *("trainingMetrics", "validationMetrics"),
)
MODEL = (
    *("modelArn", "modelName", "jobName", "jobArn", "baseModelArn", "customizationType"),
    *("hyperParameters", *DATA, "trainingMetrics", "validationMetrics", "creationTime"),
    "modelStatus",
)


class Customisation:
    """The operations on them; each takes checked parameters and the caller's region."""

    def __init__(self, store: Store, trainer: Trainer) -> None:
        self._store, self._trainer = store, trainer
        self.operations: dict[str, Callable[[Json, str], Json]] = {
            "CreateModelCustomizationJob": self._create,
            "GetModelCustomizationJob": self._job,
            "ListModelCustomizationJobs": self._jobs,
            "StopModelCustomizationJob": self._stop,
            "GetCustomModel": self._model,
            "ListCustomModels": self._models,
            "DeleteCustomModel": self._delete,
        }

    def _create(self, wish: Json, region: str) -> Json:
        if again := self._same(wish):
            return {"jobArn": again}
        self._check(wish)
        base = _base(wish["baseModelIdentifier"])
        id = arn(region, f"model-customization-job/{base}/{fresh()}")
        job = {
            **wish,
            "id": id,
            "name": wish["jobName"],
            "jobArn": id,
            "base": base,
            "outputModelName": wish["customModelName"],
            "baseModelArn": base_arn(region, base),
            "customizationType": wish.get("customizationType", "FINE_TUNING"),
            "hyperParameters": wish.get("hyperParameters", {}),
            "validationDataConfig": wish.get("validationDataConfig", {"validators": []}),
            "status": "InProgress",
            "statusDetails": {phase: {"status": "NotStarted"} for phase in PHASES},
            "creationTime": now(),
            "lastModifiedTime": now(),
            "asked": wish,
        }
        self._store.jobs.put(job)
        self._trainer.submit(id)
        return {"jobArn": id}

    def _same(self, wish: Json) -> str:
        """The job that this very order began before; empty where none did. Raises AwsError."""
        for job in self._store.jobs.all():
            if job.get("clientRequestToken", "") == wish.get("clientRequestToken"):
                if job["asked"] != wish:
                    raise conflict("The client token was used for another order.")
                return str(job["id"])
        return ""

    def _check(self, wish: Json) -> None:
        if wish.get("customizationType", "FINE_TUNING") != "FINE_TUNING":
            raise wrong("Only FINE_TUNING is offered here.")
        if "s3Uri" not in wish["trainingDataConfig"]:
            raise wrong("trainingDataConfig.s3Uri is needed.")
        _base(wish["baseModelIdentifier"])
        for name, value in wish.get("hyperParameters", {}).items():
            _hyperparameter(name, value)
        if wish["jobName"] in [job["name"] for job in self._store.jobs.all()]:
            raise conflict(f"There is a job named {wish['jobName']}.")
        running = [j for j in self._store.jobs.all() if j["status"] == "InProgress"]
        names = [it["outputModelName"] for it in running]
        names += [model["name"] for model in self._store.models.all()]
        if wish["customModelName"] in names:
            raise conflict(f"There is a model named {wish['customModelName']}.")

    def _job(self, wish: Json, region: str) -> Json:
        return shown(found(self._store.jobs, wish["jobIdentifier"], "job"), *JOB)

    def _jobs(self, wish: Json, region: str) -> Json:
        rows = [
            {**job, "customModelName": job["outputModelName"], "customModelArn": job.get(OUTPUT)}
            for job in self._store.jobs.all()
            if wish.get("statusEquals", job["status"]) == job["status"]
        ]
        return page(rows, wish, "modelCustomizationJobSummaries", JOB_ROW)

    def _stop(self, wish: Json, region: str) -> Json:
        job = found(self._store.jobs, wish["jobIdentifier"], "job")
        if not self._store.jobs.move(job["id"], ("InProgress",), status="Stopping"):
            raise conflict(f"The job is {job['status']}.")
        return {}

    def _model(self, wish: Json, region: str) -> Json:
        model = found(self._store.models, wish["modelIdentifier"], "model")
        return shown({**model, "modelArn": model["id"], "modelName": model["name"]}, *MODEL)

    def _models(self, wish: Json, region: str) -> Json:
        rows = [
            {**model, "modelArn": model["id"], "modelName": model["name"]}
            for model in self._store.models.all()
        ]
        return page(rows, wish, "modelSummaries", MODEL_ROW)

    def _delete(self, wish: Json, region: str) -> Json:
        model = found(self._store.models, wish["modelIdentifier"], "model")
        if model["id"] in [it["modelArn"] for it in self._store.deployments.all()]:
            raise conflict("The model is deployed.")
        self._store.models.drop(model["id"])
        return {}


OUTPUT = "outputModelArn"
JOB_ROW = (
    *("jobArn", "baseModelArn", "jobName", "status", "statusDetails", "lastModifiedTime"),
    *("creationTime", "endTime", "customModelArn", "customModelName", "customizationType"),
)
MODEL_ROW = (
    *("modelArn", "modelName", "creationTime", "baseModelArn", "customizationType"),
    "modelStatus",
)


def _base(identifier: str) -> str:
    """Of an id or an ARN. Raises AwsError where it cannot be customised."""
    id = re.sub(r"^arn:aws[^/]*/", "", identifier)
    full = {short: long for long, short in BASES.items()}.get(id, id)
    if full not in BASES:
        raise wrong(f"The model {identifier} cannot be customised.")
    return full


def _hyperparameter(name: str, value: str) -> None:
    if name not in BOUNDS:
        raise wrong(f"Hyperparameter {name} is not known.")
    least, most = BOUNDS[name]
    if not re.fullmatch(r"\d+(\.\d+)?(e-?\d+)?", value) or not least <= float(value) <= most:
        raise wrong(f"Hyperparameter {name} must lie between {least} and {most}.")
