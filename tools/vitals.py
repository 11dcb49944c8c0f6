"""What a built function needs to live: time to load, beside the least there can be, and memory."""

import compileall
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tools.artefacts import Artefact
from tools.emulator import Emulator

if TYPE_CHECKING:
    from tools.replay import World

ROUNDS = 3
HELLO = 'def handler(event, context):\n    return "hello"\n'
SLOWEST = {"Ingress": 2.6, "Registrar": 12.0, "Watcher": 16.0, "Worker": 12.0}
"""A function may take so many times as long to load, and to refuse nonsense, as one that only says
hello (the watcher looks after jobs, for which it loads the SDK of AWS). The ingress has
three seconds to answer in; the others begin after somebody has been told to wait."""
FULLEST = 0.8
"""Of the memory that a function has, it may need this part at most."""


class Loading(NamedTuple):
    """Milliseconds, the least of some rounds. Of a processor, which do not grow on a busy machine;
    `init_ms`: of the clock, as Lambda counts them."""

    own_ms: float
    hello_ms: float
    init_ms: float

    @property
    def ratio(self) -> float:
        """How many times as long as a hello."""
        return self.own_ms / self.hello_ms


class Vitals(NamedTuple):
    """`peak_mib`: the most memory its process has held (VmHWM) while it answered the events."""

    function: Artefact
    loading: Loading
    peak_mib: float

    def wrong(self) -> list[str]:
        """What is beyond its limit."""
        found = []
        if self.loading.ratio > SLOWEST[self.function.name]:
            found.append(f"loads {self.loading.ratio:.1f} times as long as a hello")
        if self.peak_mib > FULLEST * self.function.memory_mb:
            found.append(f"needs {self.peak_mib:.0f} of {self.function.memory_mb} MiB")
        return found

    def row(self) -> str:
        """A line of the table."""
        name, limit = self.function.name, SLOWEST[self.function.name]
        load = f"{self.loading.init_ms:5.0f} ms {self.loading.ratio:6.2f} {limit:6.1f}"
        memory = f"{self.peak_mib:5.0f} MiB of {self.function.memory_mb:5}"
        return f"{name:10} {load}  {memory}  {'; '.join(self.wrong()) or 'ok'}"


TABLE_HEAD = "function       load  hellos  limit     most memory  "


def loading(here: "World", name: str, rounds: int = ROUNDS) -> Loading:
    """How long a function takes to load: it and a hello in turn, in this very run."""
    with TemporaryDirectory(prefix="protege-hello-") as place:
        hello = _hello(Path(place), here.functions[name])
        own, least = [], []
        for _ in range(rounds):
            least.append(_start(Emulator(hello, {}, bare=name == "Ingress")))
            own.append(_start(here.emulator(name)))
    ours, inits = zip(*own, strict=True)
    return Loading(min(ours), min(least)[0], min(inits))


def _hello(folder: Path, like: Artefact) -> Artefact:
    (folder / "hello.py").write_text(HELLO)
    compileall.compile_dir(folder, quiet=1)
    return like._replace(handler="hello.handler", task=folder)


def _start(emulator: Emulator) -> tuple[float, float]:
    """Milliseconds of a processor and of the clock.

    An event that fits no function is refused by each, once it is loaded."""
    with emulator:
        emulator.invoke({"headers": {}, "body": "", "Records": []})
        return emulator.cpu_ms, emulator.init_ms
