"""`python -m bench.voice.timed [scripted]`: the voice worker, which tells when it does what.

Each line of its output is a name and time.monotonic(), which is the same clock in all processes.
"""

import sys
import time
from functools import wraps
from typing import Any

from bench.voice import script
from voice_worker.__main__ import main
from voice_worker.calls.call import Call
from voice_worker.listening import ear
from voice_worker.speaking.engines import ENGINES
from voice_worker.speaking.maker import Maker
from voice_worker.speaking.playout import Playout


def tell(name: str) -> None:
    """A line, in one piece."""
    sys.stdout.write(f"{name} {time.monotonic()!r}\n")
    sys.stdout.flush()


def watch(name: str, owner: type, method: str) -> None:
    """Tell of every call of a method."""
    inner = getattr(owner, method)

    @wraps(inner)
    def told(*args: Any, **kwargs: Any) -> Any:
        tell(name)
        return inner(*args, **kwargs)

    setattr(owner, method, told)


def watch_first(name: str, owner: type, method: str) -> None:
    """Tell when it returns something for the first time, for each object."""
    inner = getattr(owner, method)

    @wraps(inner)
    def told(self: Any, *args: Any) -> Any:
        found = inner(self, *args)
        if found and name not in vars(self):
            vars(self)[name] = True
            tell(name)
        return found

    setattr(owner, method, told)


def watch_all() -> None:
    """From the end of an utterance to the first frame that is taken to be sent."""
    watch("ended", Call, "ended")
    watch("understood", Call, "understood")
    watch("written", Maker, "add")
    watch_first("made", Playout, "put")
    watch_first("taken", Playout, "read")


if __name__ == "__main__":
    watch_all()
    if "scripted" in sys.argv:
        ear.COMMAND = script.COMMAND
        ENGINES["espeak"] = lambda config, secret, used: script.Hum()
    main()
