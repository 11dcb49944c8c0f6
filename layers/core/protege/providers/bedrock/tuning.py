"""Customisation of models on Bedrock, and deployments that let them answer.

https://docs.aws.amazon.com/bedrock/latest/userguide/custom-models.html
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from protege.config import Config
from protege.errors import BotError, Conflict, Missing, Unavailable, UserError
from protege.providers.bedrock.artefacts import Shelf
from protege.providers.bedrock.clients import Invalid, client, faults, gone
from protege.providers.bedrock.serving import serve
from protege.providers.refusals import (
    NO_CUSTOMISATION,
    NOT_TRAINED,
    ONLY_ANSWERS,
    Passing,
    quoting,
)
from protege.providers.tuning import Order, Progress, State
from protege.text import Text

READ_S = 20.0
STATES: dict[str, State] = {
    "InProgress": "running",
    "Stopping": "running",
    "Completed": "done",
    "Failed": "failed",
    "Stopped": "cancelled",
}


class BedrockTuner:
    """Customisation by files in our bucket; a job's id is its ARN."""

    provider = "bedrock"

    def __init__(self, config: Config, *, bedrock: Any = None, s3: Any = None) -> None:
        self.base = config.bedrock_base_model
        self._config = config
        self._given = bedrock, s3

    @cached_property
    def _bedrock(self) -> Any:
        return self._given[0] or client("bedrock", self._config, READ_S)

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self._config.bucket, self._given[1] or client("s3", self._config, READ_S))

    def begin(self, order: Order) -> str:
        """Put the rows into the bucket and begin; the same job again for the same name.

        Raises UserError and Unavailable.
        """
        base = order.base or self.base
        if not (base and self._config.bedrock_role_arn and self._config.bucket):
            raise UserError(NO_CUSTOMISATION)
        if order.method != "sft":
            raise UserError(ONLY_ANSWERS)
        with self._explained(base):
            return self._found(order.name) or self._create(order, base)

    def look(self, job: str) -> Progress:
        """How far it is. When it is over, the rows that were put there for it are deleted.

        Raises Missing, UserError and Unavailable.
        """
        with self._explained(job, Missing):
            found = self._bedrock.get_model_customization_job(jobIdentifier=job)
            state = _state(found)
            seen = Progress(
                state,
                share=1.0 if state == "done" else None,
                model=found.get("outputModelArn", ""),
                why=_why(found) if state == "failed" else None,
            )
            return self._ended(seen, found) if seen.over else seen

    def cancel(self, job: str) -> None:
        """End a job. Raises UserError and Unavailable."""
        with suppress(Missing, Conflict), self._explained(job, Missing, Conflict):
            self._bedrock.stop_model_customization_job(jobIdentifier=job)

    def serve(self, name: str, model: str) -> str:
        """The ARN of the deployment of that name, once this model answers there.

        Raises UserError, and Unavailable until it does.
        """
        with self._explained(model):
            return serve(self._bedrock, name, model)

    def remove(self, model: str) -> None:
        """Delete a deployment or a model, by its ARN; first the deployment.

        Raises UserError; Unavailable, also while a deployment of the model is still there.
        """
        with suppress(Missing), self._explained(model, Missing):
            if ":custom-model-deployment/" in model:
                self._bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=model)
            else:
                self._bedrock.delete_custom_model(modelIdentifier=model)

    def _ended(self, seen: Progress, found: dict[str, Any]) -> Progress:
        self._shelf.tidy(_rows(found))
        return seen._replace(points=self._shelf.curve(found["outputDataConfig"]["s3Uri"]))

    def _found(self, name: str) -> str:
        try:
            with faults(name):
                found = self._bedrock.get_model_customization_job(jobIdentifier=name)
        except Missing:
            return ""
        return str(found["jobArn"])

    def _create(self, order: Order, base: str) -> str:
        about: dict[str, Any] = {}
        if order.validation:
            held = self._shelf.put(f"{order.key}validation.jsonl", order.validation)
            about["validationDataConfig"] = {"validators": [{"s3Uri": held}]}
        if order.epochs:
            about["hyperParameters"] = {"epochCount": str(order.epochs)}
        rows = self._shelf.put(f"{order.key}training.jsonl", order.training)
        found = self._bedrock.create_model_customization_job(
            jobName=order.name,
            customModelName=order.name,
            clientRequestToken=order.name,
            roleArn=self._config.bedrock_role_arn,
            baseModelIdentifier=base,
            customizationType="FINE_TUNING",
            trainingDataConfig={"s3Uri": rows},
            outputDataConfig={"s3Uri": self._shelf.uri(f"{order.key}output/")},
            **about,
        )
        return str(found["jobArn"])

    @contextmanager
    def _explained(self, model: str, *plain: type[BotError]) -> Iterator[None]:
        """`plain`: what is to be raised as it is."""
        try:
            with faults(model):
                yield
        except plain:
            raise
        except (Passing, Conflict) as error:
            raise Unavailable(f"Bedrock is down or busy: {error}") from None
        except Invalid as invalid:
            raise UserError(quoting(NOT_TRAINED, invalid.message)) from None
        except Missing:
            raise gone(model) from None


def _state(found: dict[str, Any]) -> State:
    training = found.get("statusDetails", {}).get("trainingDetails", {}).get("status")
    state = STATES.get(found["status"], "running")
    return "waiting" if state == "running" and training == "NotStarted" else state


def _rows(found: dict[str, Any]) -> list[str]:
    validators = found.get("validationDataConfig", {}).get("validators", [])
    return [about["s3Uri"] for about in (found["trainingDataConfig"], *validators)]


def _why(found: dict[str, Any]) -> Text:
    return quoting(NOT_TRAINED, found.get("failureMessage", ""))
