"""What is counted: for Prometheus, and on AWS for CloudWatch. Numbers only, never ids of people."""

import asyncio
import time
from collections import Counter as Total
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from protege import metrics

Stats = Callable[[], Mapping[str, int]]
SECONDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


class Metrics:
    """One worker's. Any thread may count."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.started_at = time.time()
        one = self.registry
        self.calls = Gauge("protege_voice_calls", "Voice channels it is in", registry=one)
        self.people = Gauge("protege_voice_people", "People in these channels", registry=one)
        self.orders = Counter(
            "protege_voice_orders", "Orders by outcome", ["do", "end"], registry=one
        )
        self.utterances = Counter(
            "protege_voice_utterances", "Utterances by end", ["end"], registry=one
        )
        self.answers = Counter(
            "protege_voice_answers", "Answers by outcome", ["way", "end"], registry=one
        )
        self.interruptions = Counter(
            "protege_voice_interruptions", "Times it fell silent", registry=one
        )
        self.lag = Gauge(
            "protege_voice_loop_lag_seconds", "How late the loop was last", registry=one
        )
        self.first = Histogram(
            "protege_voice_answer_seconds",
            "From the end of what was said to the first piece of its answer",
            buckets=SECONDS,
            registry=one,
        )
        self.sound = Histogram(
            "protege_voice_first_sound_seconds",
            "From the end of what was said until its answer is heard",
            buckets=SECONDS,
            registry=one,
        )

    def utterance(self, guild: str, end: str) -> None:
        """Somebody said something. `end`: `words`, `nothing` or `failed`."""
        self.utterances.labels(end).inc()
        metrics.count("VoiceUtterances", guild=guild)

    def sounded(self, guild: str, began: float, ended_at: float) -> None:
        """An answer was heard from `began` on, 0: never, to what had ended at `ended_at`; both of
        time.monotonic."""
        if began:
            self.sound.observe(began - ended_at)
            metrics.count("VoiceFirstSoundMs", round((began - ended_at) * 1000), guild=guild)

    def frames(self, stats: Stats) -> None:
        """Also show what the line counts: frames sent, received, lost ..."""
        self.registry.register(_Frames(stats))

    async def minutes(self, calls: Callable[[], int], every_s: float = 60.0) -> None:
        """On the loop, until cancelled: each minute that the worker is up counts. `calls`: how many
        it is in."""
        while True:
            metrics.count("VoiceMinutes", every_s / 60)
            metrics.count("VoiceCalls", calls())
            metrics.flush()
            await asyncio.sleep(every_s)

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
        family = CounterMetricFamily("protege_voice_frames", "Frames by fate", labels=["fate"])
        for fate, count in sorted(self._stats().items()):
            family.add_metric([fate], count)
        yield family
