"""The tools that check the stack would find faults; an exception has a reason and is needed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tools.stack import Accepted, Finding, accepted, objections
from tools.stack.asking import cfn_lint
from tools.stack.checkov import checkov
from tools.translate import TEMPLATE, translated, unconditional

REASON = "Somebody thought about it for a while."
FOUND = Finding("checkov", "CKV_1", "Bucket", "it is open")


def said(*may: Accepted, found: tuple[Finding, ...] = (FOUND,)) -> str:
    return "\n".join(objections("checkov", found, may))


def test_a_finding_is_an_objection_until_it_is_accepted() -> None:
    assert "CKV_1 Bucket: it is open" in said()
    assert said(Accepted("checkov", "CKV_1", ("Bucket",), REASON)) == ""


def test_what_is_accepted_in_one_place_is_not_in_another() -> None:
    other = FOUND._replace(resource="Other")
    told = said(Accepted("checkov", "CKV_1", ("Bucket",), REASON), found=(FOUND, other))
    assert told == "CKV_1 Other: it is open"
    elsewhere = said(Accepted("cfn-lint", "CKV_1", ("Bucket",), REASON))
    assert elsewhere == "CKV_1 Bucket: it is open"


def test_an_exception_that_is_no_longer_needed_is_an_objection() -> None:
    assert "any more" in said(Accepted("checkov", "CKV_1", ("Bucket",), REASON), found=())


@pytest.mark.parametrize("reason", ["", "   ", "why not", " " * 40])
def test_an_exception_without_a_reason_is_an_objection(reason: str) -> None:
    assert "without a reason" in said(Accepted("checkov", "CKV_1", ("Bucket",), reason))


def test_exceptions_name_tools_that_are_asked() -> None:
    found = accepted()
    assert {one.tool for one in found} <= {"checkov", "cfn-lint", "cfn-lint-serverless"}
    assert len({(one.tool, one.rule) for one in found}) == len(found)


def test_the_one_exception_in_the_template_itself_is_needed(written: dict[str, Any]) -> None:
    assert written["Metadata"]["cfn-lint"]["config"] == {"ignore_checks": ["W1100"]}
    assert "<<: " in TEMPLATE.read_text(), "of merge keys"


def test_checks_that_know_no_conditions_see_every_resource(resources: dict[str, Any]) -> None:
    whole = unconditional({"Resources": resources, "Conditions": {}, "Outputs": {}})
    assert set(whole["Resources"]) == set(resources)
    assert '"Fn::If"' not in json.dumps(whole) and "Conditions" not in whole


@pytest.mark.real
def test_faults_are_found_in_what_sam_makes_of_the_template(tmp_path: Path) -> None:
    stack = translated()
    found = stack["Resources"]
    found["Worker"]["Properties"]["Runtime"] = "python3.99"
    found["Bucket"]["Properties"].pop("PublicAccessBlockConfiguration")
    found["WorkerWork"]["Properties"]["FunctionResponseType"] = ["ReportBatchItemFailures"]
    found["Worker"]["Properties"]["TracingConfig"] = {"Mode": "PassThrough"}
    path = tmp_path / "translated.json"
    path.write_text(json.dumps(unconditional(stack), default=str))
    with ThreadPoolExecutor() as pool:
        linted, checked = pool.map(lambda ask: list(ask(path)), (cfn_lint, checkov))
    rules = {(one.tool, one.rule) for one in (*linted, *checked)}
    assert {
        ("cfn-lint", "E3030"),  # a runtime that does not exist
        ("cfn-lint", "E3002"),  # a property that does not exist
        ("cfn-lint-serverless", "WS1000"),  # no traces
        ("checkov", "CKV_AWS_53"),  # a public bucket
    } <= rules, rules
