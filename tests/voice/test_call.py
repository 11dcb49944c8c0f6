"""What is heard in a call, what is answered, and what is not heard at all."""

import asyncio
import json
import threading
import time
from collections.abc import Generator
from typing import Any

from protege.chat import Chat
from protege.errors import Unavailable
from protege.limits import Limits, Rates
from protege.providers import Completion, Prompt, Usage
from tests.person import ADA, CHANNEL, GUILD, Person
from tests.recorder import Recorder
from tests.voice.conftest import BOB, LOUNGE, Studio, teach
from tests.voice.stage import QUIET, voice
from voice_worker.calls.knowing import STALE_S

QUESTION, ANSWER = "When does the dome open?", "The dome opens at nine. Bring a coat."


class Slow:
    """A model that writes on only when it is let."""

    model = "gpt-6-luna"
    can_complete = False

    def __init__(self) -> None:
        self.go_on = threading.Semaphore(0)
        self.asked: list[str] = []
        self.closed = threading.Event()

    def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
        self.asked.append(prompt.question)
        try:
            for number in range(100):
                self.go_on.acquire(timeout=20)
                yield f"This is sentence {number}. "
        finally:
            self.closed.set()
        return Usage(1, 1)

    def complete(self, instruction: str, text: str, *, model: str = "") -> Completion:
        raise NotImplementedError


def with_model(studio: Studio, model: Any) -> None:
    app = studio.app
    know = app.models, app.embedder, app.instructions
    app.chat = Chat(model, *know, app.answers, app.spending)


async def consented(studio: Studio, *people: str) -> None:
    """In the lounge, where these people sit and may be heard."""
    for user in people:
        studio.app.consent.give(GUILD, user)
    teach(studio.app, QUESTION, ANSWER)
    await studio.joined(*people)


