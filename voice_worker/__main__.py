"""`python -m voice_worker`: join voice channels, hear, answer aloud; until SIGTERM or Ctrl-C."""

import asyncio
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from protege.app import App, app
from protege.config import ConfigError
from protege.journal import note, trouble
from protege.metrics import send_to
from protege.providers import Usage
from protege.providers.ending import USUAL_SPEECH
from protege.server.logs import counting, log_to_stderr
from protege.spending import payer
from voice_worker.health import Health
from voice_worker.line import Events, Line
from voice_worker.listening.scribe import Scribe
from voice_worker.speaking import Engine, Speaker, engine
from voice_worker.speaking.engines.thrifty import Thrifty
from voice_worker.worker import End, Worker

THREADS = 32
"""For what blocks: storage, Discord's REST API, models."""
STATUS: dict[End, int] = {"stopped": 0, "unused": 0, "replaced": 0, "refused": 1}


async def serve(bot: App) -> End:
    """Run a worker. Raises ConfigError, OSError (the health port is taken)."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    speaker = Speaker(_engine(bot), Path(bot.config.data_dir) / "voice-cache")
    worker = Worker(bot, Scribe(), speaker, lambda events: _line(bot, events))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop.set)
    ready = (worker.pulse, lambda: worker.ready, worker.metrics)
    health = Health(bot.config.host, bot.config.voice_health_port, *ready)
    note("voice worker started", port=health.port, pid=os.getpid())
    try:
        return await worker.run()
    finally:
        health.close()


def _engine(bot: App) -> Engine:
    """What speaks; where that costs something, only as long as the budget lasts."""
    speaks = engine(bot.config, bot.secret, lambda model, usage: _spent(bot, model, usage))
    if bot.config.tts not in USUAL_SPEECH:
        return speaks
    return Thrifty(speaks, lambda: bot.spending.check(payer()))


def _line(bot: App, events: Events) -> Line:
    config = bot.config
    reads = bool(config.message_content)
    return Line(bot.secret("discord_bot_token"), config.discord_api, events, content=reads)


def _spent(bot: App, model: str, usage: Usage) -> None:
    """What speaking costs is the guild's that is spoken in."""
    bot.spending.note(payer(), "speak", model, usage)


def main() -> None:
    """Serve, then end at once: threads that still wait for a model must not hold up the exit, and
    closing the loop, or leaving Python, would wait for them."""
    status = 1
    try:
        bot = app()
        log_to_stderr("voice", bot.config)
        send_to(counting(bot.config))
        end = asyncio.new_event_loop().run_until_complete(serve(bot))
        note("voice worker ended", why=end)
        status = STATUS[end]
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"voice worker: {error}\n")
    except Exception as error:
        trouble("voice worker", error)
    finally:
        logging.shutdown()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
