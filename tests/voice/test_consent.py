"""Nobody is heard, kept or answered who did not agree to it, or was not told first."""

import asyncio
import threading
from typing import Any

from protege.app import App
from tests.person import ADA, GUILD, Person
from tests.recorder import Call, Recorder
from tests.voice.conftest import BOB, LOUNGE, Studio, teach
from tests.voice.stage import QUIET, voice
from tests.voice.test_call import ANSWER, QUESTION, Slow, consented, with_model

MUSIC_BOT = "9001"


async def rules(studio: Studio, **changes: str) -> None:
    """A trainer changes them during the call, which knows of it."""
    studio.app.voice_rules.change(GUILD, ADA, **changes)
    await read_again(studio)


async def read_again(studio: Studio) -> None:
    done = studio.worker.metrics.orders.labels("rules", "done")
    before = done._value.get()
    studio.order("rules", token="")
    await studio.until(lambda: done._value.get() > before)


def sounds(studio: Studio) -> list[str]:
    return list(studio.app.files.names(f"guilds/{GUILD}/voice/"))


def test_where_everyone_is_heard_a_bot_is_not(play: Any) -> None:
    """Two bots would talk to each other for ever, and a music bot's songs would be questions."""

    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, listens="everyone")
        await studio.joined(ADA)
        await studio.until(lambda: studio.link.listens == frozenset({ADA}))
        await studio.utter(MUSIC_BOT, "a song")
        assert studio.scribe.begun == [] and studio.scribe.fed == 0

    play(scene)


def test_nobody_is_heard_unasked_before_it_was_said(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, listens="everyone")
        studio.line.seats[ADA] = LOUNGE
        link = await studio.line.join(GUILD, LOUNGE)
        link.held.clear()
        studio.order("join", voice_channel=LOUNGE)
        await studio.until(lambda: studio.told("I am in"))
        await studio.utter(ADA, "too early")
        assert link.listens == frozenset() and studio.scribe.fed == 0
        link.held.set()
        await studio.until(lambda: link.listens == frozenset({ADA}))

    play(scene)


def test_who_comes_later_is_told_before_they_are_heard(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, listens="everyone")
        link = await studio.joined(ADA)
        link.held.clear()
        link.people = frozenset({ADA, BOB})
        await studio.worker.people(GUILD, LOUNGE, link.people)
        await studio.utter(BOB, "too early")
        assert link.listens == frozenset({ADA}) and studio.scribe.fed == 0
        link.held.set()
        await studio.until(lambda: link.listens == frozenset({ADA, BOB}))

    play(scene)


def test_when_everyone_is_to_be_heard_from_now_on_it_is_said_and_written_first(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA, BOB)
        assert link.listens == frozenset()
        link.held.clear()
        await rules(studio, listens="everyone")
        assert link.listens == frozenset()
        link.held.set()
        await studio.until(lambda: link.listens == frozenset({ADA, BOB}))
        assert studio.tone.said[-2:] == [
            "The rules have changed.",
            "On this server I hear everyone who speaks here.",
        ]
        assert studio.told("👂 I hear **everyone** in this channel")
        await rules(studio, listens="asked")
        assert link.listens == frozenset()

    play(scene)


def test_nobody_is_heard_while_what_they_are_to_read_is_still_on_its_way(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        link = await studio.joined(ADA)
        written, answer = threading.Event(), discord.answer

        def slowly(call: Call) -> Any:
            if "**everyone**" in (call.body or {}).get("content", ""):
                written.wait(20)
            return answer(call)

        discord.answer = slowly  # type: ignore[method-assign]
        await rules(studio, listens="everyone")
        await studio.until(lambda: "The rules have changed." in studio.tone.said)
        call = studio.worker.calls.of(GUILD)
        assert call
        await studio.until(lambda: not call.floor.speaking)
        assert link.listens == frozenset()
        written.set()
        await studio.until(lambda: link.listens == frozenset({ADA}))
        assert studio.told("👂 I hear **everyone** in this channel")

    play(scene)


def test_that_it_hears_everyone_is_written_where_it_cannot_be_said(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, listens="everyone")
        studio.line.seats[ADA] = LOUNGE
        studio.tone.synthesize = None  # type: ignore[assignment, method-assign]
        studio.order("join", voice_channel=LOUNGE)
        await studio.until(lambda: len(studio.told("👂 I hear **everyone**")) == 2)
        await studio.until(lambda: studio.link.listens == frozenset({ADA}))

    play(scene)


def test_what_was_agreed_to_while_nothing_was_kept_is_not_kept_afterwards(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        await rules(studio, keep="sound")
        await studio.until(lambda: studio.told("once they press “Listen to me” again"))
        await studio.until(lambda: "What I hear is kept, text and sound." in studio.tone.said)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("🎙️ Ada"))
        assert sounds(studio) == []
        ada = Person(studio.app, discord)
        await asyncio.to_thread(ada.press, "listen_to_me:")
        assert "the text **and the sound**" in studio.told("From now on I hear you")[0]
        await read_again(studio)
        await studio.utter(ADA, "and when does it close")
        await studio.until(lambda: len(sounds(studio)) == 2)

    play(scene)


def test_less_is_kept_as_soon_as_the_rules_say_so_whatever_was_agreed_to(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, keep="sound")
        studio.app.consent.give(GUILD, ADA, "sound")
        teach(studio.app, QUESTION, ANSWER)
        await studio.joined(ADA)
        await rules(studio, keep="text")
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: sounds(studio))
        await studio.until(lambda: studio.told("🎙️ Ada"))
        assert [name.rpartition(".")[2] for name in sounds(studio)] == ["json"]

    play(scene)


