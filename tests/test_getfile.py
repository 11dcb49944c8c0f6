"""/getfile: one of the guild's own files, and no other."""

import pytest
from werkzeug.test import Client

from protege.app import App
from protege.server.endpoint import endpoint
from tests.person import Person

PATHS = {
    "datasets/faq/june.csv": b"question,answer\n",
    "datasets/faq/июль.csv": b"hello",
    "archives/faq.zip": b"PK",
    "readme.txt": b"read me",
}


@pytest.fixture(autouse=True)
def kept(app: App) -> None:
    for path, body in PATHS.items():
        app.files.write(f"guilds/77/{path}", body)
    app.files.write("guilds/77/jobs/1/course.json", b"inner works")
    app.files.write("guilds/78/secret.csv", b"another guild's")
    app.files.write("guilds/778/secret.csv", b"another guild's")
    app.files.write("outbox/1.json", b"another person's")


def offered(ada: Person, typed: str) -> list[str]:
    return [choice["value"] for choice in ada.suggestions("getfile", "file_path", typed)]


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_fits_is_attached(ada: Person, path: str) -> None:
    response = ada.slash("getfile", file_path=path)
    assert response == {"type": 5, "data": {"flags": 64}}, "for nobody else"
    [(name, body)] = ada.discord.calls[-1].files.items()
    assert (name, body) == (path.rpartition("/")[2], PATHS[path])
    assert path in ada.sees


def test_a_larger_one_comes_as_a_link_for_fifteen_minutes(ada: Person, app: App) -> None:
    path = "datasets/faq/июль.csv"
    ada.act(ada.command("getfile", file_path=path) | {"attachment_size_limit": 4})
    last = ada.discord.calls[-1]
    text = last.body["embeds"][0]["description"]
    assert last.files == {} and "15 minutes" in text
    url = text.partition("](http://127.0.0.1:8080")[2].partition(")")[0]
    web = Client(endpoint(app))
    answer = web.get(url)
    assert (answer.status_code, answer.data) == (200, b"hello")
    assert "filename*=UTF-8''%D0%B8%D1%8E%D0%BB%D1%8C.csv" in answer.headers["Content-Disposition"]
    now = app.now()
    app.links._now = lambda: now + 14 * 60
    assert web.get(url).status_code == 200
    app.links._now = lambda: now + 16 * 60
    assert web.get(url).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "secret.csv",
        "../78/secret.csv",
        "datasets/../../78/secret.csv",
        "guilds/78/secret.csv",
        "/guilds/78/secret.csv",
        "8/secret.csv",
        "..\\78\\secret.csv",
        "．．/78/secret.csv",
        "‥/78/secret.csv",
        "..∕78∕secret.csv",
        "%2e%2e/78/secret.csv",
        "../../links.key",
        "../../outbox/1.json",
        "datasets/faq",
        "datasets/faq/",
        "datasets",
        "datasets/faq/june",
        "readme.txt\0",
        "read\u200bme.txt",
        "readme.txt/",
        "./readme.txt",
        "",
        " ",
        "ж" * 1000,
        "a/" * 400,
    ],
)
def test_nothing_else_is_handed_out(ada: Person, path: str) -> None:
    ada.slash("getfile", file_path=path)
    assert ada.discord.calls[-1].files == {} and not ada.discord.calls[-1].body["embeds"]
    assert "went wrong" not in ada.sees and "http" not in ada.sees


def test_files_of_the_guild_are_suggested(ada: Person) -> None:
    assert offered(ada, "") == [*sorted(PATHS), "archives/", "datasets/", "datasets/faq/"]
    assert offered(ada, "JUNE") == ["datasets/faq/june.csv"]
    assert offered(ada, "datasets/faq/") == [
        "datasets/faq/june.csv",
        "datasets/faq/июль.csv",
        "datasets/faq/",
    ]
    assert offered(ada, "datasets/faq/ju") == ["datasets/faq/june.csv"]


@pytest.mark.parametrize("typed", ["secret", "8/", "../78/", "/", "outbox", "course", "78", "\\"])
def test_nothing_of_anybody_else_is_suggested(ada: Person, typed: str) -> None:
    assert offered(ada, typed) == []


def test_many_files_are_suggested_by_what_is_typed(ada: Person, app: App) -> None:
    for number in range(150):
        app.files.write(f"guilds/77/many/{number:03d}.csv", b"")
    assert len(offered(ada, "")) == 25
    assert offered(ada, "many/149") == ["many/149.csv"]


def test_a_private_chat_has_files_of_its_own(ada: Person, app: App) -> None:
    app.files.write("guilds/dm-42/mine.txt", b"mine")
    ada.guild = ""
    ada.slash("getfile", file_path="readme.txt")
    assert ada.discord.calls[-1].files == {}
    assert offered(ada, "") == ["mine.txt"]
    ada.slash("getfile", file_path="mine.txt")
    assert ada.discord.calls[-1].files == {"mine.txt": b"mine"}
