"""AWS' clients for Bedrock, and their errors in our own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config as Boto
from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from urllib3.exceptions import HTTPError as Urllib3Error

from protege.config import Config
from protege.errors import BotError, Conflict, Missing, UserError
from protege.providers.refusals import (
    AWS_CREDENTIALS,
    NO_KEY,
    NO_MODEL,
    NOT_ALLOWED,
    REFUSED,
    TOO_LONG,
    Passing,
)

CONNECT_S = 3
PASSING = {
    "ThrottlingException",
    "TooManyRequestsException",
    "ModelNotReadyException",
    "ModelTimeoutException",
    "ModelErrorException",
    "ModelStreamErrorException",
    "ServiceUnavailableException",
    "InternalServerException",
    "RequestTimeout",
    "RequestTimeoutException",
}
UNKNOWN_KEY = {
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "ExpiredToken",
    "InvalidSignatureException",
    "InvalidClientTokenId",
}
LONG = ("too long", "context length", "context window", "too many tokens", "maximum tokens")
"""In what models on Bedrock say when the prompt does not fit."""


def client(service: str, config: Config, read_s: float) -> Any:
    """A client of `bedrock`, `bedrock-runtime` or `s3`; it does not try again by itself."""
    about = Boto(connect_timeout=CONNECT_S, read_timeout=read_s, retries={"total_max_attempts": 1})
    session = boto3.session.Session(region_name=config.bedrock_region or None)
    return session.client(service, config=about)  # type: ignore[call-overload]


@contextmanager
def faults(model: str) -> Iterator[None]:
    """Turn botocore's errors into Passing, UserError, Missing and Conflict."""
    try:
        yield
    except ClientError as error:
        about: Any = error.response
        raise _fault(about, model) from None
    except NoCredentialsError:
        raise UserError(NO_KEY, setting=AWS_CREDENTIALS) from None
    except (BotoCoreError, ParserError, Urllib3Error, OSError) as error:
        raise Passing(type(error).__name__) from None


def _fault(response: dict[str, Any], model: str) -> BotError:
    about = response.get("Error", {})
    code, message = str(about.get("Code", "")), str(about.get("Message", ""))
    code = code[:1].upper() + code[1:]  # inside a stream they begin with a small letter
    if code in PASSING or response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return Passing(code)
    match code:
        case "ResourceNotFoundException":
            return Missing(f"{model}: {code}")
        case "ConflictException":
            return Conflict(f"{model}: {code}")
        case "AccessDeniedException" | "AccessDenied":
            return UserError(NOT_ALLOWED, model=model)
        case "ValidationException" | "ServiceQuotaExceededException":
            return Invalid(message)
    known = code not in UNKNOWN_KEY
    return UserError(REFUSED) if known else UserError(NO_KEY, setting=AWS_CREDENTIALS)


class Invalid(UserError):
    """AWS does not take the request; `message` says why in its words."""

    def __init__(self, message: str) -> None:
        long = any(words in message.lower() for words in LONG)
        super().__init__(TOO_LONG if long else REFUSED)
        self.message = message


def gone(model: str) -> UserError:
    """What to say of a model that is not there."""
    return UserError(NO_MODEL, model=model)
