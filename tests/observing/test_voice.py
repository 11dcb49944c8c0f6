"""What a voice worker counts: minutes that it is up, and how long people wait for its voice."""

import asyncio

from protege import metrics
from protege.metrics.emf import Emf
from tests.observing.conftest import Lines
from tests.observing.emf import check
from voice_worker.metrics import Metrics


def test_each_minute_that_it_is_up_counts(lines: Lines) -> None:
    metrics.send_to(Emf(lines, "protege", "command"))

    async def scene() -> None:
        done = asyncio.Event()
        looks = iter(range(3))

        def calls() -> int:
            look = next(looks)
            if look == 2:
                done.set()
            return look

        task = asyncio.create_task(Metrics().minutes(calls, every_s=0.001))
        await asyncio.wait_for(done.wait(), 10)
        await asyncio.sleep(0)  # what is counted last is flushed before it sleeps again
        task.cancel()

    asyncio.run(scene())
    found = lines.all("counted")
    assert [line["VoiceCalls"] for line in found] == [0, 1, 2]
    assert all(check(line).keys() == {"VoiceMinutes", "VoiceCalls"} for line in found)


def test_what_is_heard_and_said_is_counted_for_both_readers(lines: Lines) -> None:
    metrics.send_to(Emf(lines, "protege", "command"))
    voice = Metrics()
    voice.utterance("77", "words")
    voice.utterance("77", "failed")
    voice.sounded("77", began=10.5, ended_at=9.7)
    voice.sounded("77", began=0.0, ended_at=9.7)  # never heard
    metrics.flush()
    [line] = lines.all("counted")
    assert set(check(line)) == {"VoiceUtterances", "VoiceFirstSoundMs"}
    assert (line["VoiceUtterances"], line["VoiceFirstSoundMs"], line["guild"]) == (2, 800, "77")
    text = voice.text().decode()
    assert 'protege_voice_utterances_total{end="words"} 1.0' in text
    assert "protege_voice_first_sound_seconds_count 1.0" in text