def test_a_spoken_question_is_answered_aloud_and_written_down_with_the_buttons_of_ask(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        await studio.utter(ADA, "when does the dome open")
        await studio.until(lambda: studio.told("The dome opens at nine."))
        [post] = [c for c in discord.calls if "dome" in (c.body or {}).get("content", "")]
        assert post.path == f"/channels/{CHANNEL}/messages"
        assert post.body["content"] == (
            "> 🎙️ Ada: when does the dome open\nThe dome opens at nine. Bring a coat."
        )
        await studio.until(lambda: "Bring a coat." in studio.tone.said)
        assert studio.tone.said[-2:] == ["The dome opens at nine.", "Bring a coat."]
        assert studio.scribe.begun == [("en-US", (QUESTION,))]
        person = Person(studio.app, discord)
        rows = post.body["components"][0]["components"]
        await asyncio.to_thread(person.press, rows[0])
        assert "helped" in person.sees

    play(scene)


def test_who_did_not_press_is_not_heard(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        studio.line.seats[BOB] = LOUNGE
        await studio.utter(BOB, "this must not be understood")
        await studio.until(lambda: True)
        assert studio.link.listens == frozenset({ADA})
        assert studio.scribe.begun == [] and studio.scribe.fed == 0

    play(scene)


def test_who_presses_is_heard_from_then_on_and_who_takes_it_back_is_not(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        studio.app.consent.give(GUILD, BOB)
        studio.order("rules", token="")
        await studio.until(lambda: studio.link.listens == frozenset({ADA, BOB}))
        await studio.utter(BOB, QUESTION)
        await studio.until(lambda: studio.told("🎙️ Bob"))
        studio.app.consent.withdraw(GUILD, BOB)
        studio.order("rules", token="")
        await studio.until(lambda: studio.link.listens == frozenset({ADA}))
        fed = studio.scribe.fed
        await studio.utter(BOB, "no longer")
        assert studio.scribe.fed == fed

    play(scene)


def test_what_somebody_is_saying_is_dropped_when_they_take_it_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        loop = asyncio.get_running_loop()
        for frame in voice():
            studio.worker.heard(GUILD, ADA, frame, loop.time())
        await studio.until(lambda: studio.scribe.fed)
        studio.app.consent.withdraw(GUILD, ADA)
        studio.order("rules", token="")
        await studio.until(lambda: studio.scribe.dropped)
        for frame in [*voice(), *[QUIET] * 20]:
            studio.worker.heard(GUILD, ADA, frame, loop.time())
        await asyncio.sleep(0.05)
        assert len(studio.scribe.begun) == 1 and not studio.told("🎙️")

    play(scene, ENDPOINT_S="60")  # they pause, which is no end of it


def test_a_question_that_was_just_taught_is_soon_expected(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        call = studio.worker.calls.of(GUILD)
        assert call and not call.known.hints
        teach(studio.app, "When is the fair?", "In May.")
        call.known = call.known._replace(at=time.monotonic() - STALE_S)
        await studio.until(lambda: call.known.hints == ("When is the fair?",))

    play(scene)


def test_where_everyone_is_heard_newcomers_are_told(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, listens="everyone")
        link = await studio.joined(ADA)
        await studio.until(lambda: link.listens == frozenset({ADA}))
        assert "everyone who speaks" in studio.tone.said[-1]
        sent = link.stats["sent"]
        link.people = frozenset({ADA, BOB})
        await studio.worker.people(GUILD, LOUNGE, link.people)
        await studio.until(lambda: link.stats["sent"] > sent)

    play(scene)


def test_a_word_in_between_silences_it_and_stops_the_model(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        model = Slow()
        await consented(studio, ADA)
        with_model(studio, model)
        await studio.utter(ADA, "tell me a story")
        model.go_on.release(3)
        await studio.until(lambda: "This is sentence 1." in studio.tone.said)
        await studio.utter(ADA, "no wait")
        await studio.until(lambda: studio.told("🎙️ Ada: tell me a story"))
        model.go_on.release()
        await studio.until(model.closed.is_set)
        [story] = studio.told("🎙️ Ada: tell me a story")
        assert "This is sentence 0." in story and story.endswith("…")
        assert "sentence 9" not in story
        await studio.until(lambda: [*studio.app.answers.recent(GUILD, 1)])
        [shown] = studio.app.answers.recent(GUILD, 1)
        assert shown.question == "tell me a story"
        await studio.until(lambda: model.asked == ["tell me a story", "no wait"])
        await studio.until(lambda: studio.app.spending.month(GUILD).tokens_out)
        model.go_on.release(1000)

    play(scene)


def test_a_cough_silences_it_for_a_moment_only(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        model = Slow()
        await consented(studio, ADA)
        with_model(studio, model)
        await studio.utter(ADA, "tell me a story")
        model.go_on.release(2)
        await studio.until(lambda: "This is sentence 0." in studio.tone.said)
        await studio.utter(ADA, "")
        model.go_on.release(200)
        await studio.until(lambda: studio.told("sentence 99."))
        assert model.asked == ["tell me a story"]

    play(scene)


def test_two_who_speak_at_once_are_answered_one_after_the_other(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA, BOB)
        teach(studio.app, "Where is the telescope?", "On the roof.")
        studio.scribe.words.put_nowait(QUESTION)
        studio.scribe.words.put_nowait("Where is the telescope?")
        loop = asyncio.get_running_loop()
        for frame in [*voice(), *[QUIET] * 20]:
            for user in (ADA, BOB):
                studio.worker.heard(GUILD, user, frame, loop.time())
        await studio.until(lambda: studio.told("The dome opens") and studio.told("On the roof."))
        await studio.until(lambda: "On the roof." in studio.tone.said)

    play(scene)


def test_where_no_transcript_is_wished_nothing_is_written(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.voice_rules.change(GUILD, ADA, transcript="off")
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: "Bring a coat." in studio.tone.said)
        studio.order("say", text="The end.")
        await studio.until(lambda: studio.told("The end."))
        assert not studio.told("🎙️")

    play(scene)


def test_what_is_said_is_kept_only_where_the_rules_say_so_and_as_long_as_its_speaker_likes(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("🎙️"))
        assert not list(studio.app.files.names(f"guilds/{GUILD}/voice/"))
        studio.app.voice_rules.change(GUILD, ADA, keep="sound")
        studio.order("rules", token="")
        call = studio.worker.calls.of(GUILD)
        assert call
        studio.app.consent.give(GUILD, ADA, "sound")
        await studio.until(lambda: call.known.rules.keep == "sound")
        studio.order("rules", token="")
        await studio.until(lambda: call.known.keeps(ADA) == "sound")
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: len(list(studio.app.files.names(f"guilds/{GUILD}/voice/"))) == 2)
        await studio.until(lambda: len(studio.told("🎙️")) == 2)
        text, sound = studio.app.files.names(f"guilds/{GUILD}/voice/{ADA}/")
        assert json.loads(studio.app.files.read(text))["text"] == QUESTION
        assert studio.app.files.read(sound)[:4] == b"RIFF" and sound.endswith(".wav")
        ada, bob = Person(studio.app, discord), Person(studio.app, discord)
        bob.user = BOB
        await asyncio.to_thread(ada.slash, "privacy")
        assert studio.told("things you said aloud that I kept: **1**")
        assert QUESTION in studio.app.privacy.export(GUILD, ADA).decode()
        await asyncio.to_thread(bob.press, "privacy_confirm:")
        assert len(list(studio.app.files.names(f"guilds/{GUILD}/voice/"))) == 2
        await asyncio.to_thread(ada.press, "privacy_confirm:")
        assert not list(studio.app.files.names(f"guilds/{GUILD}/voice/"))

    play(scene)


def test_where_speech_cannot_be_recognised_it_says_so_once(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        for _ in range(2):
            await studio.utter(ADA, Unavailable("down"))
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("🎙️") and studio.told("cannot make out"))
        assert len(studio.told("cannot make out")) == 1

    play(scene)


def test_a_used_up_budget_is_told_aloud_and_in_writing(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        with_model(studio, Slow())
        studio.app.settings.change(GUILD, ADA, budget="0")
        await consented(studio, ADA)
        await studio.utter(ADA, "What is the wifi password?")
        await studio.until(lambda: studio.told("This month's budget"))
        await studio.until(lambda: any("budget" in said for said in studio.tone.said))
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: "Bring a coat." in studio.tone.said)  # it was taught

    play(scene)


def test_a_service_that_recognises_speech_is_paid_and_where_nothing_is_left_not_asked(
    play: Any,
) -> None:
    async def scene(studio: Studio) -> None:
        studio.scribe.model = "gpt-transcribe"
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.app.spending.month(GUILD).dollars)
        studio.app.settings.change(GUILD, ADA, budget="0")
        studio.order("rules", token="")
        call = studio.worker.calls.of(GUILD)
        assert call
        await studio.until(lambda: call.known.spent)
        fed = studio.scribe.fed
        await studio.utter(ADA, QUESTION)
        assert studio.scribe.fed == fed

    play(scene)


def test_a_model_that_is_down_is_told_too(play: Any) -> None:
    class Down(Slow):
        def answer(self, prompt: Prompt) -> Generator[str, None, Usage]:
            raise Unavailable("down")
            yield ""

    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        with_model(studio, Down())
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("does not answer right now"))

    play(scene)


def test_what_people_said_is_never_logged(play: Any, caplog: Any) -> None:
    async def scene(studio: Studio) -> None:
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: studio.told("🎙️"))
        studio.order("say", text="a secret of mine")
        await studio.until(lambda: studio.told("a secret"))

    with caplog.at_level("INFO", "protege"):
        play(scene)
    assert "order done" in caplog.text
    assert "dome" not in caplog.text and "secret" not in caplog.text


def test_who_asks_aloud_too_often_is_told_aloud_and_in_writing(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.limits = Limits(studio.app.records, studio.app.settings, Rates(1, 0))
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: "Bring a coat." in studio.tone.said)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: "Not so fast, please." in studio.tone.said)
        await studio.until(lambda: studio.told(f"<@{ADA}> Not so fast, please. You can go on <t:"))
        await studio.until(lambda: studio.told("The dome opens at nine."))
        assert len(studio.told("The dome opens at nine.")) == 1

    play(scene)


def test_a_count_that_crashes_costs_one_answer_and_not_those_after_it(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        real, crashed = studio.app.limits, threading.Event()

        class Crashing:
            def check(self, *_: object) -> None:
                studio.app.limits = real
                crashed.set()
                raise RuntimeError("no such count")

        studio.app.__dict__["limits"] = Crashing()
        await consented(studio, ADA)
        await studio.utter(ADA, QUESTION)
        await studio.until(crashed.is_set)
        await studio.utter(ADA, QUESTION)
        await studio.until(lambda: "Bring a coat." in studio.tone.said)

    play(scene)