def test_a_question_that_waits_is_not_answered_once_its_author_took_it_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        model = Slow()
        await consented(studio, ADA, BOB)
        with_model(studio, model)
        loop = asyncio.get_running_loop()
        for frame in [*voice(), *[QUIET] * 20]:  # both at once
            studio.worker.heard(GUILD, ADA, frame, loop.time())
            studio.worker.heard(GUILD, BOB, frame, loop.time())
        await studio.until(lambda: len(studio.scribe.begun) == 2)
        studio.scribe.words.put_nowait("tell me a story")
        studio.scribe.words.put_nowait("what did I say")
        heard = studio.worker.metrics.utterances.labels("words")
        await studio.until(lambda: heard._value.get() == 2 and model.asked)
        studio.app.consent.withdraw(GUILD, BOB)
        await read_again(studio)
        model.go_on.release(100)
        await studio.until(lambda: studio.told("🎙️ Ada"))
        await studio.utter(ADA, "and another one")
        await studio.until(lambda: "and another one" in model.asked)
        assert model.asked == ["tell me a story", "and another one"]
        assert not studio.told("🎙️ Bob")

    play(scene)


def test_a_reading_of_consents_that_was_overtaken_does_not_bring_them_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        call, agreed = studio.worker.calls.of(GUILD), studio.app.consent.agreed
        assert call
        go_on, loop = asyncio.Event(), asyncio.get_running_loop()
        read = asyncio.Event()

        def slowly(space: str) -> Any:
            found = agreed(space)
            loop.call_soon_threadsafe(read.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            return found

        studio.app.consent.agreed = slowly  # type: ignore[method-assign]
        slow = asyncio.create_task(call.refresh())
        await read.wait()
        studio.app.consent.agreed = agreed  # type: ignore[method-assign]
        studio.app.consent.withdraw(GUILD, ADA)
        await call.refresh()
        go_on.set()
        await slow
        assert studio.link.listens == frozenset()

    play(scene)


def test_without_a_transcript_nothing_that_was_asked_is_remembered_or_written(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, transcript="off")
        studio.app.consent.give(GUILD, ADA)
        teach(studio.app, QUESTION, "It opens at nine. " * 60)
        await studio.joined(ADA)
        assert studio.told("Nothing of what I hear is kept.")
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("It opens at nine."))
        assert not studio.told("🎙️") and not studio.told(QUESTION)
        assert list(studio.app.records.find(f"answer#{GUILD}")) == []

    play(scene)


def test_what_somebody_said_is_handed_to_nobody_else(ada: Person, app: App) -> None:
    """Trainers may fetch the guild's files; voices are no files of the guild's."""
    path = f"voice/{BOB}/1.wav"
    app.files.write(f"guilds/{GUILD}/{path}", b"RIFF")
    ada.slash("getfile", file_path=path)
    assert "There is no file" in ada.sees
    for folder in ("voice", f"voice/{BOB}", "voice/"):
        ada.slash("archive", directory=folder)
        assert "There is no folder" in ada.sees
    for typed in ("", "voice", "voice/", f"voice/{BOB}/", "1.wav"):
        for command, option in (("getfile", "file_path"), ("archive", "directory")):
            assert not [c for c in ada.suggestions(command, option, typed) if "voice" in str(c)]
