"""Refusals, in the shape that OpenAI gives them.

Source: https://platform.openai.com/docs/guides/error-codes. The wording of the refusal to tune is
ours: no text of the real one is published.
"""

from collections.abc import Mapping
from typing import Any

INVALID = "invalid_request_error"


class ApiError(Exception):
    """An answer that is not 2xx. `headers` go along with it."""

    def __init__(
        self,
        status: int,
        message: str,
        type: str = INVALID,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.headers = dict(headers or {})
        self._said = {"message": message, "type": type, "param": param, "code": code}

    def body(self) -> dict[str, Any]:
        """The JSON that is answered."""
        return {"error": self._said}


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """400: the request is wrong."""
    return ApiError(400, message, param=param, code=code)


def absent(message: str, param: str | None = "id", code: str | None = None) -> ApiError:
    """404: there is no such thing."""
    return ApiError(404, message, param=param, code=code)


def no_key() -> ApiError:
    """401: no key was given."""
    return ApiError(401, "You didn't provide an API key. Use an Authorization header: Bearer KEY.")


def wrong_key(key: str) -> ApiError:
    """401: the key is none of ours; only its ends are shown."""
    shown = f"{key[:4]}***{key[-4:]}" if len(key) > 12 else "***"
    return ApiError(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def no_model(model: str) -> ApiError:
    """404: as for a model of somebody else's."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return ApiError(404, message, code="model_not_found")


def limited(seconds: float) -> ApiError:
    """429: too many calls; to be repeated after that time."""
    message = f"Rate limit reached. Please try again in {seconds:g}s."
    headers = {"Retry-After": f"{seconds:g}"}
    return ApiError(429, message, "requests", code="rate_limit_exceeded", headers=headers)


def out_of_quota() -> ApiError:
    """429: the account has no money left; repeating does not help."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return ApiError(429, message, "insufficient_quota", code="insufficient_quota")


def no_tuning() -> ApiError:
    """403: what an organisation hears that never tuned before 2026-05-07."""
    message = "Your organization does not have access to fine-tuning."
    return ApiError(403, message, code="unsupported_fine_tuning_access")


def down(status: int) -> ApiError:
    """500 or 503."""
    said = {503: "That model is currently overloaded with other requests."}
    message = said.get(status, "The server had an error while processing your request.")
    return ApiError(status, message, "server_error")
