"""The bot with a real provider behind it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from protege.app import App
from protege.errors import UserError
from protege.providers import Prompt
from protege.storage import Delivery
from protege.worker import work
from tests.person import Person, configured
from tests.recorder import Recorder
from tests.scripted import ANSWER, Scripted, chunk, refused, said, scripted, stream


@pytest.fixture
def model() -> Iterator[Scripted]:
    with scripted() as it:
        it.routes = {"POST /responses": ANSWER}
        yield it


@pytest.fixture
def env(model: Scripted) -> dict[str, str]:
    return {"PROVIDER": "openai", "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "sk-planted"}


def test_the_bot_answers_through_the_model_with_what_it_was_taught(
    model: Scripted, env: dict[str, str], discord: Recorder, tmp_path: Path
) -> None:
    app = configured(discord, str(tmp_path), **env)
    with app.provider.configured:  # type: ignore[attr-defined]
        ada = Person(app, discord)
        ada.slash("ask", question="When do you open?")
        assert ada.sees.endswith("At nine!")
        ada.press(ada.buttons[2])
        route = ada.buttons[2]["custom_id"].replace("correction_button:", "corrected:a")
        ada.submit({"data": {"custom_id": route}}, better="At ten.")
        ada.slash("ask", question="When do you open?")
    talk = [turn["content"] for turn in model.bodies("/responses")[-1]["input"]]
    assert talk[:2] == ["When do you open?", "At ten."]
    assert app.spending.month("77").tokens_in == 200


def test_a_model_that_is_down_is_told_and_asked_again(
    model: Scripted, env: dict[str, str], discord: Recorder, tmp_path: Path
) -> None:
    app = configured(discord, str(tmp_path), **env)
    with app.provider.configured:  # type: ignore[attr-defined]
        ada = Person(app, discord)
        model.answers = [refused(500)] * 3
        body = json.dumps(ada.command("ask", question="why?"))
        delivery = Delivery("m1", body, "", 1)
        assert work(app, [delivery]) == ["m1"]
        assert "Reference" in ada.sees
        assert work(app, [delivery]) == [] and ada.sees.endswith("At nine!")


def test_a_server_that_spent_its_budget_is_told_and_the_model_is_not_asked(
    model: Scripted, env: dict[str, str], discord: Recorder, tmp_path: Path
) -> None:
    app = configured(discord, str(tmp_path), GUILD_BUDGET_USD="0.000001", **env)
    with app.provider.configured:  # type: ignore[attr-defined]
        ada = Person(app, discord)
        ada.slash("ask", question="When do you open?")
        ada.slash("ask", question="When do you close?")
        assert "budget" in ada.sees and len(model.bodies("/responses")) == 1


def test_trainers_are_warned_of_a_model_that_ends(
    model: Scripted, env: dict[str, str], discord: Recorder, tmp_path: Path
) -> None:
    soon = (date.today() + timedelta(days=30)).isoformat()
    about = {"object": "model", "created": 1, "owned_by": "o"}
    models = [
        {"id": "gpt-6-luna", "shutdown_date": soon, **about},
        {"id": "gpt-4.1-mini", "shutdown_date": "2126-01-01", **about},
    ]
    model.routes["GET /models"] = said({"object": "list", "data": models})
    app = configured(discord, str(tmp_path), FINE_TUNING_MODEL="gpt-4.1-mini", **env)
    ada = Person(app, discord)
    ada.slash("settings")
    assert f"`gpt-6-luna` down on {soon}" in ada.sees and "4.1" not in ada.sees
    app.outside.catalogue.close()


def test_a_version_whose_provider_is_not_set_up_says_so(app: App) -> None:
    prompt = Prompt("", (), "Hi?", "", "", "en-US", "77/v1", provider="elsewhere", model="m")
    with pytest.raises(UserError, match="`elsewhere`, which is not set up"):
        list(app.provider.answer(prompt))


def test_a_version_is_answered_by_whoever_made_its_model(
    model: Scripted, env: dict[str, str], discord: Recorder, tmp_path: Path
) -> None:
    model.routes["POST /chat/completions"] = stream(chunk("tuned"), chunk(why="stop"), done=True)
    more = {"FINE_TUNING_BASE_URL": model.url, "FINE_TUNING_API_KEY": "k", "PROVIDER": "local"}
    app = configured(discord, str(tmp_path), **{**env, **more})
    asked = Prompt("", (), "Hi?", "", "", "en-US", "77/v1")
    assert "not been taught" in "".join(app.provider.answer(asked))
    for provider, answer in (("tuning", "tuned"), ("openai", "At nine!")):
        prompt = asked._replace(provider=provider, model="ft:x")
        assert "".join(app.provider.answer(prompt)) == answer
    assert app.tuner("openai").provider == "tuning"
    for chat in app.provider._built.values():  # type: ignore[attr-defined]
        chat._client.close()


def test_a_version_whose_provider_is_not_set_up_any_more_says_so(ada: Person) -> None:
    prompt = Prompt("", (), "Where?", "", "", "en", "", provider="tuning", model="ft:x")
    with pytest.raises(UserError, match="not set up here"):
        list(ada.app.provider.answer(prompt))


def test_a_provider_without_a_key_is_named_and_not_a_mystery(
    discord: Recorder, tmp_path: Path
) -> None:
    ada = Person(configured(discord, str(tmp_path), PROVIDER="openai"), discord)
    ada.slash("ask", question="When do you open?")
    assert "not set up for that yet (OPENAI_API_KEY is not set)" in ada.sees
