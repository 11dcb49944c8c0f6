"""A curator in the playground: a messy file, its report, its rejects, archive, delete and undo."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.test_playground import Playground, last, page, playground, shot, use

pytestmark = pytest.mark.real
__all__ = ["page", "playground"]
MESSY = (
    "\ufeffвопрос;ответ\r\n"
    '"Сколько стоит ""Премиум""?";"Премиум стоит 500 рублей;\r\nв год — 5000."\r\n'
    "Как отменить подписку?;Откройте «Счёт» и нажмите «Отменить».\r\n"
    "Где мой заказ?;\r\n"
    ";ответ без вопроса\r\n"
    "Как отменить подписку?;Откройте «Счёт» и нажмите «Отменить».\r\n"
    "Куда писать?;Пишите на help@example.com\r\n"
)


def attach(page: Page, path: Path, folder: str) -> None:
    page.get_by_test_id("composer").click()
    page.keyboard.type("/train")
    page.get_by_test_id("command-train").click()
    page.get_by_test_id("offer-attachment").click()
    page.get_by_test_id("zone-attachment-file").set_input_files(path)
    page.get_by_test_id("more-options").click()
    page.get_by_test_id("offer-data_dir").click()
    page.get_by_test_id("option-data_dir").fill(folder)
    page.keyboard.press("Enter")


def download(page: Page, name: str) -> bytes:
    """What a person gets who presses the last link of that name."""
    link = page.get_by_role("link", name=name).last
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def test_a_messy_file_is_understood_mended_trained_archived_deleted_and_brought_back(
    playground: Playground, page: Page, tmp_path: Path
) -> None:
    messy = tmp_path / "вопросы.csv"
    messy.write_bytes(MESSY.encode())
    page.goto(playground.address)
    attach(page, messy, "faq")
    expect(last(page)).to_contain_text("knows 3 lessons")
    shot(page, "data-report")
    rejects = download(page, "rejected_rows.csv")
    assert "Где мой заказ?" in rejects.decode()
    use(page, "ask", question="сколько стоит премиум")
    expect(last(page)).to_contain_text("в год — 5000.")
    use(page, "archive", directory="datasets/faq")
    expect(last(page)).to_contain_text(".zip")
    packed = zipfile.ZipFile(io.BytesIO(download(page, "faq.zip")))
    [name] = packed.namelist()
    assert packed.read(name) == MESSY.encode()
    use(page, "dataset delete", path="faq")
    expect(last(page)).to_contain_text("is deleted")
    last(page).get_by_role("button", name="Undo").click()
    expect(last(page)).to_contain_text("is back")
    use(page, "dataset show", path="faq")
    expect(last(page)).to_contain_text("3")
    shot(page, "data-show")
    assert playground.violations() == []
