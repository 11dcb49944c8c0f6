"""`python -m playground`: a small Discord in the browser, with the bot in it."""

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from playground.bot import Bot, environment, free_port
from playground.discord.server import Server

PORT = 8700


def main() -> int:
    """Run until interrupted."""
    wishes = _wishes()
    over = threading.Event()
    _stop_on_signals(over)
    folder: Path = wishes.data.resolve()
    bot_folder = folder / "bot"
    with ExitStack() as stack:
        queue = bot_folder / "queue.sqlite"
        server = stack.enter_context(Server(folder, free_port(wishes.port), queue=queue))
        if not wishes.no_bot:
            bot = Bot(environment(server, bot_folder, free_port()))
            server.parts.desk.url = bot.url
            stack.enter_context(bot)
            if not bot.wait_until_up() and not over.is_set():
                print("The bot has not opened its port yet; the page works all the same.")
        print(f"\n  The playground is open: {server.address}\n", flush=True)
        over.wait()
    return 0


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="playground", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="port of the page (%(default)s)")
    parser.add_argument(
        "--data", type=Path, default=Path(".data/playground"), help="folder (%(default)s)"
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
