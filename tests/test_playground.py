"""The playground with the real bot, driven in a real browser as a person would."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from playground.discord.person import Person
from tests.playground.browser import PATIENCE_MS, browser
from tests.test_server import until

pytestmark = pytest.mark.real
ARTEFACTS = Path(__file__).parent.parent / "artefacts"
CITIES = """
Berlin, Oslo, Lima, Cairo, Delhi, Tokyo, Quito, Paris, Rome, Accra, Hanoi, Minsk, Sofia, Riga, Doha,
Kyiv, Baku, Bern, Lyon, Nice
"""
THINGS = """
delivery, a return, an exchange, a repair, a refund, installation, pickup, a warranty claim,
an invoice, a catalogue
"""


def faq() -> list[tuple[str, str]]:
    """200 questions, each with an answer of its own."""
    things, cities = (re.split(r",\s+", names.strip()) for names in (THINGS, CITIES))
    pairs = enumerate(((thing, city) for thing in things for city in cities), 1)
    return [
        (f"How long does {thing} take in {city}?", f"In {city}, {thing} takes {n} days.")
        for n, (thing, city) in pairs
    ]


class Playground:
    """`make run`'s process, on a folder of its own."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "playground", "--port", "0", "--data", str(folder)]
        self._command = [*command, *more]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.address = found[0]
                break
        until(lambda: len(Person(self.address).commands()) >= 8, self.process)  # type: ignore[arg-type]
        Person(self.address).arrange("clock", limit_s=60)  # a loaded machine is no slow bot

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(120) == 0
        assert self.process.stdout
        self.process.stdout.close()

    def violations(self) -> list[Any]:
        with urllib.request.urlopen(f"{self.address}/playground/violations") as answer:
            found: list[Any] = json.load(answer)
        return found


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    it = Playground(tmp_path)
    yield it
    it.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    with browser() as running:
        it = running.new_page(viewport={"width": 1280, "height": 800})
        it.set_default_timeout(PATIENCE_MS)
        yield it


def use(page: Page, command: str, **options: str) -> None:
    """Type a command, fill in its options, send it."""
    page.get_by_test_id("composer").click()
    page.keyboard.type(f"/{command}")
    page.get_by_test_id(f"command-{command.replace(' ', '-')}").click()
    for name, value in options.items():
        offer = page.get_by_test_id(f"offer-{name}")
        if offer.count():
            offer.click()
        page.get_by_test_id(f"option-{name}").fill(value)
    page.keyboard.press("Enter")


def last(page: Page) -> Any:
    """The latest message."""
    return page.get_by_test_id("message").last


def shot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))


def test_ask_correct_ask(playground: Playground, page: Page) -> None:
    page.goto(playground.address)
    page.get_by_test_id("composer").click()
    page.keyboard.type("/ask")
    page.keyboard.press("Enter")
    page.keyboard.type("When does the dome open on Sundays?")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("When does the dome open on Sundays?")
    expect(last(page)).to_contain_text("I have not been taught that yet")
    last(page).get_by_role("button", name="Correct this answer").click()
    expect(page.get_by_test_id("form-title")).to_have_text("Correct this answer")
    box = page.get_by_test_id("input-better")
    assert box.input_value() == "", "there is no old answer that is worth mending"
    box.fill("On **Sundays** the dome opens at noon.")
    page.get_by_test_id("form-submit").click()
    expect(last(page)).to_contain_text("Thank you!")
    expect(last(page)).to_contain_text("Only you can see this")
    use(page, "ask", question="when does the dome open on sundays")
    expect(last(page)).to_contain_text("On Sundays the dome opens at noon.")
    expect(last(page).locator("strong")).to_have_text("Sundays")
    page.get_by_test_id("exchange-head").first.click()
    expect(page.get_by_test_id("hop").first).to_contain_text("done", ignore_case=True)
    shot(page, "ask-correct-ask")
    assert playground.violations() == []


def test_upload_train_ask_test_and_still_know_it_after_a_restart(
    playground: Playground, page: Page, tmp_path: Path
) -> None:
    rows = tmp_path / "faq.jsonl"
    rows.write_text("".join(json.dumps({"prompt": q, "completion": a}) + "\n" for q, a in faq()))
    page.goto(playground.address)
    page.get_by_test_id("composer").click()
    page.keyboard.type("/train")
    page.get_by_test_id("command-train").click()
    page.get_by_test_id("offer-attachment").click()
    page.get_by_test_id("zone-attachment-file").set_input_files(rows)
    page.keyboard.press("Enter")
    expect(page.get_by_text("200 rows")).to_be_visible()
    expect(last(page)).to_contain_text("knows 200 lessons")
    use(page, "ask", question="In Tokyo, how many days for a refund?")
    expect(last(page)).to_contain_text("In Tokyo, a refund takes")
    held_out = [{"input": f"{q[:-1]}, please?", "expected": a} for q, a in faq()[::40]]
    use(page, "test", test_data=json.dumps(held_out))
    expect(last(page)).to_contain_text("exactly right")
    shot(page, "upload-train-ask")
    assert playground.violations() == []
    playground.stop()
    playground.start()
    page.goto(playground.address)
    use(page, "ask", question="how long is delivery in Oslo?")
    expect(last(page)).to_contain_text("In Oslo, delivery takes 2 days.")
    assert playground.violations() == []


def test_the_page_and_the_bot_speak_russian(playground: Playground, page: Page) -> None:
    page.goto(playground.address)
    page.get_by_test_id("language").select_option("ru")
    page.get_by_test_id("composer").click()
    page.keyboard.type("/")
    offered = page.get_by_test_id("command-train")
    expect(offered).to_contain_text("Обучить меня по файлу, тексту или папке")
    shot(page, "picker-russian")
    page.keyboard.press("Escape")
    page.get_by_test_id("composer").fill("")
    use(page, "ask", question="Где находится телескоп?")
    expect(last(page)).to_contain_text("Этому меня ещё не учили")
    shot(page, "russian")
