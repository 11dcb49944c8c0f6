"""`python -m playground.openai`: the stand-in alone."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from playground.openai.server import OpenAIServer
from playground.openai.webhooks import Webhook

PORT = 8701
SECONDS = 20.0


def main() -> int:
    """Run until interrupted."""
    wishes = _wishes()
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    secret = os.environ.get("OPENAI_WEBHOOK_SECRET", "")
    hook = Webhook(wishes.webhook, secret) if wishes.webhook else None
    with OpenAIServer(wishes.data, wishes.port, webhook=hook, seconds=wishes.seconds) as server:
        print(f"OPENAI_BASE_URL={server.base_url}", flush=True)
        over.wait()
    return 0


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="playground.openai", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="0: any free one (%(default)s)")
    parser.add_argument(
        "--data", type=Path, default=Path(".data/openai"), help="folder (%(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="that a training takes")
    parser.add_argument("--webhook", default="", help="URL; signed with OPENAI_WEBHOOK_SECRET")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
