"""Fine-tuning at OpenAI, or at whoever speaks the same at FINE_TUNING_BASE_URL.

https://developers.openai.com/api/reference/resources/fine_tuning
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import openai

from protege.config import Config
from protege.errors import Missing, Unavailable, UserError
from protege.providers.openai.chat import connect
from protege.providers.openai.curve import curve
from protege.providers.openai.faults import fault
from protege.providers.openai.keys import Key
from protege.providers.openai.uploads import tidy, upload
from protege.providers.refusals import (
    CLOSED,
    NO_BASE,
    NO_MODEL,
    NO_TUNING,
    NOT_TRAINED,
    Passing,
    quoting,
)
from protege.providers.tuning import Order, Progress, State
from protege.text import Text

RETRIES = 1
"""Of what may be asked twice. What begins a training is not: it is looked up the next time."""
OURS = "protege"
"""Metadata of a job: its name."""
STATES: dict[str, State] = {
    "validating_files": "waiting",
    "queued": "waiting",
    "running": "running",
    "succeeded": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
METHODS = {"sft": "supervised", "preference": "dpo"}


class OpenAITuner:
    """Fine-tuning by files and jobs. `key`: called when the API is first needed."""

    def __init__(self, config: Config, key: Callable[[], Key]) -> None:
        other = bool(config.fine_tuning_base_url)
        self.provider = "tuning" if other else "openai"
        self.base = config.fine_tuning_model
        self._setting = "FINE_TUNING_API_KEY" if other else "OPENAI_API_KEY"
        self._config = elsewhere(config) if other else config
        self._key = key

    @cached_property
    def _client(self) -> openai.OpenAI:
        return connect(self._config, self._key()).with_options(max_retries=RETRIES)

    def begin(self, order: Order) -> str:
        """Upload the rows and begin; the same job again for the same name.

        Raises UserError and Unavailable.
        """
        base = order.base or self.base
        if not base:
            raise UserError(NO_BASE)
        try:
            with self._explained(base):
                return self._find(order.name) or self._create(order, base)
        except Missing as error:
            gone = "model" in str(error)
            raise UserError(NO_MODEL if gone else NO_TUNING, model=base) from None

    def look(self, job: str) -> Progress:
        """How far it is. When it is over, the files that were uploaded for it are deleted.

        Raises Missing, UserError and Unavailable.
        """
        with self._explained(job):
            found = self._jobs.retrieve(job)
            points, share = curve(self._jobs, job)
        state = STATES.get(found.status, "running")
        seen = Progress(
            state,
            share=1.0 if state == "done" else share,
            points=points,
            model=found.fine_tuned_model or "",
            tokens=found.trained_tokens or 0,
            why=_why(found.error) if state == "failed" else None,
        )
        if seen.over:
            tidy(self._client, (found.training_file, found.validation_file))
        return seen

    def cancel(self, job: str) -> None:
        """End a job. Raises UserError and Unavailable."""
        with (
            suppress(Missing),
            self._explained(job),
            suppress(openai.BadRequestError, openai.ConflictError),  # it is over
        ):
            self._jobs.cancel(job)

    def serve(self, name: str, model: str) -> str:
        """The model answers by its own id."""
        return model

    def remove(self, model: str) -> None:
        """Delete a model. Raises UserError and Unavailable."""
        with suppress(Missing), self._explained(model):
            self._client.models.delete(model)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def _jobs(self) -> Any:
        return self._client.fine_tuning.jobs

    @property
    def _once(self) -> Any:
        """The same, but nothing is asked again by the SDK."""
        return self._client.with_options(max_retries=0).fine_tuning.jobs

    def _find(self, name: str) -> str:
        """The job of that name. Servers that keep no metadata keep the suffix."""
        for job in self._jobs.list(limit=100, metadata={OURS: name}):
            suffix = getattr(job, "user_provided_suffix", None) or getattr(job, "suffix", None)
            if name in ((job.metadata or {}).get(OURS), suffix):
                return str(job.id)
        return ""

    def _create(self, order: Order, base: str) -> str:
        files = {
            "training_file": upload(self._client, f"{order.name}-training.jsonl", order.training)
        }
        if order.validation:
            name = f"{order.name}-validation.jsonl"
            files["validation_file"] = upload(self._client, name, order.validation)
        job = self._once.create(
            model=base,
            suffix=order.name,
            metadata={OURS: order.name},
            **self._method(order),
            **files,
        )
        return str(job.id)

    def _method(self, order: Order) -> dict[str, Any]:
        """Others than OpenAI know the older form, and most of them nothing but it: Nebius' skill at
        https://skills.sh/arindam200/nebius-skills/nebius-finetune, for one.
        """
        epochs = {"n_epochs": order.epochs} if order.epochs else {}
        if self.provider == "tuning" and order.method == "sft":
            return {"hyperparameters": epochs}
        method = METHODS[order.method]
        return {"method": {"type": method, method: {"hyperparameters": epochs}}}

    @contextmanager
    def _explained(self, model: str) -> Iterator[None]:
        try:
            yield
        except openai.NotFoundError as error:
            raise Missing(f"not at the provider: {error.code}") from None
        except openai.PermissionDeniedError as error:
            if self.provider == "openai":
                raise UserError(CLOSED) from None
            raise fault(error, model, self._setting) from None
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise UserError(quoting(NOT_TRAINED, _words(error))) from None
        except openai.OpenAIError as error:
            found = fault(error, model, self._setting)
            down = isinstance(found, Passing)
            raise (Unavailable(f"fine-tuning is down: {found}") if down else found) from None


def elsewhere(config: Config) -> Config:
    """The settings as if the fine-tuning API were the configured one."""
    return config._replace(
        openai_base_url=config.fine_tuning_base_url or config.openai_base_url,
        openai_api=config.fine_tuning_api,
        openai_model=config.fine_tuning_model,
        openai_effort="-",
    )


def _words(error: openai.APIStatusError) -> str:
    """What the provider itself said."""
    body = error.body
    return str(body.get("message") or "") if isinstance(body, dict) else ""


def _why(error: Any) -> Text:
    return quoting(NOT_TRAINED, getattr(error, "message", None) or "")
