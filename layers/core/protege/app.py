"""The one place where the parts are put together; each is built when first asked for."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

from protege.config import SECRETS, Config, ConfigError
from protege.context import Context
from protege.discord.interaction import Interaction

if TYPE_CHECKING:  # imported where it is built: the ingress never needs most of it
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from protege.answers import Answers
    from protege.archives import Archives
    from protege.arena import Arena
    from protege.attachments import Attachments
    from protege.chat import Chat, Instructions
    from protege.claims import Claims
    from protege.comparing import Comparing
    from protege.datasets.library import Library
    from protege.datasets.rows import Problem, Row
    from protege.datasets.versions import Versions
    from protege.discord.rest import Discord
    from protege.forgetting import Forgetting
    from protege.learning import Embedder
    from protege.lessons import Lessons
    from protege.lineage import Lineage
    from protege.models import Models
    from protege.privacy import Privacy
    from protege.promotion import Promotion
    from protege.proposals.register import Proposals
    from protege.providers import ChatModel
    from protege.providers.openai.catalogue import Catalogue
    from protege.providers.prices import Prices
    from protege.providers.tuning import Tuner
    from protege.settings import Settings
    from protege.sharing import Sharing
    from protege.shelves import Shelves
    from protege.spending import Spending
    from protege.storage import Alarm, Files, Listing, Queue, Records
    from protege.storage.aws.secrets import Secrets
    from protege.storage.embedded import Links
    from protege.testing import Tests
    from protege.text import Text
    from protege.training.jobs import Jobs
    from protege.training.methods import Methods
    from protege.training.steps import Training


class App:
    """The bot, wired. `light`: in the ingress, where storage is read and never written."""

    def __init__(self, config: Config, env: Mapping[str, str], *, light: bool = False) -> None:
        self.config = config
        self.public_key = bytes.fromhex(config.discord_public_key)
        self.now: Callable[[], float] = time.time
        self._env = env
        self._light = light

    def context(self, interaction: Interaction) -> Context:
        """What the handler of this interaction gets."""
        return Context(interaction, self)

    def secret(self, name: str) -> str:
        """A secret by its setting's name. Raises ConfigError where there is none."""
        if self.config.on_aws:
            return self._secrets.read(SECRETS[name])
        found: str = getattr(self.config, name)
        if not found:
            raise ConfigError(f"{name.upper()} is not set")
        return found

    # ---- storage ---------------------------------------------------------------------------------

    @cached_property
    def files(self) -> "Files":
        """Files in S3 or a folder."""
        if self.config.on_aws:
            from protege.storage.aws import S3Files, client

            return S3Files(self.config.bucket, client("s3"))
        from protege.storage.embedded import FolderFiles

        return FolderFiles(self._folder / "files", self.links)

    @cached_property
    def listing(self) -> "Listing":
        """What files there are; in the ingress without boto3."""
        if not (self._light and self.config.on_aws):
            return self.files
        from protege.storage.aws.signed import SignedListing

        return SignedListing(self.config.bucket, self._env)

    @cached_property
    def links(self) -> "Links":
        """Addresses of downloads from our own endpoint, on one machine."""
        from protege.storage.embedded import Links

        return Links(self._folder / "links.key", self.config.address)

    @cached_property
    def records(self) -> "Records":
        """Records in DynamoDB or SQLite."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteRecords

            return SqliteRecords(self._folder / "records.sqlite")
        if self._light:
            from protege.storage.aws.signed import SignedRecords

            return SignedRecords(self.config.table, self._env)
        from protege.storage.aws import DynamoRecords, client

        return DynamoRecords(self.config.table, client("dynamodb"))

    @cached_property
    def queue(self) -> "Queue":
        """Slow work, in SQS or SQLite."""
        if not self.config.on_aws:
            from protege.storage.embedded import SqliteQueue

            return SqliteQueue(self._folder / "queue.sqlite")
        if self._light:
            from protege.storage.aws.signed import SignedQueue

            return SignedQueue(self.config.work_queue_url, self._env)
        from protege.storage.aws import SqsQueue, client

        return SqsQueue(self.config.work_queue_url, client("sqs"))

    @cached_property
    def alarm(self) -> "Alarm":
        """Whether the watcher looks: a rule of EventBridge, or a file."""
        if self.config.on_aws:
            from protege.storage.aws import RuleAlarm, client

            return RuleAlarm(self.config.watch_rule, client("events"))
        from protege.storage.embedded import FileAlarm

        return FileAlarm(self._folder / "alarm")

    # ---- outside ---------------------------------------------------------------------------------

    @cached_property
    def discord(self) -> "Discord":
        """Discord's REST API."""
        from protege.discord.rest import Discord

        api, application = self.config.discord_api, self.config.discord_application_id
        return Discord(api, application, lambda: self.secret("discord_bot_token"))

    @cached_property
    def attachments(self) -> "Attachments":
        """Files that people handed over."""
        from protege.attachments import Attachments

        more = frozenset(h.strip() for h in self.config.attachment_hosts.split(",") if h.strip())
        return Attachments(more, self.config.attachment_max_mb)

    @cached_property
    def provider(self) -> "ChatModel":
        """Who answers."""
        from protege.providers.routing import Routed

        others = {"openai": self._openai, "tuning": self._tuned, "bedrock": self._converse}
        routed = Routed(self._configured, others)
        if self.config.openai_moderation == "off":
            return routed
        from protege.providers.openai.moderation import Moderated, Moderation

        moderation = Moderation(self.config, self.secret("openai_api_key"))
        return Moderated(routed, moderation, self.config.openai_moderation)

    def _configured(self) -> "ChatModel":
        if self.config.provider == "openai":
            return self._openai()
        if self.config.provider == "bedrock":
            return self._bedrock()
        from protege.providers.local.chat import LocalChat

        return LocalChat()

    def _openai(self) -> "ChatModel":
        from protege.providers.openai.chat import OpenAIChat

        return OpenAIChat(self.config, self.secret("openai_api_key"))

    def _tuned(self) -> "ChatModel":
        """Where the fine-tuning API is another than the configured one."""
        from protege.providers.openai.chat import OpenAIChat
        from protege.providers.openai.tuning import elsewhere

        key = self.secret("fine_tuning_api_key")
        return OpenAIChat(elsewhere(self.config), key, setting="FINE_TUNING_API_KEY")

    def _bedrock(self) -> "ChatModel":
        from protege.providers.bedrock.chat import bedrock_chat

        return bedrock_chat(self.config)

    def _converse(self) -> "ChatModel":
        from protege.providers.bedrock.converse import Converse

        return Converse(self.config)

    def warnings(self) -> "Sequence[Text]":
        """What an operator should know: configured models that end soon."""
        if self.config.provider != "openai":
            return ()
        from datetime import UTC, datetime

        from protege.providers.ending import endings

        used = (self.config.openai_model, self.config.fine_tuning_model)
        today = datetime.fromtimestamp(self.now(), UTC).date()
        return endings(used, self._catalogue.shutdown, today)

    @cached_property
    def _catalogue(self) -> "Catalogue":
        from protege.providers.openai.catalogue import Catalogue

        return Catalogue(self.config, self.secret("openai_api_key"))

    def tuner(self, provider: str) -> "Tuner":
        """Fine-tuning: `bedrock`, else the API that is configured for it."""
        if provider == "bedrock":
            from protege.providers.bedrock.tuning import BedrockTuner

            return BedrockTuner(self.config)
        from protege.providers.openai.tuning import OpenAITuner

        return OpenAITuner(self.config, self._tuning_key)

    def _tuning_key(self) -> str:
        other = self.config.fine_tuning_base_url
        return self.secret("fine_tuning_api_key" if other else "openai_api_key")

    def _check_tuner(self, provider: str) -> None:
        """Raises ConfigError where fine-tuning lacks what it needs."""
        if provider != "bedrock":
            self._tuning_key()
            return
        for name in ("bedrock_role_arn", "bucket"):  # it reads the rows from there
            if not getattr(self.config, name):
                raise ConfigError(f"{name.upper()} is not set")

    # ---- features --------------------------------------------------------------------------------

    @cached_property
    def claims(self) -> "Claims":
        """Who is at work on what."""
        from protege.claims import Claims

        return Claims(self.records)

    @cached_property
    def answers(self) -> "Answers":
        """Answers given, and how people took them."""
        from protege.answers import Answers

        return Answers(self.records, self.config.answer_days)

    @cached_property
    def chat(self) -> "Chat":
        """Answers."""
        from protege.chat import Chat

        return Chat(
            self.provider,
            self.models,
            self._embedder,
            self.instructions,
            self.answers,
            self.spending,
        )

    @cached_property
    def spending(self) -> "Spending":
        """What models cost, and may."""
        from protege.spending import Spending

        return Spending(self.records, self.settings, self._prices, self.config.guild_budget_usd)

    @cached_property
    def instructions(self) -> "Instructions":
        """What a guild tells the bot about itself."""
        from protege.chat import Instructions

        return Instructions(self.records)

    @cached_property
    def lessons(self) -> "Lessons":
        """Corrections."""
        from protege.lessons import Lessons

        return Lessons(self.records, self._embedder)

    @cached_property
    def forgetting(self) -> "Forgetting":
        """What must not be used any more."""
        from protege.forgetting import Forgetting

        return Forgetting(self.records)

    @cached_property
    def proposals(self) -> "Proposals":
        """Corrections, and what trainers decide about them."""
        from protege.proposals.register import Proposals

        return Proposals(self.records, self.lessons, self.forgetting)

    @cached_property
    def settings(self) -> "Settings":
        """Who may teach, and when it counts."""
        from protege.settings import Settings

        return Settings(self.records)

    @cached_property
    def privacy(self) -> "Privacy":
        """What a person contributed."""
        from protege.privacy import Privacy

        return Privacy(
            self.records,
            self.files,
            self.models,
            self.proposals,
            self.library,
            self.versions,
            self.forgetting,
        )

    @cached_property
    def library(self) -> "Library":
        """A guild's training files."""
        from protege.datasets.library import Library

        return Library(self.files, self.records, _read)

    @cached_property
    def sharing(self) -> "Sharing":
        """Files handed out."""
        from protege.sharing import Sharing

        return Sharing(self.files)

    @cached_property
    def shelves(self) -> "Shelves":
        """A guild's own files, to choose from."""
        from protege.shelves import Shelves

        return Shelves(self.listing)

    @cached_property
    def archives(self) -> "Archives":
        """Folders as ZIP files."""
        from protege.archives import Archives

        return Archives(self.files, self.jobs)

    @cached_property
    def versions(self) -> "Versions":
        """Frozen datasets."""
        from protege.datasets.versions import Versions

        return Versions(self.files, self.records)

    @cached_property
    def models(self) -> "Models":
        """Model versions."""
        from protege.models import Models

        return Models(self.files, self.records, self.lessons, self.forgetting, self._embedder)

    @cached_property
    def lineage(self) -> "Lineage":
        """Versions on record, and which of them answers."""
        from protege.lineage import Lineage

        return Lineage(self.records)

    @cached_property
    def comparing(self) -> "Comparing":
        """Versions on the same questions."""
        from protege.comparing import Comparing

        return Comparing(self.models, self._embedder)

    @cached_property
    def promotion(self) -> "Promotion":
        """Which version answers."""
        from protege.promotion import Promotion

        return Promotion(self.models, self.lineage, self.comparing, self._serve)

    def _serve(self, provider: str, name: str, model: str) -> str:
        return self.tuner(provider).serve(name, model)

    @cached_property
    def arena(self) -> "Arena":
        """Versions against each other, blind."""
        from protege.arena import Arena

        return Arena(self.records, self.chat, self.config.answer_days)

    @cached_property
    def jobs(self) -> "Jobs":
        """Training jobs."""
        from protege.training.jobs import Jobs

        return Jobs(self.files, self.records, self.queue)

    @cached_property
    def tests(self) -> "Tests":
        """Trials on rows whose answers are known, or not."""
        from protege.testing import Means, Tests
        from protege.testing.store import Store

        store = Store(self.files, self.records, self.config.answer_days)
        return Tests(
            Means(
                self.files,
                self.jobs,
                self.chat,
                self.answers,
                self.models,
                self._embedder,
                store,
                lambda: self.provider,
                self.spending,
                self._prices,
            )
        )

    @cached_property
    def methods(self) -> "Methods":
        """The ways to train that can be used here."""
        from protege.training.methods import Methods

        return Methods(
            lambda: self.provider,
            self.tuner,
            self._check_tuner,
            self.models,
            self.spending,
            self._prices,
            self.config.tune_calls,
        )

    @cached_property
    def training(self) -> "Training":
        """The steps of training jobs."""
        from protege.training.steps import Training, Workshop
        from protege.training.steps.desks import Desks
        from protege.training.tuning import Tuning

        return Training(
            Workshop(
                self.files,
                self.jobs,
                self.models,
                self.lessons,
                self._embedder,
                self.instructions,
                lambda: self.provider,
                self.spending,
                desks=Desks(self.files),
                tuner=self.tuner,
                tuning=Tuning(
                    self.config.tune_calls, self.config.tune_model, price=self._prices.cost
                ),
                int8=bool(self.config.index_int8),
            )
        )

    # ---- what they stand on ----------------------------------------------------------------------

    @cached_property
    def _folder(self) -> "Path":
        from pathlib import Path

        return Path(self.config.data_dir).resolve()

    @cached_property
    def _prices(self) -> "Prices":
        from protege.providers.prices import Prices

        return Prices.read(self.config.model_prices)

    @cached_property
    def _secrets(self) -> "Secrets":
        from protege.storage.aws import client
        from protege.storage.aws.secrets import Secrets

        return Secrets(self.config.secrets_prefix, client("ssm"))

    def _embedder(self) -> "Embedder":
        return self._loaded_embedder

    @cached_property
    def _loaded_embedder(self) -> "Embedder":
        kind, _, model = self.config.embedder.partition(":")
        if kind == "openai" and model:
            from protege.providers.openai.embeddings import OpenAIEmbedder

            return OpenAIEmbedder(self.config, self.secret("openai_api_key"), model)
        from protege.providers.local import MiniLM, MiniLMInt8

        match self.config.embedder:
            case "minilm":
                return MiniLM()
            case "minilm-int8":
                return MiniLMInt8()
            case unknown:
                raise ConfigError(f"EMBEDDER is no minilm, minilm-int8 or openai:...: {unknown!r}")


def _read(chunks: "Iterable[bytes]", name: str) -> "Iterator[Row | Problem]":
    """Reading is loaded when there is something to read: the ingress only names folders."""
    from protege.datasets.reading import read

    return read(chunks, name)


@cache
def app(*, light: bool = False) -> App:
    """The app of this process, built on first use and then kept."""
    return App(Config.read(os.environ), os.environ, light=light)
