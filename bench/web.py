"""Requests a second over HTTP on this machine: our endpoint and the bare handler under waitress."""

from pathlib import Path

from bench.load import closed
from bench.rate import Pair, Rounds, pair
from bench.requests import mixed
from bench.served import server

SERVERS, ROUNDS, COUNT = 7, 9, 240


def measure(servers: int = SERVERS, rounds: int = ROUNDS, count: int = COUNT) -> Pair:
    """All kinds of requests mixed. Each server is a process of its own, each time a new one."""
    ours, bare = Rounds(), Rounds()
    for _ in range(servers):
        with server("ours") as one, server("bare") as other:
            for number in range(rounds):
                batch = mixed(count)
                turns = [(ours, *one), (bare, *other)]
                for side, pid, address in turns if number % 2 else reversed(turns):
                    begun = _cpu_s(pid)
                    times = closed(address, batch)
                    side.add(times, _cpu_s(pid) - begun)
    return pair(ours, bare)


def _cpu_s(pid: int) -> float:
    """Processor time of all threads of a process so far (Linux' sched-stats.rst: nanoseconds)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
