"""Refusals, as AWS gives them over REST and JSON.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html and the errors
that botocore's description of each operation lists.
"""

STATUS = {
    "AccessDeniedException": 403,
    "ConflictException": 400,
    "InternalServerException": 500,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 424,
    "ResourceNotFoundException": 404,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "UnknownOperationException": 404,
    "ValidationException": 400,
}


class AwsError(Exception):
    """An answer that is not 2xx; `code` is the exception's name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, STATUS[code]


def wrong(message: str) -> AwsError:
    """400: the request is wrong."""
    return AwsError("ValidationException", message)


def absent(what: str) -> AwsError:
    """404: there is no such thing."""
    return AwsError("ResourceNotFoundException", f"The provided {what} was not found.")


def conflict(message: str) -> AwsError:
    """It is in the way of what is there."""
    return AwsError("ConflictException", message)
