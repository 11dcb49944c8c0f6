"""The official SDK against a local server that speaks the Responses API and Chat Completions."""

import time
from collections.abc import Iterator
from datetime import date
from email.utils import formatdate
from typing import Any

import pytest

from protege.config import Config, ConfigError
from protege.errors import Unavailable, UserError
from protege.providers import Completion, Example, Prompt, Usage
from protege.providers.openai.catalogue import Catalogue
from protege.providers.openai.chat import OpenAIChat
from protege.providers.openai.moderation import Moderated, Moderation
from protege.providers.persevering import whole
from tests.scripted import (
    ANSWER,
    Asked,
    Said,
    Scripted,
    chunk,
    ended,
    piece,
    refused,
    said,
    scripted,
    stream,
)

PROMPT = Prompt(
    instruction="Speak like a pirate.",
    examples=(Example("When do you open?", "At nine.", "Never."),),
    question="Opening hours?",
    document="",
    taught="At nine.",
    locale="en-US",
    cache_key="77/v1",
)
CHAT_ANSWER = stream(
    chunk("At "),
    chunk("nine!"),
    chunk(why="stop"),
    {"choices": [], "usage": {"prompt_tokens": 50, "completion_tokens": 3, "total_tokens": 53}},
    done=True,
)
RESPONSES, COMPLETIONS = "POST /responses", "POST /chat/completions"


@pytest.fixture
def model() -> Iterator[Scripted]:
    with scripted() as it:
        it.routes = {RESPONSES: ANSWER, COMPLETIONS: CHAT_ANSWER}
        yield it


def config(model: Scripted, **env: str) -> Config:
    base = {"OPENAI_BASE_URL": model.url, "DISCORD_PUBLIC_KEY": "0" * 64}
    patient = {"OPENAI_TIMEOUT_S": "60", "OPENAI_ANSWER_S": "600"}
    return Config.read({**base, **patient, **env})


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def chat(model: Scripted, slept: list[float]) -> Iterator[OpenAIChat]:
    with OpenAIChat(config(model), "sk-test", sleep=slept.append) as it:
        yield it


@pytest.fixture
def plain(model: Scripted, slept: list[float]) -> Iterator[OpenAIChat]:
    """Against a server that knows Chat Completions only."""
    about = config(model, OPENAI_API="chat", OPENAI_EFFORT="-")
    with OpenAIChat(about, "sk-test", sleep=slept.append) as it:
        yield it


# ---- the Responses API ---------------------------------------------------------------------------


def test_the_answer_arrives_in_pieces_and_tells_what_it_cost(chat: OpenAIChat) -> None:
    assert list(chat.answer(PROMPT)) == ["At ", "nine!"]
    assert whole(chat.answer(PROMPT)) == Completion("At nine!", Usage(100, 7))


def test_lessons_go_along_as_examples_and_nothing_is_stored(
    chat: OpenAIChat, model: Scripted
) -> None:
    list(chat.answer(PROMPT))
    [request] = model.bodies("/responses")
    assert request["model"] == "gpt-6-luna" and request["reasoning"] == {"effort": "none"}
    assert request["store"] is False and request["prompt_cache_key"] == "77/v1"
    assert request["max_output_tokens"] == 2000
    assert request["instructions"].endswith("Speak like a pirate.")
    bad, question, answer, taught, asked = request["input"]
    assert "Never." in bad["content"] and bad["role"] == "developer"
    assert (question["content"], answer["content"]) == ("When do you open?", "At nine.")
    assert "At nine." in taught["content"]
    assert asked == {"role": "user", "content": "Opening hours?"}


def test_a_document_goes_with_the_question(chat: OpenAIChat, model: Scripted) -> None:
    list(chat.answer(PROMPT._replace(document="We open at ten.")))
    assert "We open at ten." in model.bodies("/responses")[0]["input"][-1]["content"]


