"""Base models, and names in AWS' style.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/custom-model-fine-tuning.html and
.../model-customization-prepare.html (limits of rows).
"""

import secrets
import string

ACCOUNT = "123456789012"
BASES = {
    "amazon.nova-micro-v1:0:128k": "amazon.nova-micro-v1:0",
    "amazon.nova-lite-v1:0:300k": "amazon.nova-lite-v1:0",
    "amazon.nova-pro-v1:0:300k": "amazon.nova-pro-v1:0",
    "meta.llama3-3-70b-instruct-v1:0:128k": "meta.llama3-3-70b-instruct-v1:0",
}
"""Models that can be customised, with the name under which each answers as it is."""
LEAST_ROWS, MOST_ROWS = 8, 20_000
SUFFIX = 12


def arn(region: str, what: str, account: str = ACCOUNT) -> str:
    """A name."""
    return f"arn:aws:bedrock:{region}:{account}:{what}"


def fresh() -> str:
    """The end of a name that nothing has yet."""
    letters = string.ascii_lowercase + string.digits
    return "".join(secrets.choice(letters) for _ in range(SUFFIX))


def base_arn(region: str, base: str) -> str:
    """Of a model that belongs to nobody."""
    return arn(region, f"foundation-model/{base}", "")
