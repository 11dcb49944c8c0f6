"""What Linux says of a process: processor time and memory."""

import re
import time
from pathlib import Path


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


def load() -> str:
    """How busy the machine is: processes that ran or waited over the last minute."""
    return Path("/proc/loadavg").read_text().split()[0]
