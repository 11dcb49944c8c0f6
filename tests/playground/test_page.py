"""The page in a real browser, with the scripted bot behind it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from playground.bot import free_port
from playground.discord.person import Person
from playground.discord.server import Server
from tests.playground.browser import NARROW, browser, visit
from tests.playground.script import gallery
from tests.playground.scripted_bot import ScriptedBot

pytestmark = pytest.mark.real
PAUSE_MS = 300
"""A little longer than what the page takes for a pause."""


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def page(running: Browser, server: Server, bot: ScriptedBot) -> Iterator[Page]:
    with visit(running, server.address) as found:
        yield found


def last(page: Page) -> Locator:
    return page.get_by_test_id("message").last


def begin(page: Page, command: str) -> None:
    """Type a command and choose it with Enter."""
    page.get_by_test_id("composer").click()
    page.keyboard.type(f"/{command}")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("command-name")).to_have_text(f"/{command}")


def test_a_command_is_picked_filled_in_and_answered_by_keyboard_alone(
    page: Page, bot: ScriptedBot
) -> None:
    bot.go_on.clear()
    page.get_by_test_id("composer").focus()
    page.keyboard.type("/as")
    expect(page.get_by_test_id("command-ask")).to_contain_text("Ask me anything")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("option-about")).to_have_text("What you want to know")
    page.keyboard.type("auro")
    expect(page.get_by_test_id("choice-aurora australis")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("option-question")).to_have_value("aurora australis")
    expect(page.get_by_test_id("offer-tone")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("option-tone")).to_have_value("Poetic")
    page.keyboard.press("Enter")
    expect(last(page).get_by_test_id("thinking")).to_have_text("Protégé is thinking…")
    expect(last(page).get_by_test_id("used")).to_have_text(re.compile("Vera used /ask$"))
    bot.go_on.set()
    expect(last(page)).to_contain_text("You asked: aurora australis")
    expect(last(page).get_by_test_id("edited")).to_have_count(0)
    options = {o["name"]: o["value"] for o in bot.received[-1]["data"]["options"]}
    assert options == {"question": "aurora australis", "tone": "poem"}


def test_suggestions_are_asked_for_when_typing_pauses(page: Page, bot: ScriptedBot) -> None:
    begin(page, "ask")
    expect(page.get_by_test_id("choice-comets")).to_be_visible()
    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    page.keyboard.type("comets are cold")
    page.clock.run_for(PAUSE_MS)
    expect(page.get_by_test_id("popover-empty")).to_have_text("No options match your search")
    typed = [i["data"]["options"][0]["value"] for i in bot.received if i["type"] == 4]
    assert typed == ["", "comets are cold"], "not one request for each letter"


def test_what_is_missing_or_wrong_is_said_before_sending(page: Page, bot: ScriptedBot) -> None:
    begin(page, "ask")
    page.keyboard.press("Enter")
    problem = page.get_by_test_id("command-problem")
    expect(problem).to_have_text("This option is required. Specify a value.")
    page.keyboard.type("x")
    page.get_by_test_id("more-options").click()
    page.get_by_test_id("offer-words").click()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(problem).to_have_text("Enter a valid number.")
    page.get_by_test_id("option-words").fill("501")
    page.keyboard.press("Enter")
    expect(problem).to_have_text("Must be from 1 to 500.")
    assert [i for i in bot.received if i["type"] == 2] == []
    page.get_by_test_id("option-words").fill("20")
    page.get_by_test_id("more-options").click()
    page.get_by_test_id("offer-private").click()
    page.get_by_test_id("choice-true").click()
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("Only you can see this")
    options = {o["name"]: o["value"] for o in bot.received[-1]["data"]["options"]}
    assert options == {"question": "x", "words": 20, "private": True}


def test_escape_leaves_a_command_without_sending(page: Page, bot: ScriptedBot) -> None:
    begin(page, "ask")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("composer")).to_be_focused()
    assert [i for i in bot.received if i["type"] == 2] == []


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_a_file_is_handed_over(way: str, page: Page) -> None:
    begin(page, "train")
    if way == "chosen":
        file = {"name": "a.jsonl", "mimeType": "application/jsonl", "buffer": b"12345"}
        page.get_by_test_id("zone-dataset-file").set_input_files(file)  # type: ignore[arg-type]
    else:
        page.evaluate(
            """() => {
                const transfer = new DataTransfer();
                transfer.items.add(new File(["12345"], "a.jsonl"));
                const zone = document.querySelector("[data-testid=zone-dataset]");
                for (const kind of ["dragover", "drop"])
                    zone.dispatchEvent(new DragEvent(kind, {
                        bubbles: true, cancelable: true, dataTransfer: transfer}));
            }"""
        )
    expect(page.get_by_test_id("zone-file")).to_contain_text("a.jsonl")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("Got a.jsonl: 5 bytes")


def test_a_form_from_a_button_ends_in_a_private_answer(page: Page, vera: Person) -> None:
    vera.slash("gallery")
    last(page).get_by_test_id("button-correct").click()
    expect(page.get_by_test_id("form-title")).to_have_text("Correct")
    expect(page.get_by_test_id("input-correction")).to_be_focused()
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("field-correction")).to_contain_text("This field is required")
    page.keyboard.type("Ox")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("field-correction")).to_contain_text("at least 3 characters")
    expect(page.get_by_test_id("field-correction")).to_contain_text("2/400")
    page.get_by_test_id("input-correction").fill("Oxygen")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    expect(last(page)).to_contain_text("Noted: Oxygen")
    last(page).get_by_test_id("dismiss").click()
    expect(page.get_by_text("Noted: Oxygen")).to_have_count(0)


def test_a_form_with_everything_is_filled_in(page: Page, bot: ScriptedBot) -> None:
    begin(page, "form")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("input-name")).to_have_value("Aurora")
    page.get_by_test_id("input-level").click()
    page.get_by_test_id("option-high").click()
    files = [{"name": n, "mimeType": "text/plain", "buffer": b"x"} for n in ("a.txt", "b.txt")]
    page.get_by_test_id("input-files-file").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_test_id("form-submit").click()
    expect(last(page)).to_contain_text("custom_id")
    sent = bot.received[-1]["data"]
    assert sent["components"][1]["component"]["values"] == ["high"]
    assert len(sent["resolved"]["attachments"]) == 2


def test_buttons_change_messages_and_menus_choose(page: Page, vera: Person) -> None:
    vera.slash("gallery")
    last(page).get_by_test_id("select-pick").click()
    last(page).get_by_test_id("option-large").click()
    expect(last(page)).to_contain_text("Picked large")
    page.get_by_test_id("button-like").click()
    changed = page.get_by_test_id("message").first
    expect(changed).to_contain_text("Liked 👍")
    expect(changed.get_by_test_id("edited")).to_be_visible()
    expect(page.get_by_test_id("button-off")).to_have_count(0)


def test_silence_is_shown_as_discord_shows_it(page: Page, vera: Person, bot: ScriptedBot) -> None:
    vera.slash("gallery")
    bot.status = 500
    page.get_by_test_id("button-like").click()
    expect(page.get_by_test_id("interaction-failed")).to_have_text("This interaction failed")
    begin(page, "form")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("failed")).to_have_text("The application did not respond")
    last(page).get_by_test_id("dismiss").click()
    expect(page.get_by_test_id("failed")).to_have_count(0)


def test_a_messages_menu_has_apps_and_copies_its_id(page: Page, vera: Person) -> None:
    said = vera.say("a wrong answer")
    message = last(page)
    message.hover()
    message.get_by_test_id("more").click()
    page.get_by_test_id("copy-id").click()
    expect(page.locator("body")).to_have_attribute("data-copied", said["id"])
    message.click(button="right")
    page.get_by_test_id("menu-Correct this answer").click()
    expect(page.get_by_test_id("input-correction")).to_have_value("Something")


def test_the_language_switch_turns_page_and_commands(page: Page, bot: ScriptedBot) -> None:
    page.get_by_test_id("language").select_option("ru")
    page.get_by_test_id("composer").click()
    page.keyboard.type("/спр")
    expect(page.get_by_test_id("command-ask")).to_contain_text("Спросить меня о чём угодно")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("command-name")).to_have_text("/спросить")
    page.keyboard.type("почему")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("использует /спросить")
    assert bot.received[-1]["locale"] == "ru"
    page.reload()
    expect(page.get_by_test_id("language")).to_have_value("ru")


def test_people_and_guilds_are_kept_apart(page: Page, person: Any, bot: ScriptedBot) -> None:
    person("vera").slash("dataset show")
    expect(last(page)).to_contain_text("No data sets yet.")
    page.get_by_test_id("person").select_option(label="Max")
    expect(page.get_by_test_id("role")).to_have_text("Member")
    expect(page.get_by_text("No data sets yet.")).to_have_count(0)
    expect(page.get_by_test_id("channel-staff")).to_have_count(0)
    page.get_by_test_id("composer").click()
    page.keyboard.type("/")
    expect(page.get_by_test_id("command-ask")).to_be_visible()
    expect(page.get_by_test_id("command-train")).to_have_count(0)
    person("max").say("only here")
    expect(last(page)).to_contain_text("only here")
    page.get_by_role("button", name="Книжный клуб").click()
    expect(page.get_by_test_id("channel-name")).to_have_text("общий")
    expect(page.get_by_text("only here")).to_have_count(0)


def test_untrusted_text_stays_text(page: Page, vera: Person, bot: ScriptedBot) -> None:
    evil = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
    bot.script["gallery"] = {
        "type": 4,
        "data": {
            "content": f"{evil} **{evil}** [x](javascript:alert(1)) `{evil}` ||{evil}||\n"
            f"```html\n{evil}\n```\n> {evil}\n# {evil}\n- {evil}",
            "embeds": [{"title": evil, "description": evil, "footer": {"text": evil}}],
        },
    }
    vera.say(f'{evil} <javascript:alert(1)> https://x.example/"onmouseover=alert(1)', (evil, b"x"))
    vera.slash("gallery")
    expect(last(page).get_by_test_id("embed")).to_contain_text("onerror")
    page.get_by_test_id("exchange-head").first.click()
    expect(page.get_by_test_id("part-response")).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], article script").count() == 0
    links = page.locator("article a").evaluate_all("found => found.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert page.locator("[onmouseover], [onerror]").count() == 0


def test_markdown_looks_like_discords(page: Page, vera: Person) -> None:
    vera.slash("gallery")
    text = last(page).get_by_test_id("text")
    for tag, words in {
        "h1": "Aurora",
        "strong": "Bold",
        "em": "italic",
        "u": "underlined",
        "s": "struck",
        "code.inline": "code",
        "blockquote": "quoted",
        "ul ul li": "nested",
        "pre": 'print("<b>not bold</b>")',
        "small": "small print",
    }.items():
        expect(text.locator(tag).first).to_have_text(words)
    spoiler = text.locator(".spoiler")
    expect(spoiler).not_to_have_class(re.compile("shown"))
    spoiler.click()
    expect(spoiler).to_have_class(re.compile("shown"))
    embed = gallery()["embeds"][0]
    expect(last(page).get_by_test_id("embed")).to_contain_text(embed["footer"]["text"])


def test_the_panel_shows_request_answer_calls_and_violations(
    page: Page, vera: Person, bot: ScriptedBot
) -> None:
    vera.answer_to(vera.slash("ask", question="x"))
    expect(page.get_by_test_id("violation-count")).to_have_text("No violations")
    page.get_by_test_id("exchange-head").first.click()
    request = page.get_by_test_id("part-request")
    expect(request).to_contain_text("X-Signature-Ed25519")
    expect(request).to_contain_text('"question"')
    expect(page.get_by_test_id("part-response")).to_contain_text('"type": 5')
    call = page.get_by_test_id("part-calls").get_by_test_id("call").last
    expect(call).to_contain_text("PATCH")
    expect(call).to_contain_text("200")
    bot.script["dataset"] = {"type": 4, "data": {"content": 5}}
    vera.slash("dataset show")
    expect(page.get_by_test_id("violation-count")).to_have_text(re.compile("Violations: "))
    expect(page.get_by_test_id("violation").first).to_contain_text("answer to dataset show")


def test_the_page_goes_on_after_a_restart_of_the_playground(
    running: Browser, tmp_path: Path
) -> None:
    with ExitStack() as pages:
        with Server(tmp_path, free_port()) as first:
            page = pages.enter_context(visit(running, first.address, lost=True))
            Person(first.address).say("before")
            expect(last(page)).to_contain_text("before")
        with Server(tmp_path, first.port) as second:
            Person(second.address).say("after")
            expect(last(page)).to_contain_text("after")


def test_what_is_said_while_a_channel_is_loaded_is_not_missed(page: Page, person: Any) -> None:
    there = person("max", channel="training")

    def load(route: Route) -> None:
        before = route.fetch()
        there.say("just now")
        expect(page.get_by_text("just now")).to_be_visible()
        route.fulfill(response=before)

    page.route(re.compile("/messages"), load)
    page.get_by_test_id("channel-training").click()
    expect(page.get_by_test_id("channel-name")).to_have_text("training")
    expect(last(page)).to_contain_text("just now")


def test_a_phone_shows_one_thing_at_a_time(
    running: Browser, server: Server, bot: ScriptedBot
) -> None:
    with visit(running, server.address, NARROW) as page:
        Person(server.address).slash("gallery")
        expect(last(page)).to_contain_text("Aurora")
        expect(page.get_by_test_id("channel-training")).not_to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        page.get_by_test_id("burger").click()
        page.get_by_test_id("channel-training").click()
        expect(page.get_by_test_id("channel-name")).to_have_text("training")
        expect(page.get_by_test_id("channel-general")).not_to_be_visible()
        begin(page, "ask")
        page.keyboard.type("x")
        page.keyboard.press("Enter")
        expect(last(page)).to_contain_text("You asked: x")
        page.get_by_test_id("toggle-panel").click()
        expect(page.get_by_test_id("exchanges")).to_be_visible()
        page.get_by_test_id("panel-close").click()
        expect(page.get_by_test_id("exchanges")).not_to_be_visible()