def test_servers_that_know_no_effort_are_not_sent_one(model: Scripted) -> None:
    with OpenAIChat(config(model, OPENAI_EFFORT="-"), "k") as chat:
        list(chat.answer(PROMPT))
    assert "reasoning" not in model.bodies("/responses")[0]


def test_a_model_that_training_made_answers_in_its_own_name(
    chat: OpenAIChat, model: Scripted
) -> None:
    list(chat.answer(PROMPT._replace(model="ft:gpt-4.1-mini:org:p:1")))
    [request] = model.bodies("/responses")
    assert request["model"] == "ft:gpt-4.1-mini:org:p:1" and "reasoning" not in request


def test_a_plain_call_has_no_lessons(chat: OpenAIChat, model: Scripted) -> None:
    found = chat.complete("Judge.", "Is this right?", model="gpt-6.1-sol")
    [request] = model.bodies("/responses")
    assert found == Completion("At nine!", Usage(100, 7))
    assert (request["model"], request["instructions"]) == ("gpt-6.1-sol", "Judge.")
    assert request["input"] == [{"role": "user", "content": "Is this right?"}]


def test_a_model_that_refuses_says_so_itself(chat: OpenAIChat, model: Scripted) -> None:
    no = {"type": "response.refusal.delta", "delta": "I cannot help with that."}
    model.answers = [stream(no, ended())]
    assert list(chat.answer(PROMPT)) == ["I cannot help with that."]


def test_an_answer_of_the_greatest_length_ends_with_an_ellipsis(
    chat: OpenAIChat, model: Scripted
) -> None:
    cut = ended("incomplete", incomplete_details={"reason": "max_output_tokens"})
    model.answers = [stream(piece("At nine or"), cut)]
    assert whole(chat.answer(PROMPT)) == Completion("At nine or …", Usage(100, 7))


def test_a_model_that_thought_until_its_tokens_were_gone_names_the_setting(
    chat: OpenAIChat, model: Scripted
) -> None:
    cut = ended("incomplete", incomplete_details={"reason": "max_output_tokens"})
    model.answers = [stream(cut)]
    with pytest.raises(UserError, match="OPENAI_MAX_OUTPUT_TOKENS"):
        list(chat.answer(PROMPT))


def test_an_answer_that_the_filter_stopped_is_not_shown_as_one(
    chat: OpenAIChat, model: Scripted
) -> None:
    cut = ended("incomplete", incomplete_details={"reason": "content_filter"})
    model.answers = [stream(piece("At"), cut)]
    with pytest.raises(UserError, match="content filter"):
        list(chat.answer(PROMPT))


# ---- servers without it --------------------------------------------------------------------------


def test_a_server_without_responses_is_asked_by_chat_completions(
    plain: OpenAIChat, model: Scripted
) -> None:
    assert whole(plain.answer(PROMPT)) == Completion("At nine!", Usage(50, 3))
    [request] = model.bodies("/chat/completions")
    told, question, answer, asked = request["messages"]
    assert told["role"] == "system" and "pirate" in told["content"] and "BAD" in told["content"]
    assert [question["role"], answer["role"], asked["role"]] == ["user", "assistant", "user"]
    assert request["max_tokens"] == 2000 and request["stream_options"] == {"include_usage": True}
    assert not {"store", "prompt_cache_key", "reasoning_effort", "input"} & set(request)


def test_a_server_that_counts_nothing_costs_nothing(plain: OpenAIChat, model: Scripted) -> None:
    model.answers = [stream(chunk("Yes"), chunk(why="stop"), done=True)]
    assert whole(plain.answer(PROMPT)) == Completion("Yes", Usage())


def test_a_completion_of_the_greatest_length_ends_with_an_ellipsis(
    plain: OpenAIChat, model: Scripted
) -> None:
    model.answers = [stream(chunk("Yes and"), chunk(why="length"), done=True)]
    assert "".join(plain.answer(PROMPT)) == "Yes and …"


def test_a_completion_without_an_end_is_no_answer(plain: OpenAIChat, model: Scripted) -> None:
    model.answers = [stream(chunk("Yes and"), done=True)]
    with pytest.raises(Unavailable, match="broke off"):
        list(plain.answer(PROMPT))


