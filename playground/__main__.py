"""`python -m playground`: a small Discord in the browser, with the bot in it."""

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from playground import models
from playground.bot import Bot, environment, free_port
from playground.discord.server import HOST, Server

PORT = 8700
PROVIDERS = ("local", "openai")


def main() -> int:
    """Run until interrupted."""
    wishes = _wishes()
    over = threading.Event()
    _stop_on_signals(over)
    folder: Path = wishes.data.resolve()
    bot_folder = folder / "bot"
    with ExitStack() as stack:
        queue = bot_folder / "queue.sqlite"
        server = stack.enter_context(
            Server(folder, free_port(wishes.port), queue=queue, voice=True)
        )
        if not wishes.no_bot:
            bot = stack.enter_context(_bot(stack, server, bot_folder, wishes.provider))
            server.parts.desk.url = bot.url
            if not bot.wait_until_up() and not over.is_set():
                print("The bot has not opened its port yet; the page works all the same.")
        print(f"\n  The playground is open: {server.address}\n", flush=True)
        over.wait()
    return 0


def _bot(stack: ExitStack, server: Server, folder: Path, provider: str) -> Bot:
    """The bot, with a provider of models beside it."""
    port, secret = free_port(), models.webhook_secret(folder)
    standing_in = models.stand_in(folder.parent / "openai", f"http://{HOST}:{port}", secret)
    stack.enter_context(standing_in)
    more = models.environment(standing_in, provider, secret)
    return Bot(environment(server, folder, port) | more)


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="playground", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="port of the page (%(default)s)")
    parser.add_argument(
        "--data", type=Path, default=Path(".data/playground"), help="folder (%(default)s)"
    )
    parser.add_argument(
        "--provider",
        choices=PROVIDERS,
        default=PROVIDERS[0],
        help="who answers: what was taught, word for word, or a stand-in model (%(default)s)",
    )
    parser.add_argument("--no-bot", action="store_true", help="only the stand-in for Discord")
    return parser.parse_args()


def _stop_on_signals(over: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
