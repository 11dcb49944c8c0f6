"""The figures as Markdown."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

from bench.voice.hearing import SPEAKERS, Cost
from bench.voice.playing import Played
from bench.voice.turns import NAMES, Turns, parts

ANSWER_MS, SILENT_MS = 500, 150
TITLES = {
    "timer": "a loop that only sleeps and sends",
    "ffmpeg": "the library's FFmpeg playback (baseline)",
    "made": "ours, made and encoded as it plays",
    "kept": "ours, encoded before",
}


def answers(found: Mapping[str, Turns]) -> Iterator[str]:
    """Until the first packet of the answer is decrypted."""
    yield f"| End of speech to first sound, ms | turns | median | p90 | {' | '.join(NAMES)} |"
    yield "| --- |" + " ---: |" * (3 + len(NAMES))
    for name, (turns, _) in found.items():
        totals = [turn.total for turn in turns]
        shown = [len(turns), *map(_ms, (statistics.median(totals), part(totals, 0.9)))]
        shown += [_ms(each) for each in parts(turns)]
        yield f"| {name} | {' | '.join(map(str, shown))} |"


def interrupted(times: Sequence[float]) -> Iterator[str]:
    """From the first packet of who interrupts to the last of the bot's."""
    median, most = _ms(statistics.median(times)), _ms(max(times))
    yield (
        f"Interrupted, it sends its last packet of speech {median} ms (median of {len(times)}; at "
        f"most {most} ms) after the person's first."
    )


def playing(found: Mapping[str, Played]) -> Iterator[str]:
    """Pace and cost; ratios to the library's."""
    yield "| Playing | p50 | p99 | max | p99, of the library's | of a core | of the library's |"
    yield "| --- |" + " ---: |" * 6
    base = found["ffmpeg"]
    p99, cpu = part(base.steps, 0.99), statistics.median(base.cpu)
    for name, title in TITLES.items():
        steps, cost = found[name].steps, statistics.median(found[name].cpu)
        pace = [part(steps, 0.5), part(steps, 0.99), max(steps)]
        shown = [f"{1000 * each:.1f} ms" for each in pace]
        shown += [f"{pace[1] / p99:.2f}", f"{cost:.1%}", f"{cost / cpu:.2f}"]
        yield f"| {title} | {' | '.join(shown)} |"


def hearing(found: Mapping[int, Sequence[Cost]], offline: Cost, library: float) -> Iterator[str]:
    """What hearing costs; `offline`: with one speaker; `library`: cost of its playback."""
    yield "| Hearing | the worker, of a core | a stream | of the library's playback |"
    yield "| --- |" + " ---: |" * 3
    silent = 0.0
    for count in SPEAKERS:
        cost = statistics.median(each.worker for each in found[count])
        silent = silent if count else cost
        each = (cost - silent) / count if count else 0.0
        streams = f"{each:.1%} | {each / library:.2f}" if count else " | "
        yield f"| {count} who speak at once | {cost:.1%} | {streams} |"
    yield ""
    yield f"Recognising one stream offline takes {offline.hearer:.0%} of a core, elsewhere."


def memory(found: Mapping[int, tuple[float, float]]) -> Iterator[str]:
    """Peak of the worker and of its recognising process."""
    yield "| Calls | the worker's peak | and of what recognises |"
    yield "| ---: | ---: | ---: |"
    for calls, (worker, hearer) in found.items():
        yield f"| {calls} | {worker:.0f} MB | {hearer:.0f} MB |"


def part(values: Sequence[float], share: float) -> float:
    """The value below which so much of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _ms(seconds: float) -> int:
    return round(1000 * seconds)