# ---- passing troubles ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_passing_troubles_are_tried_again(chat: OpenAIChat, model: Scripted, status: int) -> None:
    model.answers = [refused(status), refused(status)]
    assert "".join(chat.answer(PROMPT)) == "At nine!"


def test_a_model_that_stays_down_is_unavailable(chat: OpenAIChat, model: Scripted) -> None:
    model.answers = [refused(500)] * 3
    with pytest.raises(Unavailable):
        list(chat.answer(PROMPT))
    assert len(model.requests) == 3


def test_the_provider_s_pause_is_kept(
    chat: OpenAIChat, model: Scripted, slept: list[float]
) -> None:
    soon = refused(503, Retry_After=formatdate(time.time() + 300.0, usegmt=True))
    model.answers = [refused(429, Retry_After="3"), soon]
    assert "".join(chat.answer(PROMPT)) == "At nine!"
    assert slept[0] == 3.0 and 150.0 < slept[1] <= 300.0


def test_a_pause_longer_than_we_have_is_left_to_the_queue(
    chat: OpenAIChat, model: Scripted, slept: list[float]
) -> None:
    model.answers = [refused(429, Retry_After="3600")]
    with pytest.raises(Unavailable):
        list(chat.answer(PROMPT))
    assert slept == [] and len(model.requests) == 1


def test_a_stream_that_breaks_before_its_first_piece_is_begun_again(
    chat: OpenAIChat, model: Scripted
) -> None:
    model.answers = [stream(cut=True), stream(ended("failed", error=None))]
    assert "".join(chat.answer(PROMPT)) == "At nine!"
    assert len(model.requests) == 3


@pytest.mark.parametrize(
    "broken",
    [
        stream(piece("At "), cut=True),
        stream(piece("At ")),
        stream(piece("At "), ended("failed", error={"code": "server_error", "message": "no"})),
        stream(piece("At "), {"type": "error", "code": "server_error", "message": "no"}),
        Said(body=stream(piece("At ")).body + b"data: {no\n\n", type="text/event-stream"),
    ],
)
def test_what_came_of_a_broken_stream_is_never_the_whole_answer(
    chat: OpenAIChat, model: Scripted, broken: Said
) -> None:
    model.answers = [broken]
    pieces = chat.answer(PROMPT)
    assert next(pieces) == "At "
    with pytest.raises(Unavailable):
        next(pieces)
    assert len(model.requests) == 1


def test_an_answer_that_drips_for_too_long_is_given_up(model: Scripted) -> None:
    model.routes[RESPONSES] = stream(piece("and "))._replace(drip_s=0.05)
    about = config(model, OPENAI_ANSWER_S="3")
    with OpenAIChat(about, "k") as chat, pytest.raises(Unavailable, match="took too long"):
        list(chat.answer(PROMPT))
    assert len(model.requests) == 1


def test_a_server_that_is_not_there_is_unavailable(model: Scripted, slept: list[float]) -> None:
    about = config(model, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    with OpenAIChat(about, "k", sleep=slept.append) as chat, pytest.raises(Unavailable):
        list(chat.answer(PROMPT))
    assert slept == [0.5, 1.0]


# ---- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (refused(401), "OPENAI_API_KEY"),
        (refused(403), "does not let us use `gpt-6-luna`"),
        (refused(404), "has no `gpt-6-luna`"),
        (refused(429, "insufficient_quota"), "credit"),
        (refused(400, "context_length_exceeded"), "too long"),
        (refused(400, message="exceeds the maximum context length of 8192 tokens"), "too long"),
        (refused(413), "too long"),
        (refused(400), "did not accept"),
        (refused(422), "did not accept"),
    ],
)
def test_a_refusal_is_explained_in_plain_words_and_not_tried_again(
    chat: OpenAIChat, model: Scripted, refusal: Said, words: str
) -> None:
    model.answers = [refusal]
    with pytest.raises(UserError, match=words) as found:
        list(chat.answer(PROMPT))
    assert found.value.to("ru") != found.value.to("en")
    assert len(model.requests) == 1


