"""Who answers with `PROVIDER=bedrock`: OpenAI's models by their own API, others by Converse."""

import openai
from openai.providers.bedrock import bedrock

from protege.config import Config, ConfigError
from protege.providers import ChatModel
from protege.providers.bedrock.converse import Converse
from protege.providers.openai.chat import OpenAIChat
from protege.providers.refusals import AWS_CREDENTIALS


def bedrock_chat(config: Config) -> ChatModel:
    """The configured model, signed for by the role we run as. Raises ConfigError."""
    if not config.bedrock_model:
        raise ConfigError("BEDROCK_MODEL is not set")
    if "openai." not in config.bedrock_model:
        return Converse(config)
    about = config._replace(openai_model=config.bedrock_model, openai_api="responses")
    return OpenAIChat(about, "", client=connect(config), setting=AWS_CREDENTIALS)


def connect(config: Config) -> openai.OpenAI:
    """The SDK's client of Bedrock. Raises ConfigError where no region is known."""
    try:
        return openai.OpenAI(
            provider=bedrock(
                endpoint="runtime" if config.bedrock_endpoint == "runtime" else "mantle",
                region=config.bedrock_region or None,
                base_url=config.bedrock_base_url or None,
            ),
            timeout=float(config.openai_timeout_s),
            max_retries=0,
        )
    except openai.OpenAIError as error:
        raise ConfigError(f"BEDROCK_REGION or BEDROCK_BASE_URL: {error}") from None
