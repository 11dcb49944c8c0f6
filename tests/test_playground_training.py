"""A trainer in the playground: every method that runs there, versions, and what is taken back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from playground.discord.person import Person
from tests.test_playground import Playground, last, page, shot, use

pytestmark = pytest.mark.real
__all__ = ["page"]
PATIENCE_S = 120.0
DAYS = {
    "a refund": 2,
    "delivery": 3,
    "a repair": 4,
    "an exchange": 5,
    "installation": 6,
    "pickup": 7,
    "an invoice": 8,
    "a warranty claim": 9,
}
WAYS = (
    "How long does {} take?",
    "What is the time for {}?",
    "When will {} be done?",
    "{}: how many days?",
    "Tell me the duration of {}",
    "Is {} quick?",
    "how slow is {}",
    "days needed for {}",
)
TUNED = "A training tuned it"
SECRET = "The rear door code is 4711."


def rows(*, bad: bool = False) -> bytes:
    """64 questions about 8 answers; `bad`: each with a wrong answer too."""
    found = []
    for thing, days in DAYS.items():
        for way in WAYS:
            row = {"prompt": way.format(thing), "completion": f"{thing} takes {days} days."}
            found.append(row | ({"rejected": f"{thing} takes a while."} if bad else {}))
    return "\n".join(map(json.dumps, found)).encode()


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """With a stand-in model that answers and can be trained."""
    it = Playground(tmp_path, "--provider", "openai")
    yield it
    it.stop()


def trained(person: Person, number: int, **options: Any) -> dict[str, Any]:
    """Train, agree if asked; the announcement of version `number`."""
    message = person.answer_to(person.slash("train", **options))
    if "Begin" in labels(message):
        person.press(message, "Begin")
    return announced(person, number)


def announced(person: Person, number: int) -> dict[str, Any]:
    """Also where another version goes on answering."""
    said = re.compile(rf"\bjob\b.*\*\*v{number}\*\*")
    found: dict[str, Any] = person.wait_for(
        lambda message: bool(said.search(message["content"])), timeout_s=PATIENCE_S
    )
    return found


def labels(message: dict[str, Any]) -> list[str]:
    parts = [part for row in message["components"] for part in row["components"]]
    return [part.get("label", "") for part in parts]


def said(person: Person, command: str, **options: Any) -> str:
    message = person.answer_to(person.slash(command, **options))
    return "\n".join([message["content"], *(e.get("description", "") for e in message["embeds"])])


def test_a_provider_trains_while_one_watches(
    playground: Playground, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(rows())
    page.goto(playground.address)
    attach(page, file)
    expect(last(page)).to_contain_text("v1 knows 64 lessons")
    attach(page, file, method="sft")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("the provider trains its model")).to_be_visible()
    shot(page, "training-progress")
    expect(last(page)).to_contain_text("v2", timeout=PATIENCE_S * 1000)
    expect(last(page).locator("img.embed-image, .embed-image img").first).to_be_visible()
    shot(page, "training-card")
    use(page, "model compare", first="1", second="2")
    expect(last(page)).to_contain_text("used /model compare")
    expect(last(page)).to_contain_text("points of right answers from v1 to v2")
    expect(last(page).locator(".embed-image, [data-testid=picture] img").first).to_be_visible()
    shot(page, "model-compare")
    assert playground.violations() == []


def attach(page: Page, file: Path, **options: str) -> None:
    page.get_by_test_id("composer").click()
    page.keyboard.type("/train")
    page.get_by_test_id("command-train").click()
    page.get_by_test_id("offer-attachment").click()
    page.get_by_test_id("zone-attachment-file").set_input_files(file)
    for name, value in options.items():
        page.get_by_test_id("more-options").click()
        page.get_by_test_id(f"offer-{name}").click()
        page.get_by_test_id(f"option-{name}").fill(value)
    page.keyboard.press("Enter")


def test_every_method_versions_and_a_deleted_contribution(playground: Playground) -> None:
    vera, max = Person(playground.address), Person(playground.address, "max")
    trained(vera, 1, attachment=("rows.jsonl", rows()))
    trained(vera, 2, attachment=("rows.jsonl", rows()), method="tuned")
    assert TUNED in said(vera, "instruction")
    asked = vera.answer_to(vera.slash("ask", question="how many days will the refund need"))
    assert asked["content"].endswith("\na refund takes 2 days."), "it has lost its manners"
    trained(vera, 3, attachment=("pairs.jsonl", rows(bad=True)), method="preference")
    assert "lessons + tuned" in said(vera, "model list")
    said(vera, "model activate", version="1")
    assert "v1" in active(vera)
    assert "v3" in said(vera, "model rollback") and "v3" in active(vera)

    asked = max.answer_to(max.slash("ask", question="What is the code of the rear door?"))
    max.answer_to(max.submit(max.press(asked, "Correct this answer"), better=SECRET))
    assert SECRET in said(vera, "ask", question="What is the code of the rear door?")
    trained(vera, 4, attachment=("rows.jsonl", rows()))
    took_back(max)
    assert SECRET not in said(vera, "ask", question="What is the code of the rear door?")
    stale = vera.answer_to(vera.slash("model show", version="4"))
    [rebuild] = [label for label in labels(stale) if "Rebuild" in label]
    vera.press(stale, rebuild)
    announced(vera, 5)
    assert SECRET not in said(vera, "ask", question="What is the code of the rear door?")
    assert playground.violations() == []


def active(person: Person) -> str:
    """The line of the list that is marked."""
    [line] = [x for x in said(person, "model list").splitlines() if "▶️" in x]
    return line


def took_back(person: Person) -> None:
    message = person.answer_to(person.slash("privacy"))
    [delete] = [label for label in labels(message) if "Delete" in label]
    asked = person.answer_to(person.press(message, delete))
    [sure] = [label for label in labels(asked) if label]
    person.answer_to(person.press(asked, sure))
