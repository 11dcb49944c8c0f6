"""Files that only serve for a while have an end, and nothing else has one."""

from collections.abc import Iterator
from typing import Any

import pytest

from protege.storage.aws import S3Files
from tests.stack.reading import of_type
from tools.cloud import Cloud, cloud

pytestmark = pytest.mark.real
PASSING = ("exports/1-a.csv", "archives/a.zip", "tests/1/rows-0.jsonl", "voice/7/1.ogg")
KEPT = ("datasets/sheet/a.jsonl", "models/v1/manifest.json", "versions/ab/rows.jsonl", "jobs/1/x")


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as found:
        yield found


@pytest.fixture(scope="module")
def files(aws: Cloud) -> S3Files:
    return S3Files("bucket", aws.client("s3"))


@pytest.fixture(scope="module")
def rules(resources: dict[str, Any]) -> dict[str, Any]:
    """Lifecycle rules by the tag that they look for."""
    [bucket] = of_type(resources, "AWS::S3::Bucket").values()
    found = bucket["LifecycleConfiguration"]["Rules"]
    return {rule["TagFilters"][0]["Value"]: rule for rule in found if "TagFilters" in rule}


def tags(aws: Cloud, key: str) -> list[dict[str, str]]:
    found = aws.client("s3").get_object_tagging(Bucket="bucket", Key=key)["TagSet"]
    return list(found)


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("parts", [False, True], ids=["at once", "in parts"])
def test_what_serves_for_a_while_bears_the_tag_of_its_rule(
    name: str, parts: bool, files: S3Files, aws: Cloud, rules: dict[str, Any]
) -> None:
    key = f"guilds/1/{name}"
    write(files, key, parts)
    [tag] = tags(aws, key)
    rule = rules[tag["Value"]]
    assert rule["TagFilters"] == [tag] and rule["Status"] == "Enabled"
    assert tag["Value"] == name.split("/")[0]
    assert rule["ExpirationInDays"] and rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 1


@pytest.mark.parametrize("name", KEPT)
def test_what_was_taught_has_no_end(name: str, files: S3Files, aws: Cloud) -> None:
    write(files, f"guilds/1/{name}", False)
    assert tags(aws, f"guilds/1/{name}") == []


def write(files: S3Files, key: str, parts: bool) -> None:
    if not parts:
        files.write(key, b"content")
        return
    upload = files.begin(key)
    files.finish(key, upload, [files.put_part(key, upload, 1, b"content")])


def test_rules_without_a_tag_delete_nothing_that_was_taught(resources: dict[str, Any]) -> None:
    [bucket] = of_type(resources, "AWS::S3::Bucket").values()
    for rule in bucket["LifecycleConfiguration"]["Rules"]:
        if "ExpirationInDays" in rule:
            assert "TagFilters" in rule or rule["Prefix"] == "outbox/"
