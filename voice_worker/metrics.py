"""What is counted, for Prometheus: numbers only, never ids of people."""

import time
from collections import Counter as Total
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

Stats = Callable[[], Mapping[str, int]]
SECONDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


class Metrics:
    """One worker's. Any thread may count."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.started_at = time.time()
        one = self.registry
        self.calls = Gauge("voice_calls", "Voice channels it is in", registry=one)
        self.people = Gauge("voice_people", "People in these channels", registry=one)
        self.orders = Counter("voice_orders", "Orders by outcome", ["do", "end"], registry=one)
        self.utterances = Counter("voice_utterances", "Utterances by end", ["end"], registry=one)
        self.answers = Counter("voice_answers", "Answers by outcome", ["way", "end"], registry=one)
        self.interruptions = Counter("voice_interruptions", "Times it fell silent", registry=one)
        self.lag = Gauge("voice_loop_lag_seconds", "How late the loop was last", registry=one)
        self.first = Histogram(
            "voice_answer_seconds",
            "From the end of what was said to the first piece of its answer",
            buckets=SECONDS,
            registry=one,
        )

    def frames(self, stats: Stats) -> None:
        """Also show what the line counts: frames sent, received, lost ..."""
        self.registry.register(_Frames(stats))

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


def totals(stats: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Of several links."""
    total: Total[str] = Total()
    for one in stats:
        total.update(one)
    return total


class _Frames(Collector):
    """Totals over all links, also those that are gone."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        """Read at the moment they are asked for."""
        family = CounterMetricFamily("voice_frames", "Frames by fate", labels=["fate"])
        for fate, count in sorted(self._stats().items()):
            family.add_metric([fate], count)
        yield family