# ---- moderation ----------------------------------------------------------------------------------


def flags(word: str) -> Any:
    def moderate(asked: Asked) -> Said:
        result = {"flagged": word in asked.json["input"], "categories": {}, "category_scores": {}}
        return said({"id": "m", "model": asked.json["model"], "results": [result]})

    return moderate


@pytest.fixture
def moderation(model: Scripted) -> Iterator[Moderation]:
    made = Moderation(config(model), "k")
    yield made
    made.close()


def test_a_flagged_question_is_refused_before_it_costs(
    chat: OpenAIChat, moderation: Moderation, model: Scripted
) -> None:
    model.routes["POST /moderations"] = flags("hours")
    with pytest.raises(UserError, match="moderation flagged the question"):
        list(Moderated(chat, moderation, "questions").answer(PROMPT))
    assert [asked.path for asked in model.requests] == ["/moderations"]
    assert model.requests[0].json["model"] == "omni-moderation-latest"


def test_a_flagged_file_is_refused_too(
    chat: OpenAIChat, moderation: Moderation, model: Scripted
) -> None:
    model.routes["POST /moderations"] = flags("poison")
    with pytest.raises(UserError):
        list(Moderated(chat, moderation, "both").answer(PROMPT._replace(document="poison")))


def test_a_flagged_answer_is_withheld_and_still_counted(
    chat: OpenAIChat, moderation: Moderation, model: Scripted
) -> None:
    model.routes["POST /moderations"] = flags("nine!")
    text, usage = whole(Moderated(chat, moderation, "both").answer(PROMPT))
    assert "nine" not in text and "moderation" in text and usage == Usage(100, 7)


def test_what_is_not_flagged_passes(
    chat: OpenAIChat, moderation: Moderation, model: Scripted
) -> None:
    model.routes["POST /moderations"] = flags("pirate")
    for what in ("questions", "answers", "both"):
        assert "".join(Moderated(chat, moderation, what).answer(PROMPT)) == "At nine!"
    assert len(model.bodies("/moderations")) == 4


def test_without_its_moderation_nothing_passes(
    chat: OpenAIChat, moderation: Moderation, model: Scripted
) -> None:
    model.routes["POST /moderations"] = refused(500)
    with pytest.raises(Unavailable, match="moderation is down"):
        list(Moderated(chat, moderation, "questions").answer(PROMPT))
    assert model.bodies("/responses") == []


# ---- models that end -----------------------------------------------------------------------------


def listed(**ends: str | None) -> Said:
    models = [
        {"id": id, "object": "model", "created": 1, "owned_by": "o", "shutdown_date": day}
        for id, day in ends.items()
    ]
    return said({"object": "list", "data": models})


def test_the_day_on_which_a_model_ends_is_known_and_asked_once_a_day(model: Scripted) -> None:
    model.routes["GET /models"] = listed(old="2026-12-11", luna=None, odd="soon")
    clock = [0.0]
    catalogue = Catalogue(config(model), "k", lambda: clock[0])
    assert catalogue.shutdown("old") == date(2026, 12, 11)
    assert [catalogue.shutdown(id) for id in ("luna", "odd", "none")] == [None, None, None]
    assert len(model.requests) == 1
    clock[0] = 86_401.0
    model.routes["GET /models"] = refused(401)
    assert catalogue.shutdown("old") is None and len(model.requests) == 2
    catalogue.close()


@pytest.mark.parametrize(
    "setting", ["PROVIDER", "OPENAI_API", "OPENAI_MODERATION", "FINE_TUNING_API"]
)
def test_a_setting_that_is_none_of_its_choices_is_named(setting: str) -> None:
    with pytest.raises(ConfigError, match=f"{setting} is none of"):
        Config.read({"DISCORD_PUBLIC_KEY": "0" * 64, setting: "what"})
