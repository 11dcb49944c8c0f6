"""Every setting: a typed field with its description beneath, read from the environment once.

The README's table is made from this file; the field `data_dir` is the variable `DATA_DIR`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from protege.values import SECRETS as SECRETS
from protege.values import ConfigError as ConfigError
from protege.values import given


class Config(NamedTuple):
    """All settings. Empty strings mean "not set"."""

    discord_public_key: str = ""
    """The application's public key, 64 hex digits (Discord's developer portal shows it)."""
    discord_application_id: str = ""
    """The application's id; needed to answer later and to register commands."""
    discord_bot_token: str = ""
    """The bot's token. On AWS it is read from SSM (`SECRETS_PREFIX`), never from here."""
    discord_api: str = "https://discord.com/api/v10"
    """Base URL of Discord's REST API."""
    signature_max_age_s: int = 300
    """Requests whose timestamp lies further from now than this are refused; 0 accepts any age."""
    attachment_hosts: str = ""
    """Further hosts that attachments may come from: `host` or `host:port`, separated by commas."""
    attachment_max_mb: int = 25
    """Largest attachment that is read."""
    provider: str = "local"
    """Who answers: `local` (what was taught, offline), `openai` (any such API) or `bedrock`."""
    openai_api_key: str = ""
    """Key of the OpenAI-compatible API. On AWS it is read from SSM, never from here."""
    openai_base_url: str = "https://api.openai.com/v1"
    """Base URL of the OpenAI-compatible API."""
    openai_api: str = "responses"
    """`responses`, or `chat` for servers that know Chat Completions only (Ollama, vLLM ...)."""
    openai_model: str = "gpt-6-luna"
    """Model that answers with the `openai` provider."""
    openai_effort: str = "none"
    """Reasoning effort asked of the model; `-` leaves it out, for servers that do not know it."""
    openai_timeout_s: int = 20
    """How long the model may be silent; it is asked at most three times."""
    openai_answer_s: int = 45
    """How long a whole answer may take, further tries included; a worker on AWS has 60 s."""
    openai_max_output_tokens: int = 2000
    """Longest answer, reasoning included; one that is cut there ends with an ellipsis."""
    openai_moderation: str = "off"
    """What OpenAI's moderation reads first: `off`, `questions`, `answers` or `both`."""
    openai_moderation_model: str = "omni-moderation-latest"
    """Model that moderates."""
    fine_tuning_base_url: str = ""
    """Base URL of another fine-tuning API that speaks OpenAI's; empty: `OPENAI_BASE_URL`."""
    fine_tuning_api_key: str = ""
    """Key of that API. On AWS it is read from SSM, never from here."""
    fine_tuning_api: str = "chat"
    """How models made there are asked: `chat` or `responses`."""
    fine_tuning_model: str = ""
    """Model that fine-tuning starts from, such as `gpt-4.1-mini-2025-04-14`; empty: none."""
    openai_webhook_secret: str = ""
    """Signs what OpenAI's webhooks say (`whsec_…`). On AWS it is read from SSM, never from here."""
    bedrock_region: str = ""
    """AWS region of Bedrock; empty: the region we run in."""
    bedrock_model: str = ""
    """Model that answers with the `bedrock` provider: `openai.…`, or any that Converse knows."""
    bedrock_endpoint: str = "mantle"
    """Bedrock's address for OpenAI's models: `mantle` or `runtime`."""
    bedrock_base_url: str = ""
    """Another address of Bedrock's OpenAI API; empty: the region's own."""
    bedrock_base_model: str = ""
    """Foundation model that Bedrock's customisation starts from; empty: none."""
    bedrock_role_arn: str = ""
    """Role by which Bedrock reads a job's files from the bucket and writes its own there."""
    model_prices: str = ""
    """Prices in $ per million tokens, over the built-in ones: `{"model": {"in": 1, "out": 2}}`."""
    guild_budget_usd: float = 0.0
    """Dollars that models may cost each server in a month; a server may set less. 0: no limit."""
    guild_budget_tokens: int = 0
    """Tokens that models may read and write for each server in a month, so that models without a
    known price are stopped, too; a server may set less. 0: no limit."""
    rate_person: int = 30
    """Questions a minute that one person may ask on a server; trainings a third of it, other
    commands and buttons three times as many. A server may set less. 0: no limit."""
    rate_guild: int = 300
    """The same for all people of a server together."""
    operators: str = ""
    """Discord ids of the people who run this bot, separated by commas, for `/status`; empty: the
    application's owner, or its team."""
    tune_calls: int = 300
    """Calls of the model that tuning an instruction takes at most."""
    tune_model: str = ""
    """Model that proposes better instructions; empty: the one that answers."""
    embedder: str = "minilm"
    """What reads questions: `minilm` (inside, English), `minilm-int8` (a quarter of its file) or
    `openai:MODEL` (other languages; at `OPENAI_BASE_URL`). After a change, train anew."""
    embedder_dims: int = 0
    """Numbers in a vector asked of an `openai:` embedder; 0: as many as its model has."""
    index_int8: int = 0
    """1: new versions keep lessons' vectors as int8, a quarter of the memory, rounded by 0.4 %."""
    answer_days: int = 90
    """How long an answer is remembered, so that it can still be corrected or rated."""
    data_dir: str = ".data"
    """Folder for everything on one machine (files, records, queue); unused on AWS."""
    host: str = "127.0.0.1"
    """Address the endpoint of `make serve` listens on."""
    port: int = 8080
    """Port the endpoint of `make serve` listens on."""
    public_url: str = ""
    """Address under which people reach `make serve`, for downloads; else `http://HOST:PORT`."""
    bucket: str = ""
    """S3 bucket; set on AWS, where it also chooses the AWS storage."""
    table: str = ""
    """DynamoDB table; set on AWS."""
    work_queue_url: str = ""
    """SQS queue of slow work; set on AWS."""
    dead_letters_url: str = ""
    """SQS queue of work that cannot succeed, each with its reason; set on AWS."""
    watch_rule: str = ""
    """EventBridge rule that wakes the watcher while jobs run; set on AWS."""
    secrets_prefix: str = ""
    """Path under which SSM keeps the secrets, such as `/protege/`; set on AWS."""
    log_level: str = "INFO"
    """Least that is logged: `DEBUG` (also suggestions while people type), `INFO`, `WARNING` or
    `ERROR`. Of the libraries inside never less than warnings."""
    log_content: int = 0
    """1: also log what people asked and were answered, cut to 500 characters."""
    metrics_by: str = "command"
    """How far numbers are kept apart: `stack` (not at all), `command` or `guild` (both). CloudWatch
    asks a price for each; every line tells command and guild anyway, for Logs Insights."""
    metrics_port: int = 0
    """Port of 127.0.0.1 where `make serve` tells Prometheus its numbers (`/metrics`); 0: none."""
    stack: str = "protege"
    """Name under which CloudWatch keeps the numbers; on AWS the stack's."""
    voice: str = "on_demand"
    """When the voice worker runs: `on_demand` (from `/join` until it idles), `always` (it also
    answers messages) or `off`."""
    voice_idle_s: int = 300
    """How long the voice worker stays where nobody speaks, or where it is alone."""
    voice_command: str = ""
    """What starts the voice worker on one machine; empty: this Python's `-m voice_worker`."""
    voice_health_port: int = 8090
    """Port of the voice worker's health endpoint; 0: any."""
    voice_queue_url: str = ""
    """SQS FIFO queue of what the voice worker is asked to do; set on AWS."""
    voice_cluster: str = ""
    """ECS cluster in which the voice worker is started on demand; set on AWS."""
    voice_task: str = ""
    """ECS task definition of the voice worker; set on AWS."""
    voice_subnets: str = ""
    """Public subnets of the voice worker, separated by commas; set on AWS."""
    voice_security_groups: str = ""
    """Security groups of the voice worker, separated by commas; set on AWS."""
    message_content: int = 0
    """1: the application may read all messages (Discord's privileged intent), for `/chat`."""
    stt: str = "offline"
    """What turns speech into text: `offline` (inside, knows best what was taught), `openai`,
    `google`, `vosk`, `whisper` or `faster-whisper`."""
    stt_model: str = ""
    """Model of that engine, where it has several; empty: its usual one."""
    stt_folder: str = ""
    """Folder with the weights of that engine, where it needs any."""
    stt_timeout_s: int = 20
    """How long turning one utterance into text may take."""
    sound_max_s: int = 300
    """Longest sound file or voice message that is listened to."""
    openai_transcribe_model: str = "gpt-transcribe"
    """Model that listens with `STT=openai`."""
    endpoint_s: float = 0.3
    """Silence, in seconds, that ends what a person says."""
    utterance_max_s: int = 30
    """Longest utterance; a longer one is cut there."""
    tts: str = "espeak"
    """What speaks: `espeak` (inside, offline), `gtts`, `openai`, `realtime` or `piper`."""
    tts_model: str = ""
    """Model of that engine, where it has several; empty: its usual one."""
    tts_voice: str = ""
    """Voice where a server chose none; empty: the engine's usual one."""
    tts_folder: str = ""
    """Folder with the voices of that engine, where it needs any."""

    @classmethod
    def read(cls, env: Mapping[str, str], *, keyless: bool = False) -> "Config":
        """`DISCORD_API` fills `discord_api`; `keyless`: as in `given`. Raises ConfigError."""
        return cls(**given(env, cls.__annotations__, keyless=keyless))

    @property
    def on_aws(self) -> bool:
        """Whether S3, DynamoDB and SQS keep things, and not a folder."""
        return bool(self.bucket)

    @property
    def address(self) -> str:
        """Where people reach our own endpoint."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Without the secrets: this may reach a log."""
        shown = (f"{n}={v!r}" for n, v in self._asdict().items() if n not in SECRETS)
        return f"Config({', '.join(shown)})"
