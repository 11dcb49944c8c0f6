"""The stand-in for a provider of models, as the playground runs it beside the bot."""

import base64
import secrets
from pathlib import Path

from playground.bot import free_port
from playground.openai.server import OpenAIServer
from playground.openai.webhooks import Webhook

KEY = "playground"
"""The stand-in takes any key; the SDK wants one."""
BASE_MODEL = "gpt-4.1-mini-2025-04-14"
TRAINING_S = 8.0
"""Long enough to watch, short enough to wait for."""


def webhook_secret(folder: Path) -> str:
    """The secret that signs webhooks: made once, then kept."""
    kept = folder / "webhook.secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}")
    return kept.read_text()


def stand_in(folder: Path, bot: str, secret: str) -> OpenAIServer:
    """The server; it tells the bot at address `bot` what became of its jobs."""
    hook = Webhook(f"{bot}/webhooks/openai", secret)
    return OpenAIServer(folder, free_port(), webhook=hook, seconds=TRAINING_S)


def environment(server: OpenAIServer, provider: str, secret: str) -> dict[str, str]:
    """What the bot needs to take the stand-in for its provider. `provider`: who answers."""
    return {
        "PROVIDER": provider,
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": KEY,
        "OPENAI_WEBHOOK_SECRET": secret,
        "FINE_TUNING_MODEL": BASE_MODEL,
    }
