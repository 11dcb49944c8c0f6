"""Addresses at which anybody may download a file, for a while."""

import stat
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from protege.storage import Files
from protege.storage.aws import S3Files, client
from protege.storage.embedded import FolderFiles, Links
from protege.storage.naming import attachment
from tests.storage.conftest import Aws, Clock

KEY, NAME = "guilds/1/ж +?#%/данные.zip", "мои данные.zip"


def test_a_link_names_its_file_and_dies(files: Files) -> None:
    files.write(KEY, b"1")
    for seconds in (-1, 8 * 24 * 3600):
        with pytest.raises(ValueError):
            files.link(KEY, seconds=seconds, name=NAME)
    assert unquote(urlsplit(files.link(KEY, seconds=60, name=NAME)).path).endswith(KEY)


@pytest.mark.real
def test_a_pre_signed_link_downloads_under_its_name(aws: Aws, bucket: str) -> None:
    files = S3Files(bucket, aws.s3)
    files.write("a b/ы", b"content")
    url = files.link("a b/ы", seconds=60, name=NAME)
    path_style = url.replace(f"//{bucket}.localhost", "//127.0.0.1")
    with urllib.request.urlopen(path_style) as answer:
        assert answer.read() == b"content"
        assert answer.headers["Content-Disposition"] == attachment(NAME)


@pytest.mark.real
def test_a_pre_signed_link_leads_to_the_region_of_the_bucket(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    s3 = client("s3")
    parts = urlsplit(S3Files("some-bucket", s3).link("a/b", seconds=900, name="b"))
    s3.close()
    assert parts.netloc == "some-bucket.s3.eu-west-1.amazonaws.com"
    query = parse_qs(parts.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["900"]


def fields(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {"key": unquote(parts.path).removeprefix("/files/"), **query}


def test_a_link_of_ours_is_good_until_its_time_is_out(tmp_path: Path, clock: Clock) -> None:
    links = Links(tmp_path / "key", "https://bot.example/", clock)
    url = FolderFiles(tmp_path / "files", links).link(KEY, seconds=60, name=NAME)
    assert url.startswith("https://bot.example/files/guilds/1/")
    asked = fields(url)
    assert links.good(**asked)
    clock.time += 61
    assert not links.good(**asked)


def test_no_part_of_a_link_can_be_changed(tmp_path: Path, clock: Clock) -> None:
    links = Links(tmp_path / "key", "", clock)
    asked = fields(links.make("a/b", seconds=60, name="name"))
    later = str(int(asked["until"]) + 1)
    for forged in (
        {"key": "a/c"},
        {"key": "a/b/../c"},
        {"name": "other"},
        {"until": later},
        {"until": ""},
        {"until": "x"},
        {"sig": ""},
        {"sig": "ы" * 64},
        {"sig": asked["sig"].upper()},
        {"key": "a/bn", "name": "ame"},
        {"key": "\ud800"},
    ):
        assert not links.good(**{**asked, **forged}), forged
    assert not Links(tmp_path / "other", "", clock).good(**asked)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, clock: Clock) -> None:
    secret = tmp_path / "new" / "links.key"
    asked = fields(Links(secret, "", clock).make("a", seconds=60, name="a"))
    assert Links(secret, "", clock).good(**asked)
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_bytes()) == 32
    assert [path.name for path in secret.parent.iterdir()] == ["links.key"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.zip", "attachment; filename=\"a.zip\"; filename*=UTF-8''a.zip"),
        (
            "../../etc/passwd",
            "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd",
        ),
        ('a"b;c\r\nX: y', "attachment; filename=\"a_b;c__X_ y\"; filename*=UTF-8''a_b%3Bc__X_%20y"),
        ("ж.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%D0%B6.txt"),
        ("50%41", "attachment; filename=\"50_41\"; filename*=UTF-8''50%2541"),
        (" . ", "attachment; filename=\"file\"; filename*=UTF-8''file"),
        ("x" * 500, f"attachment; filename=\"{'x' * 150}\"; filename*=UTF-8''{'x' * 150}"),
    ],
)
def test_a_download_is_named_safely(name: str, header: str) -> None:
    assert attachment(name) == header
