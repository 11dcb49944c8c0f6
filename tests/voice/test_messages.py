"""Plain messages: which are answered, how, and how often."""

import asyncio
import threading
from typing import Any

from protege.discord.interaction import Attachment
from protege.limits import Limits, Rates
from tests.person import ADA, GUILD
from tests.recorder import Recorder
from tests.voice.conftest import LOUNGE, Studio, teach
from tests.voice.stage import written

ID = "1420000000000000001"
QUESTION, ANSWER = "When does the dome open?", "At nine."
MENTION = "<@1300000000000000001>"


async def say(studio: Studio, content: str, **fields: object) -> None:
    teach(studio.app, QUESTION, ANSWER)
    await studio.until(studio.line.ready.is_set)
    await studio.worker.message(written(ID, content, **fields))


def answers(discord: Recorder) -> list[Any]:
    return [c for c in discord.calls if "At nine." in (c.body or {}).get("content", "")]


def test_a_mention_is_answered_with_the_buttons_of_ask(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await say(studio, f"{MENTION} {QUESTION}", mentions_me=True)
        [post] = answers(discord)
        assert post.path == "/channels/88/messages" and post.body["content"] == "At nine."
        assert post.body["message_reference"]["message_id"] == ID
        assert len(post.body["components"][0]["components"]) == 3
        assert studio.app.answers.given(GUILD, ID).question == QUESTION
        await studio.until(lambda: any(c.path == "/channels/88/typing" for c in discord.calls))

    play(scene)


def test_a_reply_to_it_is_answered(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await say(studio, QUESTION, replies_to_me=True)
        assert answers(discord)

    play(scene)


def test_a_private_chat_is_answered_from_the_persons_own_lessons(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        teach(studio.app, QUESTION, ANSWER, f"dm-{ADA}")
        await studio.worker.message(written(ID, QUESTION, guild="", channel="99"))
        [post] = answers(discord)
        assert post.path == "/channels/99/messages"

    play(scene)


def test_other_messages_are_answered_in_chosen_channels_only(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await say(studio, QUESTION)
        assert not discord.calls
        studio.app.voice_rules.open_channel(GUILD, ADA, "88", most=5)
        studio.order("rules", token="")
        await studio.until(
            lambda: studio.worker.metrics.orders.labels("rules", "done")._value.get()
        )
        await say(studio, QUESTION)
        assert answers(discord)

    play(scene)


def test_bots_are_never_answered(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        await say(studio, QUESTION, mentions_me=True, author_is_bot=True)
        assert not discord.calls

    play(scene)


def test_a_mere_mention_is_asked_back(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        await say(studio, MENTION, mentions_me=True)
        assert studio.told("Write your question beside the mention")

    play(scene)


def test_who_asks_too_often_is_told_once(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        for _ in range(8):
            await say(studio, QUESTION, mentions_me=True)
        assert len(answers(discord)) == 5 and len(studio.told("Not so fast")) == 1

    play(scene)


def test_a_text_file_is_looked_into_and_a_picture_passed_over(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        host = studio.app.config.discord_api
        discord.files["/files/rules.txt"] = b"The wifi password is saturn."
        files = (
            Attachment("1", "cat.png", f"{host}/files/cat.png", 10),
            Attachment("2", "rules.txt", f"{host}/files/rules.txt", 28),
        )
        await say(studio, "What is the wifi password?", mentions_me=True, attachments=files)
        assert studio.told("saturn")

    play(scene)


def test_an_attachment_that_is_gone_is_told(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        gone = Attachment("1", "rules.txt", f"{studio.app.config.discord_api}/files/x", 28)
        await say(studio, "What is it?", mentions_me=True, attachments=(gone,))
        assert studio.told("can no longer be downloaded")

    play(scene)


def test_the_answer_is_spoken_too_where_its_author_sits_with_the_bot(
    play: Any, discord: Recorder
) -> None:
    async def scene(studio: Studio) -> None:
        await studio.joined(ADA)
        await say(studio, QUESTION, mentions_me=True)
        await studio.until(lambda: "At nine." in studio.tone.said)
        assert answers(discord)
        studio.line.seats[ADA] = "903"
        await say(studio, "What else?", mentions_me=True)
        await asyncio.sleep(0.1)
        assert not any("taught" in said for said in studio.tone.said)
        assert studio.line.seats[ADA] != LOUNGE

    play(scene)


def test_what_cannot_be_answered_is_told(play: Any) -> None:
    async def scene(studio: Studio) -> None:
        studio.app.settings.change(GUILD, ADA, budget="0")
        studio.app.provider.configured.model = "gpt-6-luna"  # type: ignore[attr-defined]
        await say(studio, "What is the wifi password?", mentions_me=True)
        assert studio.told("This month's budget")

    play(scene)


def test_messages_and_commands_count_together(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        limits = Limits(studio.app.records, studio.app.settings, Rates(3, 0))
        studio.app.limits = limits
        for _ in range(2):
            limits.check(GUILD, ADA, "asking")
        await say(studio, QUESTION, mentions_me=True)
        assert len(answers(discord)) == 1
        await say(studio, QUESTION, mentions_me=True)
        [told] = studio.told("You can go on <t:")
        assert len(answers(discord)) == 1 and told

    play(scene)


def test_one_guild_does_not_keep_all_others_waiting(play: Any, discord: Recorder) -> None:
    async def scene(studio: Studio) -> None:
        teach(studio.app, QUESTION, ANSWER)
        await studio.until(studio.line.ready.is_set)
        slow = threading.Event()
        model: Any = studio.app.provider
        ask = model.configured.answer

        def answer(prompt: Any) -> Any:
            if prompt.question.startswith("Slow"):
                slow.wait(60)
            return ask(prompt)

        model.configured.answer = answer
        message = studio.worker.message
        crowd = [
            asyncio.create_task(
                message(written(f"{ID}{n}", f"Slow {n}?", author=f"5{n}", mentions_me=True))
            )
            for n in range(20)
        ]
        try:
            quick = written(ID, QUESTION, guild="", author=ADA, channel="99")
            teach(studio.app, QUESTION, ANSWER, f"dm-{ADA}")
            await asyncio.wait_for(message(quick), 30)
            assert answers(discord) and not any(task.done() for task in crowd)
        finally:
            slow.set()
            await asyncio.gather(*crowd)

    play(scene)
