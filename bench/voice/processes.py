"""What Linux says of a process: processor time and memory."""

import re
import time
from pathlib import Path
from typing import NamedTuple


def cpu_s(pid: int) -> float:
    """Processor time (user and system) of all threads, ended ones too. Raises OSError for a process
    that is gone. Source of the clock's number: Linux' include/linux/posix-timers_types.h
    """
    return time.clock_gettime((~pid << 3) | 2)


def children(pid: int) -> list[int]:
    """Processes that this one started and that run still."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for found in lists for child in found.read_text().split()]


def peak_mb(pid: int) -> float:
    """The most memory that a process has had: VmHWM."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


class Busy(NamedTuple):
    """Ticks of all processors since the machine started: busy, all, given to other
    machines. Source: https://man7.org/linux/man-pages/man5/proc_stat.5.html
    """

    busy: int
    all: int
    stolen: int

    def since(self, before: "Busy") -> str:
        """How busy they were, and which part other machines on the same host took."""
        whole = max(1, self.all - before.all)
        busy, stolen = (self.busy - before.busy) / whole, (self.stolen - before.stolen) / whole
        return f"{busy:.0%} busy, {stolen:.1%} stolen by its host"


def busy() -> Busy:
    """Now."""
    user, nice, system, idle, wait, *rest = map(int, _line("/proc/stat").split()[1:9])
    return Busy(user + nice + system, user + nice + system + idle + wait + sum(rest), rest[2])


def load() -> str:
    """How many processes ran or waited over the last minute."""
    return _line("/proc/loadavg").split()[0]


def _line(path: str) -> str:
    return Path(path).read_text().splitlines()[0]
